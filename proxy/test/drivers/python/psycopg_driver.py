"""What users of psycopg 3 do, printed so that two servers can be compared. The only argument is the URL."""

import logging
import asyncio
import decimal
import sys
import threading

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, namedtuple_row
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.enum import EnumInfo, register_enum
from psycopg.types.json import Jsonb

# Whether it warns of an aborted pipeline depends on how fast the answers come.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)

url = sys.argv[1]


def failure(connection, text, values=None):
    try:
        connection.execute(text, values)
        return "none"
    except psycopg.Error as error:
        said = error.diag
        return (said.sqlstate, said.message_primary, said.message_detail, said.message_hint, said.statement_position, said.constraint_name)


with psycopg.connect(url, autocommit=True) as connection:
    notices = []
    connection.add_notice_handler(lambda said: notices.append((said.severity, said.message_primary, said.message_detail)))
    for row in connection.execute("SELECT * FROM customers ORDER BY id"):
        print(row)
    for binary in (False, True):
        cursor = connection.cursor(binary=binary, row_factory=dict_row)
        for number in range(7):  # from the sixth on it is prepared
            cursor.execute("SELECT id, total, placed_at, status FROM orders WHERE id > %s AND total >= %s ORDER BY id", (number, decimal.Decimal("1.5")))
            print(binary, cursor.fetchall(), [column.type_code for column in cursor.description][:3])
    print(connection.execute("SELECT %s, %s, %s, %s, %s", ("é", [1, None, 3], Jsonb({"a": [1]}), b"\x00\xff", True)).fetchone())
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO api_keys VALUES (%s, %s) RETURNING id", [(n, f"psycopg {n}") for n in range(1000, 1200)], returning=True)
        print(cursor.rowcount, cursor.fetchone(), cursor.nextset(), cursor.fetchone())
        with cursor.copy("COPY api_keys FROM STDIN") as copy:
            for number in range(1300, 1500):
                copy.write_row((number, f"copied\t{number}"))
        print("copied", cursor.rowcount)
        with cursor.copy("COPY api_keys (id, secret) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", "text"])
            for number in range(1500, 1600):
                copy.write_row((number, "é"))
        with cursor.copy("COPY (SELECT id, secret FROM api_keys WHERE id BETWEEN 1300 AND 1302 ORDER BY id) TO STDOUT") as copy:
            print([bytes(part) for part in copy])
        with cursor.copy("COPY (SELECT id, secret FROM api_keys WHERE id BETWEEN 1500 AND 1502 ORDER BY id) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types(["int4", "text"])
            print(list(copy.rows()))
        try:
            with cursor.copy("COPY api_keys FROM STDIN") as copy:
                copy.write("1700\tx\n")
                raise ZeroDivisionError
        except ZeroDivisionError:
            print("copy left", connection.info.transaction_status.name)
        try:
            with cursor.copy("COPY api_keys FROM STDIN") as copy:
                copy.write("bad\tx\n")
        except psycopg.Error as error:
            print(error.diag.sqlstate, error.diag.context)
    with connection.transaction():
        with connection.cursor(name="server side", row_factory=namedtuple_row) as cursor:
            cursor.itersize = 70
            cursor.execute("SELECT id, secret FROM api_keys WHERE id >= %s ORDER BY id", (1000,))
            print("server side", sum(row.id for row in cursor))
        with connection.cursor(name="scrolling", scrollable=True) as cursor:
            cursor.execute("SELECT n FROM generate_series(1, 20) n")
            cursor.scroll(5)
            print(cursor.fetchone(), cursor.fetchmany(2))
            cursor.scroll(-3)
            print(cursor.fetchone())
    print(connection.execute("DELETE FROM api_keys WHERE id >= 1000").rowcount)
    with connection.pipeline() as pipeline:
        first = connection.execute("SELECT 1")
        second = connection.execute("INSERT INTO api_keys VALUES (1800, 'piped') RETURNING id")
        pipeline.sync()
        print(first.fetchone(), second.fetchone())
    try:
        with connection.pipeline():
            connection.execute("SELECT 1/0")
            connection.execute("SELECT 2")
    except psycopg.Error as error:
        print("pipeline", error.diag.sqlstate)
    try:
        with connection.transaction():
            connection.execute("DELETE FROM api_keys WHERE id = 1800")
            try:
                with connection.transaction():
                    connection.execute("SELECT nosuch")
            except psycopg.Error as error:
                print("inner", error.diag.sqlstate)
            raise psycopg.Rollback
    except psycopg.Rollback:
        pass
    print(connection.execute("DELETE FROM api_keys WHERE id = 1800").rowcount)
    for text in ("SELEC 1", "SELECT 'é', nosuch", "SELECT * FROM nosuch", "SELECT fail('x')", "INSERT INTO customers (id, name) VALUES (1, 'x')", "SELECT 1/0"):
        print("error", failure(connection, text))
    connection.execute("SELECT shout('psycopg')")
    print(notices)
    for row in connection.execute(sql.SQL("SELECT {} FROM {} ORDER BY 1").format(sql.Identifier("name"), sql.Identifier("public", "customers"))):
        print(row)
    register_composite(CompositeInfo.fetch(connection, "address"), connection)
    register_enum(EnumInfo.fetch(connection, "order_status"), connection)
    print(connection.execute("SELECT home, 'paid'::order_status FROM customers WHERE id = 1").fetchone())
    print(psycopg.types.TypeInfo.fetch(connection, "int4range").name)
    connection.execute("LISTEN snakes")
    connection.execute("NOTIFY snakes, 'hello'")
    for note in list(connection.notifies(timeout=5, stop_after=1)):
        print("notified", note.channel, note.payload)
    print(connection.execute("SELECT pg_backend_pid()").fetchone()[0] == note.pid)
    threading.Timer(0.2, connection.cancel).start()
    print("cancelled", failure(connection, "SELECT count(*) FROM generate_series(1, 200000000)")[0])
    print(connection.info.server_version // 10000, connection.info.encoding, connection.info.parameter_status("TimeZone"))

with psycopg.connect(url) as connection:
    connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    connection.read_only = True
    print("read only", failure(connection, "DELETE FROM api_keys"))
    connection.rollback()
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute("SELECT %s, %s", ("it's", 5))
        print(cursor.fetchone())


async def asynchronous():
    async with await psycopg.AsyncConnection.connect(url, prepare_threshold=0) as connection:
        async with connection.cursor() as cursor:
            await cursor.execute("SELECT n, n::text FROM generate_series(1, 3) n")
            print([row async for row in cursor])
            async for row in cursor.stream("SELECT n FROM generate_series(1, 4) n"):
                print("streamed", row)


asyncio.run(asynchronous())

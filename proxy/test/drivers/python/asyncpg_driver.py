"""What users of asyncpg do, printed so that two servers can be compared. The only argument is the URL."""

import asyncio
import io
import ssl
import sys

import asyncpg


async def main():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    url = sys.argv[1].split("?")[0]
    connection = await asyncpg.connect(url, ssl=context)
    for row in await connection.fetch("SELECT * FROM customers WHERE id >= $1 ORDER BY id", 1):
        print(tuple(row))
    statement = await connection.prepare("SELECT id, total, status, placed_at FROM orders WHERE id = $1")
    print([parameter.name for parameter in statement.get_parameters()], [column.name + " " + column.type.name for column in statement.get_attributes()])
    print(await statement.fetchrow(1), await statement.fetchval(2, column=1), statement.get_statusmsg())
    print(await connection.execute("UPDATE customers SET name = name; SELECT 1"))
    await connection.executemany("INSERT INTO api_keys VALUES ($1, $2)", [(n, f"asyncpg {n}") for n in range(2000, 2500)])
    print(await connection.fetchval("SELECT count(*) FROM api_keys WHERE id >= 2000"))
    print(await connection.copy_records_to_table("api_keys", records=[(n, "copied") for n in range(2500, 2600)], columns=["id", "secret"]))
    print(await connection.copy_to_table("api_keys", source=io.BytesIO(b"2600,x\n2601,y\n"), format="csv"))
    out = io.BytesIO()
    print(await connection.copy_from_query("SELECT * FROM api_keys WHERE id BETWEEN $1 AND 2502 ORDER BY id", 2500, output=out), out.getvalue())
    out = io.BytesIO()
    print(await connection.copy_from_table("api_keys", output=out, format="binary"), len(out.getvalue()))
    try:
        await connection.copy_records_to_table("api_keys", records=[(1, "twice")])
    except asyncpg.PostgresError as error:
        print("copy", error.sqlstate, error.detail)
    async with connection.transaction():
        total = 0
        async for row in connection.cursor("SELECT id FROM api_keys WHERE id >= $1 ORDER BY id", 2000, prefetch=33):
            total += row["id"]
        print("cursor", total)
        cursor = await connection.cursor("SELECT n FROM generate_series(1, 50) n")
        await cursor.forward(10)
        print(await cursor.fetch(2), await cursor.fetchrow())
    print(await connection.execute("DELETE FROM api_keys WHERE id >= 2000"))
    try:
        async with connection.transaction(isolation="serializable", readonly=True):
            await connection.execute("DELETE FROM api_keys")
    except asyncpg.PostgresError as error:
        print("read only", error.sqlstate)
    async with connection.transaction():
        try:
            async with connection.transaction():
                await connection.fetch("SELECT 1/0")
        except asyncpg.PostgresError as error:
            print("inner", error.sqlstate)
        print(await connection.fetchval("SELECT 5"))
    for text in ("SELEC 1", "SELECT 'é', nosuch", "SELECT * FROM nosuch", "SELECT fail('x')", "INSERT INTO customers (id, name) VALUES (1, 'x')"):
        try:
            await connection.fetch(text)
        except asyncpg.PostgresError as error:
            print("error", error.sqlstate, str(error), error.detail, error.hint, error.position, error.constraint_name)
    print(await connection.fetchrow("SELECT $1::int[], $2::jsonb, $3::uuid, $4::interval, $5::order_status, $6::address", [1, None], '{"a": 1}', "00000000-0000-4000-8000-000000000001", __import__("datetime").timedelta(days=1), "paid", ("s", "c", "z")))
    print(await connection.fetch("SELECT * FROM unnest($1::int[], $2::text[])", [1, 2], ["a", "b"]))
    heard = asyncio.get_running_loop().create_future()
    await connection.add_listener("async", lambda _, pid, channel, payload: heard.set_result((channel, payload, pid == connection.get_server_pid())))
    await connection.execute("NOTIFY async, 'hello'")
    print("notified", (await asyncio.wait_for(heard, 5))[:2])
    warned = []
    connection.add_log_listener(lambda _, message: warned.append((message.severity, message.message)))
    await connection.execute("SELECT shout('asyncpg')")
    print(warned)
    try:
        await connection.fetch("SELECT count(*) FROM generate_series(1, 200000000)", timeout=0.3)
    except asyncio.TimeoutError:
        print("timed out", await connection.fetchval("SELECT 1"))
    await connection.reset()
    print(connection.get_settings().TimeZone, connection.get_server_version().major)
    await connection.close()
    pool = await asyncpg.create_pool(url, ssl=context, min_size=2, max_size=4)
    print(sorted(await asyncio.gather(*[pool.fetchval("SELECT $1::int", n) for n in range(20)])))
    await pool.close()


asyncio.run(main())

-- Transactions, cursors, prepared statements, settings, temporary objects, search paths, notifications.

BEGIN

INSERT INTO api_keys VALUES (3, 'x')

SAVEPOINT one

SELECT 1/0

SELECT 1

ROLLBACK TO SAVEPOINT one

RELEASE SAVEPOINT one

COMMIT

SELECT count(*) FROM api_keys

BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE

INSERT INTO api_keys VALUES (4, 'x')

COMMIT

START TRANSACTION READ WRITE

SELECT nosuch

SELECT 1

SELEC

COMMIT

BEGIN TRANSACTION

BEGIN

SAVEPOINT "Odd"

ROLLBACK TO "Odd"

ROLLBACK AND CHAIN

SELECT 1

ABORT

ROLLBACK

COMMIT

END

COMMIT AND CHAIN

BEGIN

SET TRANSACTION ISOLATION LEVEL REPEATABLE READ

SHOW transaction_isolation

SET CONSTRAINTS ALL DEFERRED

SET LOCAL work_mem = '1MB'

SHOW work_mem

ROLLBACK

SHOW work_mem

SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY

SHOW default_transaction_read_only

SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE

SET TRANSACTION READ ONLY

BEGIN

LOCK TABLE customers IN SHARE MODE NOWAIT

LOCK TABLE ONLY animals, api_keys

DECLARE c CURSOR FOR SELECT id, name FROM customers ORDER BY id

FETCH c

FETCH FORWARD 1 FROM c

MOVE c

FETCH ALL IN c

CLOSE c

DECLARE s SCROLL CURSOR FOR SELECT n FROM generate_series(1, 10) n

FETCH LAST FROM s

FETCH PRIOR FROM s

FETCH ABSOLUTE 3 FROM s

FETCH RELATIVE -1 FROM s

FETCH BACKWARD ALL FROM s

MOVE FORWARD 2 IN s

FETCH FIRST FROM s

FETCH 0 FROM s

FETCH FORWARD ALL FROM s

DECLARE b BINARY CURSOR FOR SELECT 1::int4, 'x'::text, now() > '2000-01-01'

FETCH b

DECLARE n NO SCROLL CURSOR WITHOUT HOLD FOR SELECT 1

FETCH BACKWARD 1 FROM n

ROLLBACK

BEGIN

DECLARE h CURSOR WITH HOLD FOR SELECT id FROM customers ORDER BY id

DECLARE u CURSOR FOR SELECT * FROM customers WHERE id = 2 FOR UPDATE

FETCH u

UPDATE customers SET name = 'current' WHERE CURRENT OF u

DELETE FROM orders WHERE CURRENT OF u

ROLLBACK

BEGIN

DECLARE h CURSOR WITH HOLD FOR SELECT id FROM customers ORDER BY id

COMMIT

FETCH 2 FROM h

FETCH 2 FROM h

CLOSE h

FETCH h

DECLARE h2 CURSOR WITH HOLD FOR SELECT 1

CLOSE ALL

FETCH h2

PREPARE p AS SELECT id, name FROM customers WHERE id = $1

EXECUTE p(1)

EXECUTE p('x')

EXECUTE p

EXECUTE p(1, 2)

PREPARE p AS SELECT 1

PREPARE q (int, text) AS INSERT INTO api_keys VALUES ($1, $2) RETURNING *

EXECUTE q(50, 'prepared')

EXPLAIN (COSTS OFF) EXECUTE p(2)

CREATE TABLE from_prepared AS EXECUTE p(2)

SELECT * FROM from_prepared

PREPARE noargs AS VALUES (1), (2)

EXECUTE noargs

PREPARE wrong (nosuch) AS SELECT 1

PREPARE upd AS UPDATE api_keys SET secret = $2 WHERE id = $1

EXECUTE upd(50, 'changed')

SELECT name, parameter_types FROM pg_prepared_statements ORDER BY name

DEALLOCATE q

EXECUTE q(1, 'x')

DEALLOCATE PREPARE p

DEALLOCATE ALL

PREPARE pathy AS SELECT * FROM customers ORDER BY 1 LIMIT 1

EXECUTE pathy

SET search_path = other, public

EXECUTE pathy

SELECT * FROM customers

SELECT current_schemas(false)

SHOW search_path

CREATE TABLE made_in_path (id int)

SELECT table_schema FROM information_schema.tables WHERE table_name = 'made_in_path'

DROP TABLE made_in_path

SELECT only_here.id FROM only_here

SET search_path TO 'nosuch', "Odd Schema"

SELECT count(*) FROM "Odd ""Table"""

SELECT * FROM customers

SET search_path = ''

SELECT * FROM customers

SELECT count(*) FROM public.customers

CREATE TABLE nowhere_to_go (id int)

SET search_path = pg_catalog, public

SELECT count(*) FROM customers

RESET search_path

EXECUTE pathy

BEGIN

SET LOCAL search_path = other

SELECT * FROM customers

COMMIT

SELECT count(*) FROM customers

BEGIN

SET search_path = other

ROLLBACK

SELECT count(*) FROM customers

SELECT set_config('search_path', 'other', false)

SELECT * FROM customers

SELECT pg_catalog.set_config('search_path', 'public', true), count(*) FROM public.customers

SELECT * FROM customers

RESET ALL

SHOW search_path

SET search_path = "$user", public

DEALLOCATE ALL

CREATE TEMP TABLE t (id int, name text)

INSERT INTO t VALUES (1, 'temp')

SELECT * FROM t

SELECT * FROM pg_temp.t

CREATE TEMP TABLE customers (only_temp int)

SELECT * FROM customers

INSERT INTO customers VALUES (1) RETURNING *

SELECT count(*) FROM public.customers

SET search_path = public, pg_temp

SELECT count(name) FROM customers

RESET search_path

DROP TABLE customers

SELECT count(name) FROM customers

CREATE TEMP TABLE gone (id int) ON COMMIT DROP

SELECT * FROM gone

BEGIN

CREATE LOCAL TEMPORARY TABLE gone (id int) ON COMMIT DELETE ROWS

INSERT INTO gone VALUES (1)

SELECT * FROM gone

COMMIT

SELECT * FROM gone

CREATE TEMP TABLE IF NOT EXISTS t (x int)

ALTER TABLE t ADD COLUMN more int DEFAULT 5

SELECT * FROM t

CREATE INDEX ON t (id)

TRUNCATE t

CREATE TEMP TABLE copy_of AS SELECT * FROM customers WHERE id < 3

SELECT id, name FROM copy_of ORDER BY id

CREATE FUNCTION pg_temp.mine(n int) RETURNS int LANGUAGE sql AS 'SELECT n + 1'

SELECT pg_temp.mine(1)

SELECT mine(1)

DISCARD TEMP

SELECT * FROM t

DISCARD PLANS

DISCARD SEQUENCES

DISCARD ALL

SET application_name = 'my app'

SHOW application_name

SET TimeZone = 'Europe/Vienna'

SELECT '2026-07-01 12:00+00'::timestamptz

SET TIME ZONE 'UTC'

SET TIME ZONE 2

SHOW TIME ZONE

SET TIME ZONE INTERVAL '+01:30' HOUR TO MINUTE

SET TIME ZONE LOCAL

SET TIME ZONE DEFAULT

SET DateStyle = 'German, DMY'

SELECT date '2026-12-31', '2026-12-31 10:00+00'::timestamptz

SET datestyle TO ISO, MDY

SET IntervalStyle = iso_8601

SELECT interval '1 day 2 hours'

RESET intervalstyle

SET bytea_output = 'escape'

SELECT '\x00ff41'::bytea

RESET bytea_output

SET extra_float_digits = 0

SELECT 0.1::float8 + 0.2::float8

SET extra_float_digits = 3

SELECT 0.1::float8 + 0.2::float8

SET client_encoding = 'UTF8'

SET NAMES 'UTF8'

SET standard_conforming_strings = on

SET client_min_messages = warning

DO $$ BEGIN RAISE NOTICE 'unseen'; END $$

DROP TABLE IF EXISTS nosuch

SET client_min_messages = error

DO $$ BEGIN RAISE WARNING 'unseen'; END $$

RESET client_min_messages

SET statement_timeout = '5s'

SHOW statement_timeout

SET statement_timeout = 50

SELECT pg_sleep(2)

SET statement_timeout = 0

SET lock_timeout = 100

SET idle_in_transaction_session_timeout = '1min'

SET SESSION enable_seqscan = off

EXPLAIN (COSTS OFF) SELECT * FROM customers WHERE id = 1

SET enable_seqscan TO DEFAULT

SELECT current_setting('work_mem'), current_setting('TimeZone'), current_setting('enable_seqscan', true)

SELECT set_config('work_mem', '2MB', false)

SHOW work_mem

RESET work_mem

RESET ALL

SHOW server_version_num

SHOW server_encoding

SHOW max_identifier_length

SHOW is_superuser

SHOW session_authorization

SHOW transaction_read_only

SHOW DateStyle

LISTEN jobs

NOTIFY jobs

NOTIFY jobs, 'payload é'

SELECT pg_notify('jobs', 'by function')

BEGIN

NOTIFY jobs, 'twice'

NOTIFY jobs, 'twice'

COMMIT

LISTEN "Odd Channel"

SELECT pg_listening_channels()

UNLISTEN jobs

NOTIFY jobs, 'unheard'

UNLISTEN *

BEGIN

INSERT INTO api_keys VALUES (70, 'two-phase')

PREPARE TRANSACTION 'tx one'

SELECT count(*) FROM api_keys WHERE id = 70

COMMIT PREPARED 'tx one'

SELECT count(*) FROM api_keys WHERE id = 70

BEGIN

DELETE FROM api_keys WHERE id = 70

PREPARE TRANSACTION 'tx two'

ROLLBACK PREPARED 'tx two'

ROLLBACK PREPARED 'tx two'

COMMIT PREPARED 'nosuch'

BEGIN ISOLATION LEVEL REPEATABLE READ

SET TRANSACTION SNAPSHOT '00000003-0000001B-1'

ROLLBACK

-- simple
BEGIN; SELECT 1; COMMIT

-- simple
BEGIN; SELECT 1/0; COMMIT

ROLLBACK

-- simple
SELECT 1; BEGIN; SELECT 2

-- simple
COMMIT; SELECT 3

-- simple
SET search_path = other; SELECT * FROM customers; RESET search_path

-- simple
PREPARE twice AS SELECT 1 AS one; EXECUTE twice; DEALLOCATE twice; EXECUTE twice

-- simple
BEGIN; DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id; FETCH 2 FROM c; CLOSE c; COMMIT

-- simple
CREATE TEMP TABLE several (id int); INSERT INTO several VALUES (1); SELECT * FROM several

-- simple
SAVEPOINT nope; SELECT 1

-- simple
VACUUM; SELECT 1

-- simple
BEGIN; CREATE TABLE in_block (id int); INSERT INTO in_block VALUES (1); SELECT * FROM in_block; ROLLBACK; SELECT * FROM in_block

-- simple
SELECT 1; ; SELECT 2;;

BEGIN

CREATE TABLE uncommitted (id int)

INSERT INTO uncommitted VALUES (1)

SELECT * FROM uncommitted

ALTER TABLE customers RENAME TO clients

SELECT count(*) FROM clients

SELECT count(*) FROM customers

ROLLBACK

SELECT count(*) FROM customers

SELECT * FROM uncommitted

BEGIN

CREATE TABLE half (id int)

SAVEPOINT s

DROP TABLE half

SELECT * FROM half

ROLLBACK TO s

SELECT * FROM half

ROLLBACK

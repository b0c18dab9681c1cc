-- What PostgreSQL refuses, with positions, also behind characters of several bytes.

SELEC 1

SELECT 1 +

SELECT * FROM

SELECT 'unfinished

SELECT "unfinished

SELECT $$unfinished

/* unfinished

SELECT 1 FROM customers WHERE

SELECT 'é' , , 1

SELECT '日本語', nosuch

SELECT '𝄞𝄞', 1 / 0

SELECT '𝄞', FROM x

SELECT 'ö'::integer

SELECT nosuch FROM customers

SELECT customers.nosuch FROM customers

SELECT c.nosuch FROM customers c

SELECT nosuch.id FROM customers

SELECT nam FROM customers

SELECT customers.name FROM customers c

SELECT * FROM nosuch

SELECT * FROM nosuch.customers

SELECT * FROM otherdb.public.customers

SELECT * FROM other.nosuch

SELECT * FROM customer

SELECT 'é', * FROM "Customers"

SELECT nosuch(1)

SELECT upper(1, 2)

SELECT add('a', 'b')

SELECT add(1)

SELECT nosuch.upper('a')

SELECT 1 + 'a'

SELECT 1 + true

SELECT 'a' + 'b'

SELECT 1 @@@ 2

SELECT 1::nosuch

SELECT CAST(true AS date)

SELECT 1 = 'x'

SELECT 1/0

SELECT 2147483647 + 1

SELECT 99999999999999999999999::int

SELECT '2026-13-01'::date

SELECT 'not json'::json

SELECT '{"a": }'::jsonb

SELECT '\xZZ'::bytea

SELECT 'x'::uuid

SELECT 'lost and found'::order_status

SELECT 'not an address'::email

SELECT sqrt(-1)

SELECT ln(0)

SELECT substring('a' FROM 1 FOR -1)

SELECT 'a' ~ '['

SELECT E'\u0000'

SELECT U&'\d800'

SELECT chr(0)

SELECT convert_from('\xff', 'UTF8')

SELECT to_date('x', 'YYYY')

SELECT (SELECT id FROM customers)

SELECT (SELECT 1, 2)

SELECT id, count(*) FROM customers

SELECT count(*) FROM customers WHERE count(*) > 1

SELECT sum(sum(id)) FROM customers

SELECT sum(id) OVER w FROM customers

SELECT rank()

SELECT * FROM customers, customers

SELECT * FROM customers c, orders c

SELECT id FROM customers, orders

SELECT * FROM customers JOIN orders USING (nosuch)

SELECT 1 UNION SELECT 'a'

SELECT 1, 2 UNION SELECT 1

SELECT 1 UNION SELECT 2 ORDER BY nosuch

SELECT 1 ORDER BY 2

SELECT 1 LIMIT -1

SELECT 1 LIMIT 'x'

SELECT 1 OFFSET -1

SELECT DISTINCT name FROM customers ORDER BY id

VALUES (1), (1, 2)

SELECT $1

SELECT $1::int

SELECT $0

WITH a AS (SELECT 1) SELECT * FROM b

WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a

WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a

WITH a AS (SELECT * FROM a) SELECT * FROM a

SELECT * FROM generate_series(1, 2) AS g(a, b)

SELECT * FROM json_to_record('{}')

SELECT * FROM upper('a') AS r(x int)

SELECT (1).x

SELECT (customers).nosuch FROM customers

SELECT ARRAY[1, 'a']

SELECT ARRAY[]

SELECT ROW(1, 2) = ROW(1)

SELECT '{1,2'::int[]

SELECT (ARRAY[1])['a']

SELECT CASE 1 WHEN 'a' THEN 1 END

SELECT CASE WHEN 1 THEN 2 END

SELECT COALESCE(1, 'a')

SELECT NOT 1

SELECT 1 WHERE 1

SELECT 1 COLLATE "C"

SELECT 'a' COLLATE "nosuch"

SELECT 'a' < 'b' COLLATE nosuch

SELECT name COLLATE "C" < email COLLATE "POSIX" FROM customers

SELECT * FROM customers FOR UPDATE OF nosuch

SELECT count(*) FROM customers FOR UPDATE

SELECT * FROM paid_orders p FOR UPDATE

SELECT timestamp '2026-01-01' AT TIME ZONE 'Nowhere/City'

SELECT extract(nosuch FROM now())

SELECT XMLPARSE(DOCUMENT 'x')

SELECT generate_series(1, 2) FROM customers WHERE generate_series(1, 2) = 1

SELECT 1 FROM customers GROUP BY nosuch

SELECT 1 FROM customers GROUP BY 5

SELECT current_setting('nosuch.setting')

SELECT 'customer'::regclass

SELECT 'nosuch_function'::regproc

SELECT nextval('nosuch')

SELECT currval('tickets')

SELECT lastval()

SELECT * FROM totals

INSERT INTO nosuch VALUES (1)

INSERT INTO customers (nosuch) VALUES (1)

INSERT INTO customers (id, id) VALUES (1, 2)

INSERT INTO customers VALUES (1)

INSERT INTO customers VALUES (1, 'twice')

INSERT INTO customers (id, name) VALUES (9, 'x', 'y')

INSERT INTO customers (id, name) VALUES ('x', 'y')

INSERT INTO customers (id, name, email) VALUES (9, 'x', 'nomail')

INSERT INTO customers (id, name, born) VALUES (9, 'é', 'nodate')

INSERT INTO customers (id, name, ssn) VALUES (9, 'é', '123456789012')

INSERT INTO orders (customer_id, total) VALUES (99, 1)

INSERT INTO orders (customer_id, total) VALUES (1, -1)

INSERT INTO orders (customer_id, status, total) VALUES (1, 'nosuch', 1)

INSERT INTO items (order_id, line, product, price, amount) VALUES (1, 9, 'x', 1, 1)

INSERT INTO events VALUES ('2030-01-01', 'none')

INSERT INTO events_2025 VALUES ('2026-01-01', 'wrong')

INSERT INTO paid_orders VALUES (1, 'x', 1)

INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (nosuch) DO NOTHING

INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (name) DO NOTHING

UPDATE nosuch SET x = 1

UPDATE customers SET nosuch = 1

UPDATE customers SET name = NULL WHERE id = 1

UPDATE customers SET id = 2 WHERE id = 1

UPDATE customers SET (id, name) = (SELECT 1)

UPDATE customers SET id = 1, id = 2

UPDATE customers SET name = 'x' WHERE nosuch = 1

UPDATE items SET amount = 1

DELETE FROM nosuch

DELETE FROM customers WHERE nosuch

DELETE FROM customers c WHERE customers.id = 1

DELETE FROM customers USING nosuch

MERGE INTO customers USING nosuch ON true WHEN MATCHED THEN DELETE

TRUNCATE nosuch

TRUNCATE customers

LOCK TABLE nosuch

LOCK TABLE customers

CREATE TABLE customers (id int)

CREATE TABLE t (id int, id int)

CREATE TABLE t (id nosuch)

CREATE TABLE t (id int REFERENCES nosuch)

CREATE TABLE t (id int PRIMARY KEY, x int PRIMARY KEY)

CREATE TABLE nosuch.t (id int)

CREATE TABLE t (LIKE nosuch)

CREATE TABLE t () INHERITS (nosuch)

CREATE TABLE t PARTITION OF customers DEFAULT

CREATE VIEW v AS SELECT nosuch

CREATE VIEW v AS SELECT * FROM nosuch

CREATE INDEX ON nosuch (x)

CREATE INDEX ON customers (nosuch)

CREATE INDEX orders_by_customer ON customers (name)

CREATE SCHEMA other

CREATE TYPE order_status AS ENUM ('x')

CREATE SEQUENCE tickets

CREATE FUNCTION f() RETURNS int LANGUAGE nosuch AS ''

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT nosuch'

CREATE FUNCTION f() RETURNS nosuch LANGUAGE sql AS 'SELECT 1'

CREATE TRIGGER t AFTER INSERT ON customers EXECUTE FUNCTION nosuch()

ALTER TABLE nosuch ADD COLUMN x int

ALTER TABLE customers ADD COLUMN id int

ALTER TABLE customers DROP COLUMN nosuch

ALTER TABLE customers ALTER COLUMN name TYPE int

ALTER TABLE customers DROP CONSTRAINT nosuch

ALTER TABLE customers RENAME TO orders

ALTER TYPE nosuch ADD VALUE 'x'

DROP TABLE nosuch

DROP TABLE customers

DROP VIEW customers

DROP INDEX nosuch

DROP SCHEMA other

DROP TYPE order_status

DROP FUNCTION nosuch()

DROP FUNCTION add

DROP SEQUENCE orders_id_seq

COMMENT ON TABLE nosuch IS 'x'

COMMENT ON COLUMN customers.nosuch IS 'x'

GRANT SELECT ON nosuch TO agent_ro

GRANT SELECT ON customers TO nosuch

GRANT nosuch ON customers TO agent_ro

PREPARE p AS SELECT nosuch

EXECUTE nosuch

DEALLOCATE nosuch

DECLARE c CURSOR FOR SELECT 1

FETCH nosuch

CLOSE nosuch

SAVEPOINT s

ROLLBACK TO s

RELEASE s

SET nosuch = 1

SET datestyle = 'nosuch'

SET timezone = 'Nowhere/City'

SET work_mem = 'lots'

SHOW nosuch

RESET nosuch

EXPLAIN SELECT nosuch

EXPLAIN (nosuch) SELECT 1

COPY nosuch TO STDOUT

COPY customers (nosuch) TO STDOUT

COPY customers TO STDOUT WITH (FORMAT nosuch)

COPY paid_orders FROM STDIN

COPY customers FROM STDIN

VACUUM nosuch

ANALYZE nosuch

ANALYZE customers (nosuch)

REINDEX TABLE nosuch

CLUSTER customers

REFRESH MATERIALIZED VIEW customers

CALL nosuch()

CALL add(1, 2)

DO 'nonsense'

DO LANGUAGE nosuch ''

LISTEN

NOTIFY

LOAD '/nosuch'

CREATE EXTENSION nosuch

CREATE ROLE agent_ro

DROP ROLE nosuch

DROP DATABASE nosuch

CREATE DATABASE shop

-- simple
SELECT 1; SELECT nosuch; SELECT 2

-- simple
SELECT 1; SELEC 2; SELECT 3

-- simple
SELECT 1; SELECT * FROM nosuch; SELECT 2

-- simple
INSERT INTO api_keys VALUES (8, 'gone'); DROP TABLE nosuch

SELECT count(*) FROM api_keys WHERE id = 8

-- simple
INSERT INTO api_keys VALUES (7, 'gone'); SELECT 1/0

SELECT count(*) FROM api_keys WHERE id = 7

SELECT 1; SELECT 2

-- INSERT, UPDATE, DELETE, MERGE, TRUNCATE, with all that may stand in them.

INSERT INTO customers (id, name) VALUES (10, 'ten'), (11, 'elf')

INSERT INTO customers VALUES (12, 'twelve', 'twelve@example.com', DEFAULT, '2000-02-29', ROW('a', 'b', 'c'), ARRAY['x'], '{}')

INSERT INTO customers (id, name) SELECT id + 100, name || '!' FROM customers WHERE id < 3

INSERT INTO customers (id, name) VALUES (13, 'é') RETURNING *

INSERT INTO customers AS c (id, name) VALUES (14, 'x') RETURNING c.id, upper(c.name) AS shout, c

INSERT INTO customers (id, name) VALUES (1, 'again') ON CONFLICT DO NOTHING

INSERT INTO customers (id, name) VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET name = excluded.name || customers.name WHERE customers.id > 0 RETURNING id, name

INSERT INTO customers (id, name) VALUES (1, 'again') ON CONFLICT ON CONSTRAINT customers_pkey DO NOTHING RETURNING id

INSERT INTO orders (customer_id, total) VALUES (1, 5) RETURNING id, status, placed_at

INSERT INTO orders OVERRIDING SYSTEM VALUE VALUES (1000, 1, 'paid', '2026-05-05', 1, NULL)

INSERT INTO orders DEFAULT VALUES

INSERT INTO items (order_id, line, product, quantity, price) VALUES (1, 3, 'ink', 2, 4.5) RETURNING amount

INSERT INTO customers (id, name, home.street, home.city) VALUES (15, 'x', 's', 'c') RETURNING home

INSERT INTO customers (id, name, tags[1], tags[3]) VALUES (16, 'x', 'a', 'c') RETURNING tags

INSERT INTO events VALUES ('2026-06-06', 'routed', '{"a": 1}') RETURNING tableoid::regclass

WITH new AS (INSERT INTO customers (id, name) VALUES (17, 'cte') RETURNING id) SELECT * FROM new

WITH src AS (SELECT 18 AS id, 'src' AS name) INSERT INTO customers (id, name) SELECT * FROM src

UPDATE customers SET name = name || '?' WHERE id = 10

UPDATE customers SET name = DEFAULT, extra = '{}' WHERE id = -1

UPDATE customers SET (name, ssn) = ('n', 's') WHERE id = 11 RETURNING *

UPDATE customers SET (name, ssn) = (SELECT 'sub', NULL) WHERE id = 11

UPDATE customers AS c SET name = o.note FROM orders o WHERE o.customer_id = c.id AND c.id = 1 AND o.id = 1 RETURNING c.id, o.id

UPDATE ONLY animals SET legs = legs + 1 RETURNING *

UPDATE animals SET legs = legs - 1 RETURNING tableoid::regclass, *

UPDATE customers SET home.city = 'Paris' WHERE id = 1 RETURNING home

UPDATE customers SET tags[2] = 'two', extra['k'] = '"v"' WHERE id = 1 RETURNING tags, extra

UPDATE events SET at = '2025-12-31' WHERE kind = 'routed' RETURNING tableoid::regclass

UPDATE customers SET name = 'none' WHERE false

WITH u AS (UPDATE orders SET note = 'cte' WHERE id = 2 RETURNING id) SELECT count(*) FROM u

DELETE FROM customers WHERE id = 10

DELETE FROM customers WHERE id IN (11, 12) RETURNING id, name

DELETE FROM customers c USING orders o WHERE o.customer_id = c.id AND c.id = -1

DELETE FROM ONLY animals WHERE name = 'bird' RETURNING *

WITH d AS (DELETE FROM customers WHERE id > 100 RETURNING *) SELECT count(*) FROM d

WITH d AS (DELETE FROM api_keys WHERE id = 2 RETURNING *), i AS (INSERT INTO api_keys SELECT id + 10, secret FROM d RETURNING id) SELECT * FROM i

MERGE INTO customers c USING (VALUES (1, 'merged'), (50, 'new')) v(id, name) ON v.id = c.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (v.id, v.name)

MERGE INTO customers c USING (SELECT 50 AS id) v ON v.id = c.id WHEN MATCHED AND c.id = 50 THEN DELETE WHEN NOT MATCHED THEN DO NOTHING

-- since 17
MERGE INTO customers c USING (SELECT 1 AS id) v ON v.id = c.id WHEN MATCHED THEN UPDATE SET ssn = NULL RETURNING merge_action(), c.id

-- since 17
MERGE INTO api_keys k USING (SELECT 1 AS id) v ON v.id = k.id WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING

-- since 18
UPDATE customers SET name = 'neu' WHERE id = 1 RETURNING old.name, new.name

-- since 18
INSERT INTO customers (id, name) VALUES (60, 'r') RETURNING WITH (OLD AS o, NEW AS n) o.id, n.id

SELECT id, name, ssn, tags, extra FROM customers ORDER BY id

TRUNCATE items

TRUNCATE TABLE ONLY animals, api_keys RESTART IDENTITY

TRUNCATE customers CASCADE

TRUNCATE events

INSERT INTO customers SELECT n, 'n' || n FROM generate_series(1, 1000) n

UPDATE customers SET name = 'all'

DELETE FROM customers

-- simple
INSERT INTO api_keys VALUES (1, 'a'); INSERT INTO api_keys VALUES (2, 'b'); SELECT * FROM api_keys ORDER BY id

-- simple
BEGIN; INSERT INTO api_keys VALUES (3, 'c'); ROLLBACK; SELECT count(*) FROM api_keys

-- simple
INSERT INTO api_keys VALUES (4, 'd'); COMMIT; SELECT 1/0

SELECT * FROM api_keys ORDER BY id

SELECT nextval('tickets'), currval('tickets'), lastval(), setval('tickets', 500), nextval('public.tickets')

EXPLAIN (COSTS OFF) SELECT * FROM customers WHERE id = 1

EXPLAIN (COSTS OFF, FORMAT JSON) SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id

EXPLAIN (COSTS OFF, VERBOSE) UPDATE customers SET name = 'x'

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) INSERT INTO api_keys VALUES (5, 'e')

EXPLAIN SELECT 1

EXPLAIN (COSTS OFF, FORMAT YAML) DELETE FROM api_keys

EXPLAIN (COSTS OFF) CREATE TABLE x AS SELECT 1

-- since 16
EXPLAIN (COSTS OFF, GENERIC_PLAN) SELECT * FROM customers WHERE id = $1

EXPLAIN (COSTS OFF, FORMAT XML) SELECT 1

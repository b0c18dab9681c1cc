\set SHOW_CONTEXT always
\d
\d customers
\d+ orders
\d events
\d "Odd Schema".*
\dt *.*ustomers
\di
\ds
\dv+
\dm
\dT+ order_status
\dD
\df add
\df+ shout
\dn+
\dp customers
\dy
\dx
\dC address
\do+ ||
\dL
\des
\dew
\dFt
\dRp
\ddp
\sf add
\sv paid_orders
\l template1
SELECT * FROM customers ORDER BY id;
SELECT id, name FROM customers ORDER BY id \gx
\pset null '(null)'
SELECT id, email, born FROM customers ORDER BY id;
\set minimum 2
SELECT id FROM customers WHERE id >= :minimum ORDER BY id;
SELECT max(id) AS biggest FROM customers \gset
\echo :biggest
\set who 'O''Hara'
SELECT :'who' AS quoted, :"minimum" FROM (SELECT 2 AS "2") x;
SELECT status, customer_id, total FROM orders ORDER BY 1, 2 \crosstabview
SELECT 'SELECT ' || n FROM generate_series(1, 3) n \gexec
\gdesc
SELECT id, name, placed_at FROM customers JOIN orders ON customer_id = customers.id \gdesc
\set FETCH_COUNT 3
SELECT n FROM generate_series(1, 10) n;
\unset FETCH_COUNT
BEGIN;
INSERT INTO api_keys VALUES (4000, 'psql');
SELECT 1/0;
SELECT 1;
ROLLBACK;
\set ON_ERROR_ROLLBACK on
BEGIN;
INSERT INTO api_keys VALUES (4001, 'kept');
SELECT nosuch;
COMMIT;
\unset ON_ERROR_ROLLBACK
\copy api_keys FROM STDIN
4100	from stdin
4101	é
\.
\copy (SELECT * FROM api_keys WHERE id >= 4000 ORDER BY id) TO STDOUT CSV HEADER
COPY api_keys FROM STDIN;
4200	plain
\.
COPY (SELECT * FROM api_keys WHERE id >= 4000 ORDER BY id) TO STDOUT;
DELETE FROM api_keys WHERE id >= 4000;
SELECT 'é', nosuch;
SELEC 1;
SELECT * FROM nosuch;
SELECT shout('psql');
SELECT fail('psql');
\encoding
\x auto
LISTEN psql;
NOTIFY psql, 'hello';
\timing off
EXPLAIN (COSTS OFF) SELECT * FROM customers WHERE id = 1;

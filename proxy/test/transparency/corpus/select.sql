-- Reading: expressions, joins, grouping, windows, CTEs, set operations, locking, and what goes wrong.

SELECT 1

SELECT

SELECT 1 AS "é", 'ünï'::text, NULL

SELECT 1, 2.5, 'x', true, NULL::int, ARRAY[1, 2], ROW(1, 'a'), '{"a": 1}'::jsonb

SELECT * FROM customers ORDER BY id

SELECT * FROM public.customers ORDER BY id

SELECT * FROM shop.public.customers ORDER BY id

TABLE customers

TABLE ONLY animals

VALUES (1, 'a'), (2, NULL)

VALUES (1), (2) ORDER BY 1 DESC LIMIT 1

SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 10 ORDER BY o.id

SELECT customers FROM customers ORDER BY customers.id

SELECT (customers).name FROM customers ORDER BY customers.id

SELECT (c.home).city, (c.home).* FROM customers c ORDER BY c.id

SELECT customers.id, orders.id FROM customers, orders WHERE customers.id = orders.customer_id ORDER BY 1, 2

SELECT public.customers.name FROM public.customers ORDER BY public.customers.id

SELECT * FROM customers NATURAL JOIN (SELECT 1 AS id) x

SELECT * FROM customers JOIN orders USING (id) ORDER BY id

SELECT x.* FROM (customers c JOIN orders USING (id)) x ORDER BY 1

SELECT * FROM customers JOIN orders USING (id) AS k ORDER BY k.id

SELECT * FROM customers LEFT JOIN orders ON false ORDER BY customers.id

SELECT * FROM customers FULL JOIN orders ON orders.customer_id = customers.id AND orders.total > 50 ORDER BY 1, 9

SELECT * FROM customers CROSS JOIN LATERAL (SELECT count(*) FROM orders WHERE customer_id = customers.id) n ORDER BY id

SELECT * FROM generate_series(1, 5) AS g(n) WHERE n % 2 = 1

SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(n, i)

SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) AS r(n, t)

SELECT * FROM json_to_recordset('[{"a": 1, "b": "x"}]') AS r(a int, b text)

SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS u(n, t)

SELECT status, count(*), sum(total), avg(total), min(placed_at), max(placed_at) FROM orders GROUP BY status ORDER BY status

SELECT status, customer_id, sum(total) FROM orders GROUP BY ROLLUP (status, customer_id) ORDER BY 1, 2

SELECT status, customer_id, grouping(status, customer_id), sum(total) FROM orders GROUP BY CUBE (status, customer_id) ORDER BY 1, 2, 3

SELECT status, sum(total) FROM orders GROUP BY GROUPING SETS ((status), ()) ORDER BY 1

SELECT status FROM orders GROUP BY status HAVING count(*) > 1 ORDER BY status

SELECT DISTINCT status FROM orders ORDER BY status

SELECT DISTINCT ON (customer_id) customer_id, total FROM orders ORDER BY customer_id, total DESC

SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM orders ORDER BY id

SELECT id, rank() OVER w, lag(total) OVER w, ntile(2) OVER w FROM orders WINDOW w AS (ORDER BY total DESC) ORDER BY id

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders

SELECT count(*) FILTER (WHERE total > 50), string_agg(note, ',' ORDER BY id), array_agg(id ORDER BY id DESC) FROM orders

SELECT json_agg(c ORDER BY id), jsonb_object_agg(id, name) FROM customers c

WITH paid AS (SELECT * FROM orders WHERE status = 'paid') SELECT customer_id, count(*) FROM paid GROUP BY 1 ORDER BY 1

WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t

WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t WHERE n < 3) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT * FROM t ORDER BY n

WITH customers AS (SELECT 7 AS id) SELECT * FROM customers

WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT x + 1 AS x FROM a) SELECT a.x, b.x FROM a, b

SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1

(SELECT 1 EXCEPT SELECT 2) INTERSECT SELECT 1

SELECT id FROM customers UNION ALL SELECT customer_id FROM orders ORDER BY 1 LIMIT 3 OFFSET 1

SELECT id FROM orders ORDER BY total DESC NULLS LAST FETCH FIRST 1 ROW WITH TIES

SELECT id FROM orders WHERE note IS DISTINCT FROM 'first' ORDER BY id

SELECT * FROM orders WHERE total BETWEEN 1 AND 100 AND status IN ('paid', 'new') AND note LIKE 'f%' ORDER BY id

SELECT * FROM orders WHERE customer_id = ANY (ARRAY[1, 2]) AND total > ALL (SELECT 5) ORDER BY id

SELECT EXISTS (SELECT 1 FROM orders WHERE total > 1000), (SELECT max(id) FROM orders), ARRAY(SELECT id FROM customers ORDER BY id)

SELECT CASE WHEN total > 50 THEN 'big' ELSE 'small' END, COALESCE(note, '-'), NULLIF(status, 'new'), GREATEST(1, total), LEAST(total, 5) FROM orders ORDER BY id

SELECT CAST('1' AS integer), '2'::integer, integer '3', date '2026-01-01' + 1, interval '1 day' * 2

SELECT extract(year FROM placed_at), placed_at AT TIME ZONE 'Europe/Vienna', date_trunc('month', placed_at) FROM orders ORDER BY id

SELECT substring('hello' FROM 2 FOR 3), position('l' IN 'hello'), overlay('hello' PLACING 'XX' FROM 2), trim(BOTH 'x' FROM 'xax'), upper('ä'), 'a' || 'b'

SELECT 'abc' ~ 'b', 'abc' ~* 'B', 'abc' SIMILAR TO 'a%', 'abc' ILIKE 'A%', 'a' COLLATE "C" < 'b'

SELECT 5 / 2, 5 % 2, 2 ^ 3, |/ 4, @ -5, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 3, - (-1), 7.0 / 2

SELECT 1 OPERATOR(pg_catalog.+) 2, pg_catalog.upper('x')

SELECT extra -> 'vip', extra ->> 'vip', extra #> '{n,0}', extra @> '{"vip": true}', extra ? 'n', extra - 'n' FROM customers ORDER BY id

SELECT jsonb_path_query(extra, '$.n[*]') FROM customers ORDER BY id

SELECT extra['n'][0], tags[1], tags[1:1], array_length(tags, 1) FROM customers ORDER BY id

SELECT row_to_json(c), to_jsonb(c.home) FROM customers c ORDER BY id

SELECT to_tsvector('english', 'The fat cats') @@ to_tsquery('english', 'cat'), ts_headline('fat cats', 'cat')

SELECT current_user, session_user, current_database(), current_schema, current_schemas(true), current_catalog, user

SELECT version() IS NOT NULL, now() IS NOT NULL, CURRENT_TIMESTAMP IS NOT NULL, CURRENT_DATE IS NOT NULL, LOCALTIME IS NOT NULL

SELECT pg_typeof(1), pg_typeof('a'), pg_typeof(NULL), 'customers'::regclass, 'int4'::regtype, 'upper'::regproc

SELECT * FROM animals ORDER BY name

SELECT * FROM ONLY animals ORDER BY name

SELECT tableoid::regclass, name FROM animals ORDER BY name

SELECT ctid, xmin = xmin FROM customers ORDER BY id

SELECT count(*), min(at), max(at) FROM events

SELECT count(*) FROM events_2025

SELECT * FROM events TABLESAMPLE BERNOULLI (100) ORDER BY at LIMIT 1

SELECT * FROM paid_orders ORDER BY id

SELECT * FROM totals

SELECT * FROM other.customers

SELECT "Odd Column", "ünïcode" FROM "Odd Schema"."Odd ""Table"""

SELECT * FROM all_types

SELECT add(1, 2), public.add(a => 1, b => 2), public.add(b := 3, a := 4)

SELECT shout('hello')

SELECT fail('badly')

SELECT id FROM orders ORDER BY id FOR UPDATE

SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY 1 FOR NO KEY UPDATE OF o SKIP LOCKED

SELECT id FROM customers ORDER BY id FOR SHARE NOWAIT

SELECT id FROM customers ORDER BY id FOR KEY SHARE

/* a comment */ SELECT /* nested /* inside */ */ 1 -- at the end

-- before
SELECT 1

SELECT $$dollar$$, $tag$a $$ b$tag$, E'esc\n\x41\u00e9', U&'d\0061t\+000061', U&"d!0061t" UESCAPE '!', B'101', X'1F' FROM (SELECT 1 AS "dat") t

SELECT 'con'
'tinued'

SELECT 1;

;

; ; ;

-- simple
SELECT 1; SELECT 2

-- since 16
SELECT 0x1F, 1_000

-- since 16
SELECT any_value(id) IS NOT NULL FROM customers

-- since 16
SELECT JSON_OBJECT('a': 1), JSON_ARRAY(1, 2), '{}' IS JSON

-- since 17
SELECT JSON_VALUE('{"a": 1}', '$.a'), JSON_QUERY('{"a": [1]}', '$.a'), JSON_EXISTS('{}', '$.a')

-- since 17
SELECT * FROM JSON_TABLE('[{"a": 1}, {"a": 2}]', '$[*]' COLUMNS (i FOR ORDINALITY, a int PATH '$.a')) t

-- since 18
SELECT uuidv7() IS NOT NULL, casefold('É'), reverse('\x0102'::bytea), array_sort('{3,1,2}'::int[])

SELECT XMLELEMENT(NAME a, XMLATTRIBUTES(1 AS b), 'c'), XMLFOREST(1 AS x), XMLCONCAT('<a/>', '<b/>'), XMLPI(NAME php, 'x'), XMLROOT('<a/>', VERSION '1.0')

SELECT xmlparse(CONTENT '<a>1</a>'), xmlserialize(CONTENT '<a/>' AS text), '<a/>' IS DOCUMENT

SELECT * FROM XMLTABLE('/r/i' PASSING '<r><i a="1">x</i></r>' COLUMNS a int PATH '@a', t text PATH '.')

SELECT (SELECT customers.name) FROM customers ORDER BY id

SELECT (SELECT name FROM other.customers WHERE other.customers.id = public.customers.id) FROM public.customers ORDER BY id

SELECT a.id FROM customers AS a (id, n) ORDER BY a.n

SELECT * FROM customers AS t(a, b) ORDER BY a

SELECT (date '2026-01-01', date '2026-02-01') OVERLAPS (date '2026-01-15', date '2026-03-01'), (1, 2) < (1, 3), ROW(1, NULL) IS NULL

SELECT NULL IS NULL, true IS NOT UNKNOWN, 1 IS NOT DISTINCT FROM NULL, 'a' = ANY ('{a,b}'), NOT true OR false AND true

SELECT pg_catalog.format('%I %L %s', 'a b', 'c''d', 1), quote_ident('x y'), quote_literal('x'), quote_nullable(NULL)

SELECT relname, relkind FROM pg_class WHERE relname = 'customers' ORDER BY oid

SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 ORDER BY attnum

SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'orders' ORDER BY ordinal_position

SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1

SELECT typname FROM pg_type WHERE typname = 'email'

SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'orders'::regclass ORDER BY 1

SELECT pg_get_viewdef('paid_orders'::regclass), pg_get_indexdef('orders_by_customer'::regclass)

SELECT obj_description('customers'::regclass), col_description('customers'::regclass, 1), format_type(1700, 655366)

SELECT has_table_privilege('customers', 'SELECT'), has_schema_privilege('public', 'USAGE')

SELECT repeat('x', 20000)

SELECT n, repeat(n::text, 100) FROM generate_series(1, 500) n

SELECT array_agg(n) FROM generate_series(1, 5000) n

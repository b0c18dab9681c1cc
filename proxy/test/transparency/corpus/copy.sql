-- COPY out; COPY in gets no data here (the conversations have it).

COPY customers TO STDOUT

COPY customers (id, name) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';', QUOTE '''', NULL '-')

COPY (SELECT id, name FROM customers ORDER BY id DESC) TO STDOUT (FORMAT binary)

COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT CSV HEADER

COPY (INSERT INTO api_keys VALUES (9, 'copied') RETURNING *) TO STDOUT

COPY orders TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)

COPY ONLY animals TO STDOUT

COPY animals TO STDOUT

COPY events TO STDOUT

COPY (SELECT 1/0) TO STDOUT

COPY (SELECT n, repeat('x', 200) FROM generate_series(1, 2000) n) TO STDOUT

COPY (SELECT 'tab	and \ backslash', E'line\nend', '\.') TO STDOUT

COPY paid_orders TO STDOUT

COPY (TABLE paid_orders) TO STDOUT

COPY all_types TO STDOUT

COPY all_types TO STDOUT (FORMAT binary)

COPY customers FROM STDIN

COPY customers (id, name) FROM STDIN WITH (FORMAT csv, HEADER true)

COPY api_keys FROM STDIN WHERE id > 5

COPY api_keys FROM STDIN (FORMAT binary)

-- simple
COPY api_keys TO STDOUT; SELECT 1; COPY (SELECT 2) TO STDOUT

-- simple
SELECT 1; COPY api_keys FROM STDIN; SELECT 2

BEGIN

-- simple
COPY api_keys FROM STDIN (FREEZE)

SELECT 1

ROLLBACK

/** A database and statements over it, whose names mean something else than they seem to. */
export const schema = `
  CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA "Mixed Case"; CREATE SCHEMA closed; CREATE SCHEMA agent;
  CREATE TABLE public.t (id int PRIMARY KEY, name text, n numeric); CREATE TABLE a.t (id int, name text); CREATE TABLE b.t (id int, x text);
  CREATE TABLE public.only_public (id int, note text); CREATE TABLE "Mixed Case"."Order" (id int, "select" text); CREATE TABLE agent.mine (id int);
  CREATE TABLE public.child () INHERITS (public.t);
  CREATE TABLE public.parted (id int, at date) PARTITION BY RANGE (id);
  CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES FROM (0) TO (10); CREATE TABLE public.parted_2 PARTITION OF public.parted FOR VALUES FROM (10) TO (20);
  CREATE VIEW public.v AS SELECT id, name FROM public.t; CREATE VIEW public.vv AS SELECT v.id, o.note FROM public.v JOIN public.only_public o USING (id);
  CREATE MATERIALIZED VIEW public.mv AS SELECT id FROM a.t;
  CREATE TABLE public.parent (id int PRIMARY KEY); CREATE TABLE public.kid (id int PRIMARY KEY, p int REFERENCES public.parent ON DELETE CASCADE);
  CREATE TABLE public.grandkid (k int REFERENCES public.kid ON DELETE SET NULL);
  INSERT INTO public.parent VALUES (1); INSERT INTO public.kid VALUES (1, 1); INSERT INTO public.grandkid VALUES (1);
  CREATE SEQUENCE public.s; CREATE TYPE public.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN public.posint AS int CHECK (VALUE > 0); CREATE TYPE a.pair AS (x int, y text);
  CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.upper($1::text)';
  CREATE FUNCTION public.own(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION a.own(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1'; CREATE FUNCTION b.own(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
  CREATE FUNCTION public.opt(int, int DEFAULT 2, VARIADIC text[] DEFAULT '{}') RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
  CREATE FUNCTION public.secret(public.t) RETURNS text LANGUAGE sql STABLE AS 'SELECT ($1).name';
  CREATE FUNCTION public.rows() RETURNS SETOF public.t LANGUAGE sql STABLE AS 'SELECT NULL::public.t';
  CREATE FUNCTION public.pluss(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 OPERATOR(pg_catalog.||) $2'; CREATE OPERATOR public.~+~ (FUNCTION = public.pluss, LEFTARG = text, RIGHTARG = text);
  CREATE FUNCTION public.eqq(varchar, varchar) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR public.= (FUNCTION = public.eqq, LEFTARG = varchar, RIGHTARG = varchar);
  CREATE FUNCTION public.neg(mood public.mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false'; CREATE OPERATOR public.!! (FUNCTION = public.neg, RIGHTARG = public.mood);
  CREATE FUNCTION public.to_mood(int) RETURNS public.mood LANGUAGE sql IMMUTABLE AS 'SELECT ''ok''::public.mood'; CREATE CAST (int AS public.mood) WITH FUNCTION public.to_mood(int);
  CREATE AGGREGATE public.total(int) (SFUNC = pg_catalog.int4pl, STYPE = int, INITCOND = '0');
  CREATE ROLE agent LOGIN; GRANT USAGE ON SCHEMA a, b, "Mixed Case", agent TO agent; GRANT CREATE ON SCHEMA public, a, agent TO agent; GRANT ALL ON ALL TABLES IN SCHEMA public, a, b, "Mixed Case", agent TO agent; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO agent;
`

export interface Case {
  readonly prepare?: string
  readonly text: string
}

const inA = 'SET search_path = a, public'
const temp = 'CREATE TEMP TABLE t (id int, secret text)'
const plain = (text: string): Case => ({ text })

export const understood: readonly Case[] = [
  ...[
    'SELECT * FROM t',
    'SELECT t.id FROM public.t',
    'SELECT public.t.id FROM public.t',
    'SELECT id FROM t AS x(id, b)',
    'SELECT x.b FROM t AS x(a, b)',
    'SELECT * FROM ONLY t',
    'SELECT * FROM t*',
    'TABLE t',
    'SELECT * FROM parted',
    'SELECT * FROM ONLY parted',
    'SELECT * FROM parted_1',
    'SELECT * FROM v',
    'SELECT * FROM vv',
    'SELECT * FROM mv',
    'WITH t AS (SELECT * FROM only_public) SELECT * FROM t',
    'WITH x AS (SELECT * FROM t) SELECT * FROM x, t AS y',
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT * FROM r',
    'WITH t AS (SELECT 1 AS id) SELECT * FROM public.t',
    'WITH w AS (INSERT INTO t VALUES (7) RETURNING id) SELECT * FROM w',
    'SELECT * FROM (t JOIN only_public o USING (id)) AS j',
    'SELECT * FROM t NATURAL JOIN only_public',
    'SELECT (SELECT max(o.id) FROM only_public o WHERE o.id = t.id) FROM t',
    'SELECT lower(name) FROM t',
    "SELECT lower('x'::varchar)",
    "SELECT pg_catalog.lower('x'::varchar)",
    'SELECT own(1)',
    "SELECT opt(1), opt(1, 2), opt(1, 2, 'x', 'y'), opt(1, 2, VARIADIC '{}')",
    'SELECT t.secret FROM t',
    'SELECT secret(t) FROM t',
    'SELECT (t).secret FROM t',
    'SELECT name(t) FROM t',
    'SELECT t FROM t',
    'SELECT row_to_json(x) FROM t x',
    'SELECT id FROM rows()',
    'SELECT r.secret FROM rows() r',
    'SELECT total(id), count(*), count(DISTINCT id) FROM t',
    'SELECT row_number() OVER (ORDER BY id), lag(id) OVER () FROM t',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM t',
    "SELECT 'a'::text ~+~ 'b'",
    "SELECT 'x'::varchar = 'y'::varchar",
    "SELECT 'x'::varchar IN ('a'::varchar, 'b'::varchar)",
    "SELECT CASE 'x'::varchar WHEN 'y'::varchar THEN 1 END",
    "SELECT nullif('x'::varchar, 'y'::varchar), 'x'::varchar IS DISTINCT FROM 'y'::varchar",
    "SELECT !! 'ok'::mood",
    "SELECT (1, 'x') = (2, 'y'), (1, 2) < (3, 4)",
    "SELECT 'x'::varchar = ANY (ARRAY['y'::varchar])",
    "SELECT 'x'::varchar IN (SELECT name::varchar FROM t)",
    'SELECT 1::mood, 1::posint, ARRAY[1]::mood[], ROW(1, NULL, 2)::t',
    "SELECT mood 'ok', date '2000-01-01', interval '1 day' * 2, text 'x' || 1",
    "SELECT mood('ok'), text('x')",
    'SELECT x.* FROM t x ORDER BY x.name, 1',
    'SELECT - n, n ^ 2, @ n FROM t',
    "SELECT name LIKE 'a%', name ILIKE 'b', name SIMILAR TO 'c', id BETWEEN 1 AND 2, name ~ 'x' FROM t",
    "SELECT substring(name FROM 1 FOR 2), position('a' IN name), trim(both from name), extract(year FROM now()), overlay(name placing 'x' from 1) FROM t",
    "SELECT coalesce(name, ''), greatest(id, 1), current_user, now() AT TIME ZONE 'UTC' FROM t",
    'SELECT * FROM generate_series(1, 3) g, unnest(ARRAY[1]) u',
    'SELECT * FROM t TABLESAMPLE system (50)',
    "INSERT INTO t VALUES (1, 'x')",
    'INSERT INTO t AS x (id) SELECT id FROM only_public ON CONFLICT (id) DO UPDATE SET name = lower(excluded.name) WHERE x.id > 1 RETURNING x.name',
    'INSERT INTO v (id) VALUES (5)',
    'INSERT INTO parted VALUES (3)',
    'UPDATE t SET name = o.note FROM only_public o WHERE o.id = t.id',
    'UPDATE v SET name = id::text',
    'UPDATE parted SET at = now()',
    'DELETE FROM parent',
    'DELETE FROM ONLY t USING only_public o WHERE o.id = t.id',
    'DELETE FROM v',
    'MERGE INTO only_public o USING t ON o.id = t.id WHEN MATCHED THEN UPDATE SET note = t.name WHEN NOT MATCHED THEN INSERT VALUES (t.id, t.name)',
    'SELECT * FROM t x, only_public y FOR UPDATE OF x',
    'SELECT * FROM v FOR SHARE',
    'LOCK TABLE t, only_public',
    'LOCK TABLE ONLY t',
    'EXPLAIN SELECT * FROM vv',
    'EXPLAIN (ANALYZE, COSTS off) DELETE FROM parent',
    'PREPARE p AS SELECT * FROM t WHERE id = $1',
    'DECLARE c CURSOR FOR SELECT * FROM t',
    'CREATE TABLE public.made AS SELECT * FROM t',
    'SELECT id INTO made FROM t',
    'CREATE TABLE made (LIKE only_public)',
    'CREATE VIEW made AS SELECT id FROM t',
    "CREATE TABLE made (id int PRIMARY KEY, p int REFERENCES made, m mood DEFAULT 'ok', CHECK (own(id) > 0))",
    'CREATE TEMP TABLE made (id int)',
    'CREATE SEQUENCE made',
    'CREATE TYPE made AS (a mood, b text)',
    'CREATE TABLE made (a serial, b bigserial)',
    'SELECT * FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace',
    "SELECT 'é', t.name /* from t */ FROM t -- t",
  ].map(plain),
  { prepare: inA, text: 'SELECT * FROM t' },
  { prepare: inA, text: 'SELECT * FROM only_public, public.t' },
  { prepare: inA, text: 'SELECT own(1)' },
  { prepare: inA, text: "SELECT t.x FROM (SELECT (1, 'a')::pair AS p) s, LATERAL (SELECT (s.p).x) t" },
  { prepare: inA, text: 'CREATE TABLE made (id int)' },
  { prepare: 'SET search_path = b, a, public', text: "SELECT own(1), own('x')" },
  {
    prepare: 'SET search_path = "Mixed Case"',
    text: 'SELECT "Order"."select", length("select") FROM"Order"WHERE id=1',
  },
  { prepare: 'SET search_path = nosuch, closed, b', text: 'SELECT x FROM t' },
  { prepare: 'SET search_path = "$user", public', text: 'SELECT * FROM mine, t' },
  {
    prepare: 'SET search_path = public, pg_catalog',
    text: "SELECT lower('x'::text), lower('x'::varchar), 'x'::varchar = 'y'",
  },
  { prepare: "SET search_path = ''", text: 'SELECT id::text, now() FROM public.t' },
  { prepare: temp, text: 'SELECT secret FROM t' },
  { prepare: temp, text: 'SELECT name FROM public.t' },
  { prepare: temp, text: 'SELECT * FROM pg_temp.t' },
  { prepare: temp, text: 'CREATE VIEW made AS SELECT * FROM t' },
  { prepare: temp, text: 'INSERT INTO t SELECT id, name FROM public.t RETURNING secret' },
  { prepare: `${temp}; SET search_path = public, pg_temp`, text: 'SELECT name FROM t' },
  { prepare: 'CREATE TEMP TABLE text (id int)', text: 'SELECT 1::pg_catalog.text' },
  { prepare: 'CREATE TEMP TABLE mood (id int)', text: "SELECT 'ok'::public.mood, ROW(1)::mood" },
  { prepare: 'SET search_path = pg_temp, public', text: 'CREATE TABLE made (id int)' },
]

/** Refused here in PostgreSQL's own words: SQLSTATE, message and position are compared with the server's. */
export const refused: readonly Case[] = [
  ...[
    'SELECT * FROM nosuch',
    'SELECT 1 FROM t, nosch.t',
    "SELECT 'é' FROM nosuch",
    'INSERT INTO nosch.t VALUES (1)',
    'UPDATE nosuch SET a = 1',
    'DELETE FROM nosch.t',
    'SELECT * FROM other.public.t',
    'SELECT * FROM pg_temp.nosuch',
    'DROP TABLE nosuch',
    'DROP TABLE nosch.t',
    'DROP VIEW nosuch',
    'DROP INDEX nosuch',
    'DROP SEQUENCE nosuch',
    'DROP MATERIALIZED VIEW nosuch',
    'DROP TABLE other.public.t',
    'TRUNCATE nosuch',
    'TRUNCATE nosch.t',
    'ALTER TABLE nosuch ADD a int',
    'ALTER TABLE nosch.t ADD a int',
    'LOCK TABLE nosuch',
    'COPY nosuch TO STDOUT',
    'COPY (SELECT * FROM nosuch) TO STDOUT',
    'GRANT SELECT ON nosuch TO agent',
    'COMMENT ON TABLE nosuch IS NULL',
    'CREATE TABLE nosch.made (a int)',
    'CREATE VIEW made AS SELECT * FROM nosuch',
    'CREATE TABLE made AS SELECT * FROM nosch.x',
    'CREATE INDEX ON nosuch (a)',
    'CREATE TABLE made () INHERITS (nosuch)',
    'CREATE TABLE made (a int REFERENCES nosuch)',
    'CREATE TABLE made (LIKE nosuch)',
    'EXPLAIN SELECT * FROM nosuch',
    'PREPARE p AS SELECT * FROM nosuch',
    'DECLARE c CURSOR FOR SELECT * FROM nosuch',
    'MERGE INTO nosuch USING t ON true WHEN MATCHED THEN DO NOTHING',
    'WITH a AS (SELECT * FROM a) SELECT * FROM a',
    'WITH a AS (SELECT 1), b AS (SELECT * FROM c), c AS (SELECT 1) SELECT * FROM b',
    'WITH a AS (SELECT (SELECT 1 FROM (SELECT * FROM b) x)), b AS (SELECT 1) SELECT 1',
    'WITH a AS (WITH b AS (SELECT * FROM c) SELECT 1), c AS (SELECT 1) SELECT * FROM b',
    'WITH a AS (SELECT 1), b AS (DELETE FROM c), c AS (SELECT 1) SELECT 1',
    'WITH a AS (SELECT * FROM public.a) SELECT 1',
    'CREATE TRIGGER made BEFORE INSERT ON agent.mine FOR EACH ROW EXECUTE FUNCTION nosuch()',
    'CREATE FUNCTION public.made() RETURNS nosuch LANGUAGE sql RETURN 1',
    'DROP FUNCTION own(nosuch)',
    'COMMENT ON FUNCTION own(nosuch) IS NULL',
    'GRANT EXECUTE ON FUNCTION own(nosuch) TO agent',
    'CREATE CAST (nosuch AS int) WITHOUT FUNCTION',
    'CREATE OPERATOR ~~~ (FUNCTION = own, LEFTARG = nosuch)',
    'ALTER FUNCTION own(nosuch) RENAME TO x',
    'CREATE DOMAIN public.made AS nosuch',
    'CREATE TYPE public.made AS (a nosuch)',
    'PREPARE p (nosuch) AS SELECT 1',
    'DROP TYPE nosuch',
    'COMMENT ON TYPE nosuch IS NULL',
    'SELECT 1::nosuch',
    'SELECT 1::public.nosuch',
    'SELECT 1::nosch.x',
    'CREATE TABLE made (a nosuch)',
    'SELECT CAST(1 AS nosuch[])',
    'SELECT nosch.f(1)',
    'SELECT public.nosuch()',
    'SELECT 1 OPERATOR(nosch.+) 2',
    'REFRESH MATERIALIZED VIEW nosuch',
    'CREATE STATISTICS st ON id, name FROM nosuch',
  ].map(plain),
  { prepare: 'SET search_path = nosuch', text: 'CREATE TABLE made (a int)' },
  { prepare: 'SET search_path = nosuch', text: 'CREATE VIEW made AS SELECT 1' },
  { prepare: 'SET search_path = nosuch', text: 'SELECT * FROM only_public' },
]

/** What only the server can refuse, since its words name types: with the same SQLSTATE at the same place. */
export const failing: readonly Case[] = [
  'SELECT nosuch(1)',
  "SELECT 'é', nosuch(t.id) FROM t",
  'SELECT lower(1, 2)',
  'SELECT 1 <=> 2 FROM t',
  'SELECT t.nosuch FROM t',
  'SELECT name, nosuch FROM t',
  'SELECT (t).nosuch FROM t',
  'SELECT own(t) FROM t',
  'SELECT id FROM t, only_public',
].map(plain)

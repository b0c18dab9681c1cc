-- Rarer definitions: what brings in code, and what needs it.

ALTER TABLESPACE nosuch RENAME TO other

DROP TABLESPACE nosuch

DROP TABLESPACE IF EXISTS nosuch

ALTER PROCEDURE touch(integer) RENAME TO touched

ALTER PROCEDURE touched(INOUT integer) SECURITY INVOKER

CALL touched(1)

CREATE AGGREGATE longest (text) (SFUNC = text_larger, STYPE = text)

ALTER AGGREGATE longest(text) RENAME TO largest

SELECT largest(name) FROM customers

ALTER AGGREGATE largest(text) OWNER TO owner_role

CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2'

CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = same, COMMUTATOR = OPERATOR(public.===))

ALTER OPERATOR public.=== (text, text) SET (RESTRICT = eqsel, JOIN = NONE)

SELECT name FROM customers WHERE name === 'Ada'

SELECT 'a' OPERATOR(public.===) 'a', 'a' === ANY (ARRAY['b', 'a'])

CREATE OPERATOR FAMILY own_family USING btree

ALTER OPERATOR FAMILY own_family USING btree ADD OPERATOR 3 = (int4, int4)

ALTER OPERATOR FAMILY own_family USING btree RENAME TO own_other

CREATE OPERATOR CLASS own_ops FOR TYPE int4 USING btree FAMILY own_other AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4)

ALTER OPERATOR CLASS own_ops USING btree RENAME TO own_ops2

CREATE INDEX ON customers (id own_ops2)

DROP OPERATOR CLASS own_ops2 USING btree CASCADE

DROP OPERATOR FAMILY own_other USING btree

CREATE TYPE base

CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4in'

CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'

CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = int4)

SELECT '7'::base, ARRAY['8']::base[]

ALTER TYPE base SET (STORAGE = plain)

DROP TYPE base CASCADE

CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'event %', tg_tag; END $$

CREATE EVENT TRIGGER noticing ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION on_ddl()

CREATE TABLE noticed (id int)

ALTER EVENT TRIGGER noticing DISABLE

DROP EVENT TRIGGER noticing

DROP EVENT TRIGGER IF EXISTS nosuch

CREATE CONVERSION own FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8

ALTER CONVERSION own RENAME TO own2

DROP CONVERSION own2

CREATE LANGUAGE own_language HANDLER plpgsql_call_handler

ALTER LANGUAGE own_language RENAME TO own_tongue

DROP LANGUAGE own_tongue

DROP TRANSFORM IF EXISTS FOR int LANGUAGE plpgsql

CREATE TEXT SEARCH PARSER own_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)

ALTER TEXT SEARCH PARSER own_parser RENAME TO own_parser2

DROP TEXT SEARCH PARSER own_parser2

CREATE TEXT SEARCH TEMPLATE own_template (LEXIZE = dsimple_lexize, INIT = dsimple_init)

ALTER TEXT SEARCH TEMPLATE own_template RENAME TO own_template2

DROP TEXT SEARCH TEMPLATE own_template2

CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (a '1')

ALTER FOREIGN DATA WRAPPER wrapper OPTIONS (SET a '2')

CREATE SERVER far FOREIGN DATA WRAPPER wrapper

ALTER SERVER far VERSION '2'

CREATE USER MAPPING FOR agent_ro SERVER far

ALTER USER MAPPING FOR agent_ro SERVER far OPTIONS (ADD user 'x')

DROP USER MAPPING IF EXISTS FOR agent_ro SERVER far

CREATE FOREIGN TABLE farther (id int) SERVER far

ALTER FOREIGN TABLE farther ADD COLUMN name text

IMPORT FOREIGN SCHEMA public FROM SERVER far INTO other

DROP FOREIGN TABLE farther

DROP SERVER far

DROP FOREIGN DATA WRAPPER wrapper

ALTER SUBSCRIPTION nosuch DISABLE

CREATE PUBLICATION everything FOR ALL TABLES

ALTER PUBLICATION everything RENAME TO all_of_it

DROP PUBLICATION all_of_it

ALTER SYSTEM SET work_mem = '5MB'

ALTER SYSTEM RESET work_mem

ALTER ROLE owner_role SET work_mem = '5MB'

ALTER ROLE owner_role RESET ALL

ALTER DATABASE postgres SET work_mem = '5MB'

ALTER DATABASE postgres RESET work_mem

ALTER LARGE OBJECT 1 OWNER TO owner_role

COMMENT ON LARGE OBJECT 1 IS 'none'

LOAD 'nosuch'

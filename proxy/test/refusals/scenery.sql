-- What attacks are after, beside the sample database: made by the superuser, before the gateway starts.
CREATE EXTENSION dblink;
CREATE EXTENSION tablefunc;
CREATE EXTENSION file_fdw;
CREATE EXTENSION lo;
CREATE EXTENSION tsm_system_rows;

REFRESH MATERIALIZED VIEW public.totals;
DELETE FROM public.orders WHERE id = 4;
CREATE TABLE other.salaries (name text, pay text);
INSERT INTO other.salaries VALUES ('Ada', 'salary-secret');

-- views and relatives of what is denied
CREATE VIEW public.key_view AS SELECT * FROM public.api_keys;
CREATE VIEW public.key_view_view AS SELECT secret AS s FROM public.key_view;
CREATE MATERIALIZED VIEW public.key_copy AS SELECT * FROM public.api_keys;
CREATE TABLE public.all_keys (id integer, secret text);
ALTER TABLE public.api_keys INHERIT public.all_keys;
CREATE TABLE public.ledger (id integer, secret text) PARTITION BY LIST (id);
CREATE TABLE public.ledger_1 PARTITION OF public.ledger FOR VALUES IN (1);
INSERT INTO public.ledger VALUES (1, 'partition-secret');
ANALYZE public.api_keys;
ALTER TABLE public.api_keys ADD COLUMN added text DEFAULT 'missing-secret';
ALTER TABLE public.api_keys ALTER COLUMN added DROP DEFAULT;

-- the owner's own code, which leaves a trace each time
CREATE TABLE public.trace (id integer GENERATED ALWAYS AS IDENTITY);
CREATE FUNCTION public.wipe() RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_int(integer) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_two(integer, integer) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_row(public.customers) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_set() RETURNS SETOF integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_any(VARIADIC integer[]) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.wipe_default(a integer DEFAULT 1, b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION public.immutable_wipe(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.wipe(); RETURN 1; END $$;
CREATE FUNCTION public.key_of(integer) RETURNS text LANGUAGE sql AS 'SELECT secret FROM public.api_keys WHERE id = $1';
CREATE FUNCTION public.run(text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE r text; BEGIN EXECUTE $1 INTO r; RETURN r; END $$;
CREATE PROCEDURE public.wipe_all() LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES';
CREATE FUNCTION public.on_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION public.on_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE OPERATOR public.%% (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.wipe_two);
CREATE OPERATOR public.!!! (RIGHTARG = integer, FUNCTION = public.wipe_int);
CREATE AGGREGATE public.wiping (integer) (SFUNC = public.wipe_two, STYPE = integer, INITCOND = '0');
CREATE CAST (public.customers AS integer) WITH FUNCTION public.wipe_row(public.customers) AS ASSIGNMENT;
CREATE TYPE public.pair AS (a integer, b integer);
CREATE FUNCTION public.pair_of(integer) RETURNS public.pair LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT ROW(1, 2)::public.pair';
CREATE CAST (integer AS public.pair) WITH FUNCTION public.pair_of(integer) AS IMPLICIT;

CREATE FUNCTION public.takes_pair(public.pair) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;-- names that capture what is looked up through a search_path
CREATE SCHEMA evil;
CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT ''captured''';
CREATE FUNCTION evil.count(integer) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION evil.length(text) RETURNS integer LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1';
CREATE FUNCTION evil.int_eq(integer, integer) RETURNS boolean LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT true';
CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.int_eq);
CREATE FUNCTION evil.text_cat(text, text) RETURNS text LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT ''captured''';
CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.text_cat);
CREATE FUNCTION evil.json_value(text, text) RETURNS text LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT ''captured''';
CREATE FUNCTION evil.merge_action() RETURNS text LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES; SELECT ''captured''';
CREATE VIEW evil.customers AS SELECT id, secret AS name, NULL::text AS email FROM public.api_keys;
CREATE SCHEMA evil_ops;
CREATE FUNCTION evil_ops.always(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil_ops.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil_ops.always);
CREATE TABLE public.a23456789012345678901234567890123456789012345678901234567890123 AS SELECT 1 AS x;
CREATE TABLE public.pending (a int);
CREATE TABLE public.reassigned (a int);
ALTER TABLE public.reassigned OWNER TO victim_member;
CREATE TYPE public.made_base;
CREATE FUNCTION public.made_in(cstring) RETURNS public.made_base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.made_out(public.made_base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION evil.checks(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.wipe(); RETURN true; END $$;

-- things that ALTER and DROP of every kind can be tried on
CREATE TABLE public.victim (id integer PRIMARY KEY, note text, r int4range);
INSERT INTO public.victim VALUES (1, 'one', '[1,2)'), (2, 'two', '[2,3)');
CREATE TABLE public.scratch (id integer);
CREATE INDEX victim_note ON public.victim (note);
CREATE SEQUENCE public.victim_seq;
CREATE VIEW public.victim_view AS SELECT * FROM public.victim;
CREATE MATERIALIZED VIEW public.victim_mat AS SELECT * FROM public.victim;
CREATE SCHEMA victim_schema;
CREATE TYPE public.victim_type AS (a integer);
CREATE TYPE public.victim_enum AS ENUM ('a');
CREATE DOMAIN public.victim_domain AS integer;
CREATE COLLATION public.victim_collation FROM "C";
CREATE STATISTICS public.victim_stats ON id, note FROM public.victim;
CREATE TEXT SEARCH CONFIGURATION public.victim_config (COPY = pg_catalog.english);
CREATE TEXT SEARCH DICTIONARY public.victim_dict (TEMPLATE = simple);
CREATE TEXT SEARCH PARSER public.victim_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE public.victim_template (LEXIZE = dsimple_lexize);
CREATE FUNCTION public.victim_function() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.victim_procedure() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE public.victim_aggregate (integer) (SFUNC = int4pl, STYPE = integer);
CREATE OPERATOR public.<=%=> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE OPERATOR FAMILY public.victim_family USING btree;
CREATE OPERATOR CLASS public.victim_class FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE CAST (public.victim_enum AS bytea) WITH INOUT;
CREATE TYPE public.victim_base;
CREATE FUNCTION public.victim_base_in(cstring) RETURNS public.victim_base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.victim_base_out(public.victim_base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE public.victim_base (INPUT = public.victim_base_in, OUTPUT = public.victim_base_out);
CREATE TRIGGER victim_trigger BEFORE INSERT ON public.victim FOR EACH ROW EXECUTE FUNCTION public.on_write();
CREATE EVENT TRIGGER victim_event ON sql_drop EXECUTE FUNCTION public.on_event();
ALTER EVENT TRIGGER victim_event DISABLE;
CREATE RULE victim_rule AS ON UPDATE TO public.scratch DO INSTEAD NOTHING;
CREATE POLICY victim_policy ON public.victim USING (true);
CREATE CONVERSION public.victim_conversion FOR 'UTF8' TO 'LATIN1' FROM pg_catalog.utf8_to_iso8859_1;
CREATE LANGUAGE victim_language HANDLER plpgsql_call_handler;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal));
CREATE ACCESS METHOD victim_method TYPE INDEX HANDLER pg_catalog.bthandler;
CREATE FOREIGN DATA WRAPPER victim_wrapper;
CREATE SERVER victim_server FOREIGN DATA WRAPPER victim_wrapper;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR postgres SERVER victim_server OPTIONS (password 'mapping-secret');
CREATE FOREIGN TABLE public.victim_foreign (a text) SERVER files OPTIONS (filename '/etc/hostname');
CREATE FOREIGN TABLE public.loot (line text) SERVER files OPTIONS (filename '$LOOT/secret.txt');
CREATE PUBLICATION victim_publication FOR TABLE public.victim;
SELECT lo_from_bytea(4711, 'lob-secret');

-- who the session is and what it has set: seen through a view, which the policy lets every agent read
CREATE VIEW public.probe AS SELECT current_user::text || session_user || current_setting('role')
  || coalesce(current_setting('sallyport.username', true), '-') || coalesce(current_setting('sallyport.groups', true), '-')
  || coalesce(current_setting('request.jwt.claims', true), '-') || coalesce(current_setting('app.tenant_id', true), '-')
  || (SELECT coalesce(string_agg(name || '=' || setting, ',' ORDER BY name), '') FROM pg_settings
       WHERE source NOT IN ('default', 'override', 'configuration file', 'command line')
         AND name NOT IN ('search_path', 'application_name', 'transaction_read_only', 'transaction_isolation', 'transaction_deferrable', 'DateStyle', 'TimeZone'))
  AS seen;

import { expect, test } from 'vitest'
import { groupOf } from './kinds.ts'
import { check as ddl, factsIn } from './test/parsed.ts'

test('what brings code in, or changes who is trusted, is Code and no DDL', () => {
  const statements = [
    "DO 'x'",
    'CALL p()',
    "LOAD 'x'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '1'",
    'CREATE EXTENSION e',
    'ALTER FUNCTION f() SET a = b',
    'ALTER SYSTEM SET a = 1',
    'ALTER ROLE r SET a = b',
    'ALTER DATABASE d RESET a',
    'CREATE POLICY p ON t',
    'DROP POLICY p ON t',
    'CREATE SERVER s FOREIGN DATA WRAPPER w',
    'CREATE PUBLICATION p',
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    'IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b',
    'ALTER FUNCTION f() RENAME TO g',
    'ALTER TRIGGER g ON t RENAME TO h',
    "CREATE CONVERSION c FOR 'a' TO 'b' FROM f",
    'ALTER OPERATOR + (int, int) OWNER TO x',
    'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()',
    'CREATE TEXT SEARCH PARSER p (START = a, GETTOKEN = b, END = c, LEXTYPES = d)',
    'CREATE ACCESS METHOD m TYPE TABLE HANDLER h',
    'ALTER ROUTINE f() OWNER TO x',
    'CREATE USER MAPPING FOR u SERVER s',
    'CREATE FOREIGN TABLE t () SERVER s',
    'CREATE TRANSFORM FOR t LANGUAGE l (FROM SQL WITH FUNCTION f(internal))',
    'ALTER LARGE OBJECT 1 OWNER TO x',
    'ALTER TYPE t SET (SEND = f)',
  ]
  for (const sql of statements) expect(groupOf(factsIn(sql)[0]?.kind ?? 'Select'), sql).toBe('Code')
})

ddl(
  'CREATE TABLE',
  'CREATE UNLOGGED TABLE IF NOT EXISTS s.t (a int PRIMARY KEY, b text COLLATE "C" DEFAULT f(1) CHECK (b > c), c s.d REFERENCES u (x), LIKE v INCLUDING ALL, GENERATED int GENERATED ALWAYS AS (g(a)) STORED) INHERITS (p) TABLESPACE ts',
  {
    kind: 'CreateTable',
    relations: ['CreateTable s.t made unlogged', 'AlterTable p', 'AlterTable u(x)', 'Select v'],
    calls: ['f/1', '>/2', 'g/1'],
    types: ['pg_catalog.int4', 'text', 's.d', 'pg_catalog.int4'],
    objects: ['Use collation C', 'Use tablespace ts'],
  },
)
ddl('temporary tables', 'CREATE TEMP TABLE t (a int)', { relations: ['CreateTable t made temporary'] })
ddl('partitions', 'CREATE TABLE p PARTITION OF t FOR VALUES FROM (f(1), MINVALUE) TO (2, MAXVALUE)', {
  relations: ['CreateTable p made', 'AlterTable t'],
  calls: ['f/1'],
  columns: [],
})
ddl('partition keys', 'CREATE TABLE t (a int) PARTITION BY RANGE (f(a) s.ops)', {
  calls: ['f/1'],
  objects: ['Use operator class s.ops'],
  columns: ['a@t'],
})
ddl('CREATE TABLE AS', 'CREATE TABLE t AS SELECT a FROM u WHERE b', {
  kind: 'CreateTable',
  parts: ['CreateTable', 'Select where'],
  relations: ['CreateTable t made', 'Select u #1'],
  carries: 'CreateAs Select',
  returnsRows: false,
})
ddl('CREATE TABLE AS EXECUTE', 'CREATE TABLE t AS EXECUTE p(1)', {
  carries: 'CreateAs Execute',
  control: { do: 'Execute', name: 'p' },
})
ddl('CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW m AS SELECT 1 FROM t', {
  kind: 'CreateMaterializedView',
  relations: ['CreateMaterializedView m made', 'Select t #1'],
})
ddl('CREATE VIEW', 'CREATE OR REPLACE TEMP VIEW v (x) AS SELECT a FROM t', {
  kind: 'CreateView',
  relations: ['CreateView v made temporary', 'Select t #1'],
})
ddl('CREATE RECURSIVE VIEW', 'CREATE RECURSIVE VIEW v (a) AS SELECT 1 UNION ALL SELECT a + 1 FROM v', {
  relations: ['CreateView v made'],
})
ddl('REFRESH', 'REFRESH MATERIALIZED VIEW m', {
  kind: 'RefreshMaterializedView',
  relations: ['RefreshMaterializedView m'],
})
ddl('CREATE INDEX', 'CREATE INDEX CONCURRENTLY i ON t USING gin (f(a) s.ops, b COLLATE "C") WHERE g(c)', {
  kind: 'CreateIndex',
  relations: ['CreateIndex t'],
  calls: ['f/1', 'g/1'],
  objects: ['Use operator class s.ops', 'Use collation C', 'Use access method gin'],
  cannotRollBack: true,
})
ddl(
  'ALTER TABLE',
  'ALTER TABLE IF EXISTS ONLY s.t ADD c int, ALTER a TYPE text USING f(a), ADD FOREIGN KEY (c) REFERENCES u, INHERIT p',
  {
    kind: 'AlterTable',
    relations: ['AlterTable s.t only maybe', 'AlterTable u', 'AlterTable p'],
    calls: ['f/1'],
  },
)
ddl('who is trusted', 'ALTER TABLE t DISABLE ROW LEVEL SECURITY, DISABLE TRIGGER ALL, ENABLE RULE r, OWNER TO x', {
  relations: ['AlterTable t', 'AlterPolicy t', 'AlterTrigger t', 'AlterRule t', 'AlterOwner t'],
})
ddl('ATTACH and DETACH', 'ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (f(1))', {
  relations: ['AlterTable t', 'AlterTable p'],
  calls: ['f/1'],
})
ddl('renames', 'ALTER TABLE s.t RENAME COLUMN a TO b', { kind: 'AlterTable', relations: ['AlterTable s.t'] })
ddl('of a view', 'ALTER VIEW IF EXISTS v RENAME TO w', {
  kind: 'AlterView',
  relations: ['AlterView v maybe', 'AlterView w made'],
})
ddl('to another name', 'ALTER TABLE ONLY s.t RENAME TO "U"', {
  relations: ['AlterTable s.t only', 'AlterTable U made'],
})
ddl('of a schema', 'ALTER SCHEMA s RENAME TO u', { objects: ['Alter schema s', 'Alter schema u'] })
ddl('moves', 'ALTER TABLE t SET SCHEMA s', { relations: ['AlterTable t'], objects: ['Use schema s'] })
ddl('sequences', 'CREATE SEQUENCE q AS bigint OWNED BY s.t.c', {
  relations: ['CreateSequence q made', 'AlterTable s.t(c)'],
  types: ['pg_catalog.int8'],
})
ddl('DROP', 'DROP TABLE IF EXISTS "if", s . exists /* , */ , c CASCADE', {
  kind: 'DropTable',
  relations: ['DropTable if maybe cascade', 'DropTable s.exists maybe cascade', 'DropTable c maybe cascade'],
  forbidden: [],
})
ddl('DROP MATERIALIZED VIEW', 'DROP MATERIALIZED VIEW m', { relations: ['DropMaterializedView m'] })
ddl('DROP INDEX', 'DROP INDEX CONCURRENTLY IF EXISTS a.i', {
  kind: 'DropIndex',
  relations: ['DropIndex a.i maybe'],
  cannotRollBack: true,
})
ddl('DROP FOREIGN TABLE', 'DROP FOREIGN TABLE f', { relations: ['DropForeignTable f'] })
ddl('DROP TRIGGER', 'DROP TRIGGER IF EXISTS g ON s.t', {
  kind: 'DropTrigger',
  relations: ['DropTrigger s.t maybe'],
  objects: ['Drop trigger g'],
})
ddl('DROP FUNCTION', 'DROP FUNCTION s.f(int), g', {
  kind: 'DropFunction',
  relations: [],
  objects: ['Drop function s.f', 'Drop function g'],
  types: ['pg_catalog.int4'],
})
ddl('DROP SCHEMA', 'DROP SCHEMA a, b CASCADE', { kind: 'DropSchema', objects: ['Drop schema a', 'Drop schema b'] })
ddl('DROP TYPE', 'DROP TYPE s.t', { kind: 'DropType', objects: ['Drop type s.t'], types: ['s.t'] })
ddl('COMMENT', "COMMENT ON TABLE s.t IS 'x'", { kind: 'Comment', relations: ['Comment s.t'] })
ddl('COMMENT on a column', "COMMENT ON COLUMN s.t.c IS 'x'", { relations: ['Comment s.t(c)'] })
ddl('COMMENT on a constraint', 'COMMENT ON CONSTRAINT c ON s.t IS NULL', {
  relations: ['Comment s.t'],
  objects: ['Comment constraint c'],
})
ddl('SECURITY LABEL', "SECURITY LABEL FOR 'p' ON MATERIALIZED VIEW v IS 'x'", {
  kind: 'SecurityLabel',
  relations: ['SecurityLabel v'],
  forbidden: [],
})
ddl('GRANT', 'GRANT SELECT (a), UPDATE ON t, s.u TO r WITH GRANT OPTION', {
  kind: 'Grant',
  relations: ['Grant t(a)', 'Grant s.u(a)'],
  objects: ['Grant role r'],
})
ddl('REVOKE', 'REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC', {
  kind: 'Revoke',
  objects: ['Grant role public', 'Grant schema s'],
})
ddl('membership', 'GRANT a TO b', { kind: 'Grant', objects: ['Grant role a', 'Grant role b'] })
ddl('CREATE SCHEMA', 'CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1 FROM u GRANT SELECT ON t TO r', {
  kind: 'CreateSchema',
  parts: ['CreateSchema', 'CreateTable', 'CreateView', 'Select', 'Grant'],
  relations: ['CreateTable t made #1', 'CreateView v made #2', 'Select u #3', 'Grant t #4'],
})
ddl('composite types', 'CREATE TYPE s.c AS (a int, b s.d)', {
  kind: 'CreateType',
  relations: ['CreateType s.c made'],
  types: ['pg_catalog.int4', 's.d'],
})
ddl('domains', 'CREATE DOMAIN d AS int CHECK (f(value))', {
  kind: 'CreateDomain',
  types: ['pg_catalog.int4'],
  calls: ['f/1'],
  columns: ['value@(value)'],
})
ddl('rules', 'CREATE RULE r AS ON DELETE TO t DO INSTEAD (UPDATE u SET a = old.b; NOTIFY x)', {
  kind: 'CreateRule',
  parts: ['CreateRule', 'Update', 'Notify'],
  relations: ['CreateRule t', 'Update u(a) #1', 'Select u if read #1'],
})
ddl('policies', 'ALTER POLICY p ON t USING (f(a)) WITH CHECK (b)', {
  kind: 'AlterPolicy',
  relations: ['AlterPolicy t'],
  calls: ['f/1'],
  columns: ['a@t', 'b@t'],
})
ddl(
  'functions with a body in SQL',
  'CREATE FUNCTION f(x int) RETURNS int BEGIN ATOMIC DELETE FROM t WHERE a = x; SELECT 1 FROM u; END',
  {
    kind: 'CreateFunction',
    parts: ['CreateFunction', 'Delete where'],
    relations: ['Delete t #1', 'Select t if read #1', 'Select u'],
  },
)
ddl('functions with settings', "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a, b AS '1'", {
  settings: ['Set search_path = a|b'],
})
ddl('and with a role', 'ALTER FUNCTION f() SET role = x', { forbidden: ['SetRole'] })
ddl('VACUUM', 'VACUUM (ANALYZE) t (a)', { kind: 'Vacuum', relations: ['Vacuum t(a)'], cannotRollBack: true })
ddl('ANALYZE', 'ANALYZE', { kind: 'Analyze', relations: [], cannotRollBack: false })
ddl('REINDEX', 'REINDEX INDEX i', { kind: 'Reindex', relations: ['Reindex i'] })
ddl('CREATE TABLESPACE', "CREATE TABLESPACE t LOCATION '/x'", { forbidden: ['ServerFile'] })
ddl('WITH (…) holds words', 'CREATE INDEX ON t USING gist (a) WITH (buffering = auto)', { types: [] })

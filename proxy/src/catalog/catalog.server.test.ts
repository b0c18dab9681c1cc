/** What happens in the database is in the catalog after one look, and nothing else is. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../sql/catalog.ts'
import { servers, startServer, type TestServer } from './test/server.ts'
import { type CatalogWatch, openCatalog } from './watch.ts'

interface Case {
  readonly name: string
  readonly before?: string
  readonly ddl: string
  readonly sees: (catalog: Catalog) => unknown
  readonly was: unknown
  readonly is: unknown
}

const columns = (catalog: Catalog, name: string) => catalog.relation('public', name)?.columns.map(column => column.name)
const namesOf = (catalog: Catalog, oids: readonly number[] = []) => oids.map(oid => catalog.relationByOid(oid)?.name)

const cases: readonly Case[] = [
  {
    name: 'a rolled back table is not there',
    ddl: 'BEGIN; CREATE TABLE no (a int); ROLLBACK',
    sees: c => c.relation('public', 'no'),
    was: undefined,
    is: undefined,
  },
  {
    name: 'another session’s temporary table is not there',
    ddl: 'CREATE TABLE seen (a int); CREATE TEMP TABLE hidden () INHERITS (seen); CREATE TEMP VIEW over AS SELECT a FROM seen',
    sees: c => [
      [...Array(9).keys()].filter(n => c.relation(`pg_temp_${n}`, 'hidden')),
      c.relation('public', 'seen')?.children,
      c.relation('public', 'seen')?.readBy,
    ],
    was: [[], undefined, undefined],
    is: [[], [], []],
  },
  {
    name: 'create table',
    ddl: 'CREATE TABLE t1 (a int, "b,""c" text)',
    sees: c => columns(c, 't1'),
    was: undefined,
    is: ['a', 'b,"c'],
  },
  {
    name: 'add column',
    before: 'CREATE TABLE t2 (a int)',
    ddl: 'ALTER TABLE t2 ADD b int',
    sees: c => columns(c, 't2'),
    was: ['a'],
    is: ['a', 'b'],
  },
  {
    name: 'drop column',
    before: 'CREATE TABLE t3 (a int, b int)',
    ddl: 'ALTER TABLE t3 DROP a',
    sees: c => columns(c, 't3'),
    was: ['a', 'b'],
    is: ['b'],
  },
  {
    name: 'rename column',
    before: 'CREATE TABLE t4 (a int)',
    ddl: 'ALTER TABLE t4 RENAME a TO z',
    sees: c => columns(c, 't4'),
    was: ['a'],
    is: ['z'],
  },
  {
    name: 'column type without a rewrite',
    before: 'CREATE TABLE t5 (a varchar(9))',
    ddl: 'ALTER TABLE t5 ALTER a TYPE text',
    sees: c => c.relation('public', 't5')?.columns[0]?.type,
    was: 1043,
    is: 25,
  },
  {
    name: 'rename table',
    before: 'CREATE TABLE t6 (a int)',
    ddl: 'ALTER TABLE t6 RENAME TO t6b',
    sees: c => [columns(c, 't6'), columns(c, 't6b')],
    was: [['a'], undefined],
    is: [undefined, ['a']],
  },
  {
    name: 'set schema',
    before: 'CREATE SCHEMA s7; CREATE TABLE t7 (a int)',
    ddl: 'ALTER TABLE t7 SET SCHEMA s7',
    sees: c => [c.relation('public', 't7')?.name, c.relation('s7', 't7')?.name],
    was: ['t7', undefined],
    is: [undefined, 't7'],
  },
  {
    name: 'rename schema',
    before:
      'CREATE SCHEMA s8; CREATE TABLE s8.t (a int); CREATE TYPE s8.e AS ENUM (); CREATE FUNCTION public.f8(s8.e) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    ddl: 'ALTER SCHEMA s8 RENAME TO s8b',
    sees: c => [c.relation('s8', 't')?.name, c.relation('s8b', 't')?.name, c.functions('public', 'f8')[0]?.args],
    was: ['t', undefined, ['s8.e']],
    is: [undefined, 't', ['s8b.e']],
  },
  {
    name: 'drop table',
    before: 'CREATE TABLE t9 (a serial primary key, b text)',
    ddl: 'DROP TABLE t9',
    sees: c => [
      c.relation('public', 't9')?.name,
      c.relation('public', 't9_pkey')?.name,
      c.relation('public', 't9_a_seq')?.name,
    ],
    was: ['t9', 't9_pkey', 't9_a_seq'],
    is: [undefined, undefined, undefined],
  },
  {
    name: 'create view',
    before: 'CREATE TABLE t10 (a int)',
    ddl: 'CREATE VIEW v10 AS SELECT a FROM (SELECT a FROM t10 LIMIT 1) s',
    sees: c => [namesOf(c, c.relation('public', 'v10')?.reads), namesOf(c, c.relation('public', 't10')?.readBy)],
    was: [[], []],
    is: [['t10'], ['v10']],
  },
  {
    name: 'create or replace view',
    before: 'CREATE TABLE t11 (a int); CREATE TABLE t11b (a int); CREATE VIEW v11 AS SELECT a FROM t11',
    ddl: 'CREATE OR REPLACE VIEW v11 AS SELECT a FROM t11b',
    sees: c => [namesOf(c, c.relation('public', 'v11')?.reads), namesOf(c, c.relation('public', 't11')?.readBy)],
    was: [['t11'], ['v11']],
    is: [['t11b'], []],
  },
  {
    name: 'a view over a pinned catalog reads it',
    ddl: 'CREATE VIEW v12 AS SELECT rolname AS ":relid 1259 " FROM pg_authid',
    sees: c => namesOf(c, c.relation('public', 'v12')?.reads),
    was: [],
    is: ['pg_authid'],
  },
  {
    name: 'materialised view',
    before: 'CREATE TABLE t13 (a int)',
    ddl: 'CREATE MATERIALIZED VIEW m13 AS SELECT (SELECT max(a) FROM t13)',
    sees: c => [c.relation('public', 'm13')?.sort, namesOf(c, c.relation('public', 'm13')?.reads)],
    was: [undefined, []],
    is: ['MaterializedView', ['t13']],
  },
  {
    name: 'attach partition',
    before: 'CREATE TABLE p14 (a int) PARTITION BY LIST (a); CREATE TABLE c14 (a int)',
    ddl: 'ALTER TABLE p14 ATTACH PARTITION c14 FOR VALUES IN (1)',
    sees: c => [namesOf(c, c.relation('public', 'p14')?.children), namesOf(c, c.relation('public', 'c14')?.parents)],
    was: [[], []],
    is: [['c14'], ['p14']],
  },
  {
    name: 'detach partition',
    before: 'CREATE TABLE p15 (a int) PARTITION BY LIST (a); CREATE TABLE c15 PARTITION OF p15 DEFAULT',
    ddl: 'ALTER TABLE p15 DETACH PARTITION c15',
    sees: c => [c.relation('public', 'p15')?.sort, namesOf(c, c.relation('public', 'p15')?.children)],
    was: ['Partitioned', ['c15']],
    is: ['Partitioned', []],
  },
  {
    name: 'inherit',
    before: 'CREATE TABLE p16 (a int); CREATE TABLE c16 (a int)',
    ddl: 'ALTER TABLE c16 INHERIT p16',
    sees: c => namesOf(c, c.relation('public', 'p16')?.children),
    was: [],
    is: ['c16'],
  },
  {
    name: 'foreign key',
    before: 'CREATE TABLE t17 (a int primary key); CREATE TABLE r17 (a int)',
    ddl: 'ALTER TABLE r17 ADD FOREIGN KEY (a) REFERENCES t17 ON DELETE CASCADE ON UPDATE SET NULL',
    sees: c =>
      c.relation('public', 't17')?.referencedBy.map(r => [c.relationByOid(r.oid)?.name, r.onDelete, r.onUpdate]),
    was: [],
    is: [['r17', 'Cascade', 'SetNull']],
  },
  {
    name: 'dropped foreign key',
    before: 'CREATE TABLE t18 (a int primary key); CREATE TABLE r18 (a int CONSTRAINT k18 REFERENCES t18)',
    ddl: 'ALTER TABLE r18 DROP CONSTRAINT k18',
    sees: c => c.relation('public', 't18')?.referencedBy.length,
    was: 1,
    is: 0,
  },
  {
    name: 'rule',
    before: 'CREATE TABLE t19 (a int); CREATE TABLE o19 (a int)',
    ddl: 'CREATE RULE r AS ON INSERT TO t19 DO ALSO DELETE FROM o19',
    sees: c => [
      c.relation('public', 't19')?.rules,
      c.relation('public', 't19')?.reads,
      namesOf(c, c.relation('public', 'o19')?.readBy),
    ],
    was: [[], [], []],
    is: [['Insert'], [], ['t19']],
  },
  {
    name: 'dropped rule',
    before: 'CREATE TABLE t20 (a int); CREATE RULE r AS ON DELETE TO t20 DO INSTEAD NOTHING',
    ddl: 'DROP RULE r ON t20',
    sees: c => c.relation('public', 't20')?.rules,
    was: ['Delete'],
    is: [],
  },
  {
    name: 'index and its table',
    before: 'CREATE TABLE t21 (a int)',
    ddl: 'CREATE INDEX i21 ON t21 (a)',
    sees: c => namesOf(c, [c.relation('public', 'i21')?.owner ?? 0]),
    was: [undefined],
    is: ['t21'],
  },
  {
    name: 'sequence owned by',
    before: 'CREATE TABLE t22 (a int); CREATE SEQUENCE q22',
    ddl: 'ALTER SEQUENCE q22 OWNED BY t22.a',
    sees: c => [c.relation('public', 'q22')?.sort, namesOf(c, [c.relation('public', 'q22')?.owner ?? 0])],
    was: ['Sequence', [undefined]],
    is: ['Sequence', ['t22']],
  },
  {
    name: 'new function',
    ddl: "CREATE FUNCTION f23(a int, VARIADIC b text[] DEFAULT '{}') RETURNS int LANGUAGE sql AS 'SELECT 1'",
    sees: c => c.functions('public', 'f23').map(f => [f.sort, f.args, f.defaults, f.variadic]),
    was: [],
    is: [['Function', ['integer', 'text'], 1, true]],
  },
  {
    name: 'replaced function gets a default',
    before: "CREATE FUNCTION f24(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ddl: "CREATE OR REPLACE FUNCTION f24(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    sees: c => c.functions('public', 'f24')[0]?.defaults,
    was: 0,
    is: 1,
  },
  {
    name: 'overload, and dropped',
    before: "CREATE FUNCTION f25(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ddl: "CREATE FUNCTION f25(text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f25(int)",
    sees: c => c.functions('public', 'f25').map(f => f.args),
    was: [['integer']],
    is: [['text[]']],
  },
  {
    name: 'procedure, its input arguments',
    ddl: "CREATE PROCEDURE p26(a int, OUT b numeric) LANGUAGE sql AS 'SELECT 1.0'",
    sees: c => c.functions('public', 'p26').map(f => [f.sort, f.args]),
    was: [],
    is: [['Procedure', ['integer']]],
  },
  {
    name: 'aggregate',
    ddl: 'CREATE AGGREGATE a27(int) (sfunc = int4pl, stype = int)',
    sees: c => c.functions('public', 'a27').map(f => f.sort),
    was: [],
    is: ['Aggregate'],
  },
  {
    name: 'new operator',
    ddl: 'CREATE OPERATOR public.=#= (leftarg = int, rightarg = text, function = pg_catalog.repeat_int)'.replace(
      'pg_catalog.repeat_int',
      'public.op28',
    ),
    before: "CREATE FUNCTION op28(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    sees: c => c.operators('public', '=#=').map(o => [o.left, o.right, c.functionByOid(o.function)?.name]),
    was: [],
    is: [['integer', 'text', 'op28']],
  },
  {
    name: 'new type, cast and domain',
    ddl: "CREATE TYPE e29 AS ENUM ('a'); CREATE CAST (e29 AS int) WITH FUNCTION cast29(e29) AS IMPLICIT; CREATE DOMAIN d29 AS e29".replace(
      'CREATE CAST',
      "CREATE FUNCTION cast29(e29) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST",
    ),
    sees: c => [
      c.type('public', 'e29')?.sort,
      c.type('public', 'd29')?.sort,
      c.typeByOid(c.type('public', 'd29')?.element ?? 0)?.name,
      c
        .castsTo(23)
        .filter(x => c.typeByOid(x.source)?.name === 'e29')
        .map(x => x.context),
    ],
    was: [undefined, undefined, undefined, []],
    is: ['Enum', 'Domain', 'e29', ['Implicit']],
  },
  {
    name: 'renamed type in a function’s arguments',
    before: "CREATE TYPE e30 AS ENUM (); CREATE FUNCTION f30(e30[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ddl: 'ALTER TYPE e30 RENAME TO e30b',
    sees: c => c.functions('public', 'f30')[0]?.args,
    was: ['public.e30[]'],
    is: ['public.e30b[]'],
  },
  {
    name: 'row type and its array',
    ddl: 'CREATE TABLE t31 (a int)',
    sees: c => [
      c.type('public', 't31')?.relation === c.relation('public', 't31')?.oid,
      c.type('public', '_t31')?.element === c.type('public', 't31')?.oid,
      c.type('public', 't31')?.sort,
    ],
    was: [true, true, undefined],
    is: [true, true, 'Composite'],
  },
  {
    name: 'schema and who may use it',
    ddl: 'CREATE SCHEMA s32; GRANT USAGE ON SCHEMA s32 TO reader',
    sees: c => [
      c.schema('s32')?.usableBy('reader'),
      c.schema('s32')?.usableBy('other'),
      c.schema('s32')?.usableBy('nobody knows'),
    ],
    was: [undefined, undefined, undefined],
    is: [true, false, false],
  },
  {
    name: 'a grant to a role of the role',
    before: 'CREATE SCHEMA s33; CREATE ROLE group33; GRANT USAGE ON SCHEMA s33 TO group33',
    ddl: 'GRANT group33 TO reader',
    sees: c => c.schema('s33')?.usableBy('reader'),
    was: false,
    is: true,
  },
  {
    name: 'a revoke',
    before: 'CREATE SCHEMA s34; GRANT USAGE ON SCHEMA s34 TO reader',
    ddl: 'REVOKE USAGE ON SCHEMA s34 FROM reader',
    sees: c => c.schema('s34')?.usableBy('reader'),
    was: true,
    is: false,
  },
  {
    name: 'DDL of a subtransaction',
    ddl: 'BEGIN; SAVEPOINT a; CREATE TABLE t35 (a int); SAVEPOINT b; CREATE TABLE t35b (a int); ROLLBACK TO b; COMMIT',
    sees: c => [columns(c, 't35'), columns(c, 't35b')],
    was: [undefined, undefined],
    is: [['a'], undefined],
  },
  {
    name: 'drop schema cascade',
    before: 'CREATE SCHEMA s36; CREATE VIEW s36.v AS SELECT 1 AS a',
    ddl: 'DROP SCHEMA s36 CASCADE',
    sees: c => [c.schema('s36')?.name, c.relation('s36', 'v')?.name],
    was: ['s36', 'v'],
    is: [undefined, undefined],
  },
  {
    name: 'a member added to an extension',
    before: "CREATE FUNCTION f37() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ddl: 'ALTER EXTENSION plpgsql ADD FUNCTION f37()',
    sees: c => c.functions('public', 'f37')[0]?.extension,
    was: undefined,
    is: 'plpgsql',
  },
  {
    name: 'a member taken out of an extension',
    before: 'SELECT 1',
    ddl: 'ALTER EXTENSION plpgsql DROP FUNCTION f37()',
    sees: c => c.functions('public', 'f37')[0]?.extension,
    was: 'plpgsql',
    is: undefined,
  },
]

describe.each(servers)('$bin', ({ bin }) => {
  let server: TestServer
  let admin: pg.Client
  let watch: CatalogWatch

  beforeAll(async () => {
    server = await startServer(bin)
    admin = await server.client()
    await admin.query('CREATE ROLE reader LOGIN; CREATE ROLE other; REVOKE ALL ON SCHEMA public FROM PUBLIC')
    // A role with nothing but CONNECT reads all of it.
    watch = openCatalog({
      connect: () => server.connect('postgres', 'reader'),
      database: 'postgres',
      roles: ['reader', 'other'],
      pollMs: 3_600_000,
    })
    await watch.ready
  })

  afterAll(async () => {
    watch.close()
    await admin.end()
    await server.stop()
  })

  test.each(cases)('$name', async ({ before, ddl, sees, was, is }) => {
    if (before) await admin.query(before)
    const first = await watch.refresh()
    expect(sees(first)).toEqual(was)
    await admin.query(ddl)
    const second = await watch.refresh()
    expect(sees(second)).toEqual(is)
    expect(sees(first)).toEqual(was) // a catalog does not change
  })
})

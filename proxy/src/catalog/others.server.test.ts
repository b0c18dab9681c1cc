/** What happens in the database is in the catalog after one look, and nothing else is: indexes, sequences, functions, operators, types, schemas, extensions. */
import { type Case, checkDdl, columns, namesOf } from './test/ddl.ts'

const cases: readonly Case[] = [
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

checkDdl(cases)

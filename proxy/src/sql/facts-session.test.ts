import { expect, test } from 'vitest'
import { factsIn, check as session } from './test/parsed.ts'

test('the role is never a setting', () => {
  for (const sql of [
    'SET ROLE x',
    'SET LOCAL ROLE x',
    'RESET ROLE',
    'SET SESSION AUTHORIZATION x',
    "SELECT set_config('ROLE', 'x', false)",
    'SET "role" = x',
    "SELECT set_config('session_authorization', NULL, false)",
    "SELECT s.set_config('session_authorization', $1, true)",
  ])
    expect(
      factsIn(sql)[0]?.forbidden.map(({ code }) => code),
      sql,
    ).toEqual(['SetRole'])
})

session('back to one’s own login, as DISCARD ALL', 'RESET SESSION AUTHORIZATION', {
  forbidden: [],
  settings: ['Reset session_authorization'],
})
session('… or so', 'SET SESSION AUTHORIZATION DEFAULT', { forbidden: [], settings: ['Set session_authorization'] })
session('SET', 'SET search_path TO a, "B", \'c\'', { kind: 'Set', settings: ['Set search_path = a|B|c'] })
session('SET LOCAL', 'SET LOCAL statement_timeout = 100', { settings: ['Set local statement_timeout = 100'] })
session('SET to DEFAULT', 'SET x.Y TO DEFAULT', { settings: ['Set x.y'] })
session('SET on', 'SET enable_seqscan = on', { settings: ['Set enable_seqscan = on'] })
session('SET TIME ZONE', "SET TIME ZONE 'UTC'", { settings: ['Set timezone = UTC'] })
session('SET TIME ZONE INTERVAL', "SET TIME ZONE INTERVAL '-3' HOUR TO MINUTE", {
  settings: ["Set timezone = INTERVAL '-3'"],
})
session('SET TIME ZONE LOCAL', 'SET TIME ZONE LOCAL', { settings: ['Set timezone'] })
session('SET NAMES', "SET NAMES 'UTF8'", { settings: ['Set client_encoding = UTF8'] })
session('SET TRANSACTION', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE', {
  kind: 'SetTransaction',
  settings: ['Set local transaction_isolation = serializable', 'Set local transaction_read_only = off'],
})
session('SET TRANSACTION SNAPSHOT', "SET TRANSACTION SNAPSHOT 'x'", { kind: 'SetTransactionSnapshot' })
session('SET SESSION CHARACTERISTICS', 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', {
  kind: 'Set',
  settings: ['Set default_transaction_read_only = on'],
})
session('RESET', 'RESET "Search_Path"', { kind: 'Reset', settings: ['Reset search_path'] })
session('RESET ALL', 'RESET ALL', { settings: ['Reset all'] })
session('SHOW', 'SHOW DateStyle', { kind: 'Show', settings: ['Show datestyle'] })
session('SHOW ALL', 'SHOW ALL', { settings: ['Show all'] })
session('set_config', "SELECT set_config('Search_Path', 'a', true)", {
  settings: ['Set local search_path = a'],
  calls: ['set_config/3'],
})
session('set_config with a value that nobody can read here', "SELECT pg_catalog.set_config('x', $1, false)", {
  settings: ['Set x = ?'],
})
session('set_config with a name that nobody can read here', "SELECT set_config('x' || 'y', 'a', false)", {
  settings: [],
  forbidden: ['DynamicSetting'],
})
session('current_setting', "SELECT current_setting('a.b'::text, true)", { settings: ['Show a.b'] })
session('current_setting with a column', 'SELECT current_setting(name) FROM pg_settings', {
  forbidden: ['DynamicSetting'],
})
session('with named arguments', "SELECT current_setting(setting_name => 'x')", { forbidden: ['DynamicSetting'] })
session('with a cast that cuts', "SELECT current_setting('xyz'::varchar(1))", { forbidden: ['DynamicSetting'] })
session('ALTER SYSTEM', 'ALTER SYSTEM SET log_statement = none', {
  kind: 'AlterSystem',
  settings: ['Set log_statement = none'],
})
session('ALTER ROLE … SET', 'ALTER ROLE r IN DATABASE d SET search_path = x', {
  kind: 'AlterRoleSet',
  settings: ['Set search_path = x'],
})

test('a name that comes as a parameter', () => {
  const bound = (argument: string) =>
    factsIn(`SELECT current_setting(${argument})`)[0]?.boundSettings?.map(({ parameter }) => parameter)
  for (const cut of [
    '$1::text',
    '$1::varchar(3)',
    '$1::s.varchar',
    '$1::varchar[]',
    '$1::name',
    'lower($1)',
    '$1::varchar::text',
  ])
    expect([cut, bound(cut)]).toEqual([cut, undefined])
  for (const whole of ['$2', '$2::VARCHAR', 'CAST($2 AS character varying)', '$2::pg_catalog.text'])
    expect([whole, bound(whole)]).toEqual([whole, [2]])
})

session('BEGIN', 'START TRANSACTION READ ONLY', { kind: 'Begin', control: { do: 'Begin' } })
session('COMMIT', 'END AND CHAIN', { kind: 'Commit', control: { do: 'Commit' } })
session('ROLLBACK', 'ABORT', { kind: 'Rollback', control: { do: 'Rollback' } })
session('SAVEPOINT', 'SAVEPOINT "S"', { kind: 'Savepoint', control: { do: 'Savepoint', name: 'S' } })
session('RELEASE', 'RELEASE s', { kind: 'ReleaseSavepoint', control: { do: 'Release', name: 's' } })
session('ROLLBACK TO', 'ROLLBACK TO s', { kind: 'RollbackToSavepoint', control: { do: 'RollbackTo', name: 's' } })
session('PREPARE TRANSACTION', "PREPARE TRANSACTION 'x'", {
  kind: 'PrepareTransaction',
  control: { do: 'PrepareTransaction' },
})
session('COMMIT PREPARED', "COMMIT PREPARED 'x'", {
  kind: 'CommitPrepared',
  control: { do: 'CommitPrepared' },
  cannotRollBack: true,
})
session('PREPARE', 'PREPARE p (int, s.t) AS DELETE FROM t WHERE a = $1', {
  kind: 'Prepare',
  carries: 'Prepare Delete',
  parts: ['Delete where'],
  relations: ['Delete t', 'Select t if read'],
  types: ['pg_catalog.int4', 's.t'],
  control: { do: 'Prepare', name: 'p' },
})
session('EXECUTE', 'EXECUTE p (1, f(2))', { kind: 'Execute', calls: ['f/1'], control: { do: 'Execute', name: 'p' } })
session('DEALLOCATE', 'DEALLOCATE PREPARE p', { control: { do: 'Deallocate', name: 'p' } })
session('DEALLOCATE ALL', 'DEALLOCATE ALL', { control: { do: 'Deallocate' } })
session('DECLARE', 'DECLARE c BINARY SCROLL CURSOR WITH HOLD FOR SELECT 1 FROM t FOR UPDATE', {
  kind: 'Declare',
  carries: 'Declare Select',
  relations: ['Select t', 'Lock t'],
  control: { do: 'Declare', name: 'c', hold: true },
})
session('without HOLD', 'DECLARE c CURSOR FOR SELECT 1', { control: { do: 'Declare', name: 'c', hold: false } })
session('FETCH', 'FETCH ALL FROM c', {
  kind: 'Fetch',
  control: { do: 'Fetch', name: 'c', move: false },
  returnsRows: true,
})
session('MOVE', 'MOVE BACKWARD 3 IN c', {
  kind: 'Move',
  control: { do: 'Fetch', name: 'c', move: true },
  returnsRows: false,
})
session('CLOSE', 'CLOSE c', { control: { do: 'Close', name: 'c' } })
session('CLOSE ALL', 'CLOSE ALL', { control: { do: 'Close' } })
session('DISCARD ALL', 'DISCARD ALL', { control: { do: 'Discard', what: 'All' }, cannotRollBack: true })
session('DISCARD PLANS', 'DISCARD PLANS', { control: { do: 'Discard', what: 'Plans' } })
session('EXPLAIN', 'EXPLAIN (VERBOSE, ANALYZE off) DELETE FROM t', {
  kind: 'Explain',
  carries: 'Explain Delete',
  parts: ['Delete'],
  relations: ['Delete t', 'Select t if read'],
  returnsRows: true,
})
session('EXPLAIN ANALYZE x is x', 'EXPLAIN ANALYZE DELETE FROM t', { carries: 'ExplainAnalyze Delete' })
session('the last ANALYZE counts', 'EXPLAIN (ANALYZE 0, ANALYZE) SELECT 1', { carries: 'ExplainAnalyze Select' })
session('EXPLAIN EXECUTE', 'EXPLAIN ANALYZE EXECUTE p', {
  carries: 'ExplainAnalyze Execute',
  control: { do: 'Execute', name: 'p' },
})
session('EXPLAIN DECLARE makes no cursor', 'EXPLAIN DECLARE c CURSOR FOR SELECT 1 FROM t', {
  relations: ['Select t'],
  control: undefined,
})
session('EXPLAIN CREATE TABLE AS', 'EXPLAIN ANALYZE CREATE TABLE n AS SELECT 1 FROM t', {
  carries: 'ExplainAnalyze CreateTable',
  relations: ['CreateTable n made', 'Select t #1'],
})
session('LISTEN', 'LISTEN x', { kind: 'Listen' })
session('NOTIFY', "NOTIFY x, 'y'", { kind: 'Notify' })
session('UNLISTEN', 'UNLISTEN *', { kind: 'Unlisten' })
session('SET CONSTRAINTS', 'SET CONSTRAINTS ALL DEFERRED', { kind: 'SetConstraints' })
session('$n', 'SELECT $3', { kind: 'Select' })

test('the highest parameter', () => {
  expect(factsIn('SELECT $2, (SELECT $7)')[0]?.parameters).toBe(7)
})

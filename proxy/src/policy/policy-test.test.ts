import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { describedCatalog } from '../sql/described-catalog.ts'
import { runPolicyTests } from './policy-test.ts'
import { readPolicyTests } from './policy-test-file.ts'
import { allow, deny, policy } from './test/policies.ts'

beforeAll(loadModule)

const head = `
gateway: data/orders
database: shop
catalog:
  relations:
    public.orders: [id, tenant_id, total]
    public.api_keys: [id, key]
    public.key_names: {columns: [id], view: [public.api_keys]}
    public.log: [at, what]
    public.events: {columns: [at], partitions: [public.events_2025]}
    public.events_2025: [at]
    private.orders: [id]
    public.pg_stat_statements: {columns: [query], view: []}
    staging.t: [id]
    free.t: [id]
  functions: ["public.search(text)", "public.touch(integer)"]
subjects:
  agent: {username: "idp:a", groups: ["idp:agents"], claims: {tenant: acme}}
  stranger: {username: "idp:b"}
tests:
`

const policies = [
  policy({
    name: 'agents',
    rules: [
      allow(['Read'], ['public.*']),
      allow(['Insert'], ['public.log'], { name: 'logs' }),
      allow(['Update', 'Delete'], ['public.orders'], { name: 'fix', when: "claims.tenant == 'acme'" }),
      deny({ name: 'secrets', tables: ['public.api_keys'] }),
      deny({ name: 'unbounded', statements: ['Update', 'Delete'], when: '!statement.hasWhere' }),
      { name: 'ddl', action: 'RequireApproval', statements: ['DDL'] },
    ],
    functions: { allow: ['public.search'] },
  }),
]

function run(tests: string, of = policies): readonly string[] {
  const read = readPolicyTests(parseYaml(head + tests))
  if ('problems' in read) return read.problems
  const described = describedCatalog(read.file.catalog, 'shop')
  if ('problems' in described) return described.problems
  const parse = (text: string) => {
    try {
      return { tree: parseSync(text) }
    } catch (error) {
      return { refusal: { sqlState: '42601', message: String(error) } }
    }
  }
  return runPolicyTests({ file: read.file, policies: of, broken: [], catalog: described.catalog, parse }).flatMap(
    ({ failures }) => failures,
  )
}

test('a test that is not met says what was expected and why it was not so', () => {
  expect(run('  - {as: agent, statement: DELETE FROM log, expect: Allow}')).toEqual([
    'verdict: expected Allow, got Deny (rule "unbounded" denies Delete on public.log)',
  ])
})

test('mistakes in the file are told with their place', () => {
  expect(run('  - {as: nobody, statment: SELECT 1, expect: Maybe}')).toEqual([
    'tests[0].statment: unknown field',
    'tests[0].as: "nobody" is not among subjects',
    'tests[0].expect: one of Allow, Deny, RequireApproval',
    'tests[0].statement: a text is expected',
  ])
})

/** Statements that touch what they do not name, or move it. */
const ddl = [
  policy({
    name: 'ddl',
    rules: [
      allow(['DDL', 'DCL', 'Utility'], ['staging.*', 'fresh.*']),
      allow(['AlterTable'], ['free.t*', 'public.o*']),
      deny({ tables: ['public.api_keys'] }),
    ],
  }),
]

test.each<[string, string]>([
  ['DROP SCHEMA public CASCADE', 'Deny PolicyDenied'],
  ['DROP SCHEMA private CASCADE', 'Deny KindNotAllowed'],
  ['ALTER SCHEMA public RENAME TO other', 'Deny PolicyDenied'],
  ['ALTER SCHEMA private RENAME TO other', 'Deny KindNotAllowed'],
  ['GRANT SELECT ON ALL TABLES IN SCHEMA public TO joe', 'Deny PolicyDenied'],
  ['DROP OWNED BY joe', 'Deny PolicyDenied'],
  ['VACUUM', 'Deny PolicyDenied'],
  ['REINDEX SCHEMA private', 'Deny KindNotAllowed'],
  ['ALTER SCHEMA staging RENAME TO public', 'Deny PolicyDenied'],
  ['ALTER SCHEMA staging RENAME TO other', 'Deny KindNotAllowed'],
  ['ALTER TABLE orders RENAME TO api_keys', 'Deny PolicyDenied'],
  ['ALTER TABLE orders RENAME TO log2', 'Deny NotGranted'],
  ['ALTER TABLE IF EXISTS absent RENAME TO api_keys', 'Deny PolicyDenied'],
  ['ALTER TABLE staging.t SET SCHEMA public', 'Deny NotGranted'],
  ['ALTER TABLE private.orders SET SCHEMA staging', 'Deny NotGranted'],

  ['DROP SCHEMA staging CASCADE', 'Allow'],
  ['ALTER SCHEMA staging RENAME TO fresh', 'Allow'],
  ['ALTER TABLE staging.t RENAME TO api_keys', 'Allow'], // in its own schema
  ['ALTER TABLE orders RENAME TO old_orders', 'Allow'],
  ['GRANT SELECT ON ALL TABLES IN SCHEMA staging TO joe', 'Allow'],
  ['ALTER TABLE staging.t SET SCHEMA free', 'Allow'],
  ['VACUUM staging.t', 'Allow'],
  ['CREATE SCHEMA more', 'Allow'],
])('what is not named: %s: %s', (statement, expected) => {
  const [verdict = '', reason = ''] = expected.split(' ')
  const more = reason === '' ? '' : `, reason: ${JSON.stringify(reason)}`
  expect(run(`  - {as: agent, statement: ${JSON.stringify(statement)}, expect: ${verdict}${more}}`, ddl)).toEqual([])
})

/** Real SQL through parser, facts, names and rules. */
test.each<[string, string]>([
  ['DELETE FROM log WHERE at = 1', 'Deny WriteNotAllowed'],
  ['WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d', 'Deny PolicyDenied'],
  ['WITH d AS (DELETE FROM log WHERE at = 1 RETURNING *) SELECT * FROM d', 'Deny WriteNotAllowed'],
  ['UPDATE orders SET total = 0', 'Deny PolicyDenied'],
  ['SELECT * FROM api_keys', 'Deny PolicyDenied'],
  ['SELECT * FROM key_names', 'Deny PolicyDenied'],
  ['SELECT (SELECT max(key) FROM public.api_keys) FROM orders', 'Deny PolicyDenied'],
  ['SELECT * FROM private.orders', 'Deny NotGranted'],
  ['SELECT * FROM nowhere', 'Deny 42P01'],
  ['SELECT nope FROM orders WHERE', 'Deny 42601'],
  ["SELECT pg_read_file('/etc/passwd')", 'Deny FunctionNotAllowed'],
  ["SELECT query_to_xml('SELECT 1', true, true, '')", 'Deny FunctionNotAllowed'],
  ['SELECT touch(1)', 'Deny FunctionNotAllowed'],
  ['SELECT pg_sleep(1)', 'Deny FunctionNotAllowed'],
  ['SELECT * FROM pg_authid', 'Deny SystemCatalogClosed'],
  ['SELECT * FROM pg_stats', 'Deny SystemCatalogClosed'],
  ['SELECT query FROM pg_stat_statements', 'Deny SystemCatalogClosed'],
  ['SET ROLE postgres', 'Deny SetRole'],
  ["SET session_replication_role = 'replica'", 'Deny SettingNotAllowed'],
  ["SELECT set_config('log_statement', 'all', false)", 'Deny SettingNotAllowed'],
  ["COPY orders TO '/tmp/x'", 'Deny ServerFile'],
  ["COPY orders TO PROGRAM 'cat'", 'Deny ServerProgram'],
  ['COPY orders FROM STDIN', 'Deny WriteNotAllowed'],
  ['SELECT * FROM orders FOR UPDATE', 'Deny WriteNotAllowed'],
  ['SELECT 1; DROP TABLE orders; DELETE FROM log WHERE at = 1', 'Deny WriteNotAllowed'],
  ['DO $$ BEGIN PERFORM 1; END $$', 'Deny KindNotAllowed'],
  ['EXPLAIN ANALYZE DELETE FROM log WHERE at = 1', 'Deny WriteNotAllowed'],
  ['PREPARE p AS DELETE FROM log WHERE at = 1', 'Deny WriteNotAllowed'],
  ['SELECT * INTO copied FROM orders', 'RequireApproval ApprovalNotSupported'],
  ['DROP TABLE orders', 'RequireApproval ApprovalNotSupported'],
  ['CREATE SCHEMA more', 'RequireApproval ApprovalNotSupported'],
  ['LOCK TABLE orders', 'Deny WriteNotAllowed'],
  ['TRUNCATE orders', 'Deny WriteNotAllowed'],
  ['NOTIFY a', 'Deny KindNotAllowed'],
  ['GRANT ALL ON orders TO public', 'Deny KindNotAllowed'],
  ['INSERT INTO log SELECT 1, key FROM api_keys', 'Deny PolicyDenied'],

  ['SELECT 1', 'Allow'],
  [
    "SELECT count(*), max(total), string_agg(tenant_id, ',') FROM orders GROUP BY tenant_id HAVING count(*) > 1",
    'Allow',
  ],
  [
    "SELECT search('x'), lower(tenant_id) || 'a', total::int + 1 FROM orders WHERE id IN (1, 2) AND tenant_id LIKE 'a%'",
    'Allow',
  ],
  ['SELECT * FROM events', 'Allow'],
  ["INSERT INTO log (at, what) VALUES (now(), 'x') RETURNING at", 'Allow'],
  ['INSERT INTO log SELECT id, tenant_id FROM orders', 'Allow'],
  ['UPDATE orders SET total = 0 WHERE id = 1', 'Allow'],
  ['COPY (SELECT * FROM orders) TO STDOUT', 'Allow'],
  ['EXPLAIN SELECT * FROM orders', 'Allow'],
  ['BEGIN; SELECT 1; COMMIT', 'Allow'],
  ['DECLARE c CURSOR FOR SELECT * FROM orders', 'Allow'],
  ['FETCH 10 FROM c', 'Allow'],
  ["SET application_name = 'x'; SHOW search_path; RESET ALL; DISCARD ALL", 'Allow'],
  ['SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace', 'Allow'],
  ["SELECT current_setting('search_path')", 'Allow'],
])('%s: %s', (statement, expected) => {
  const [verdict = '', reason = ''] = expected.split(' ')
  const more = reason === '' ? '' : `, reason: ${JSON.stringify(reason)}`
  expect(run(`  - {as: agent, statement: ${JSON.stringify(statement)}, expect: ${verdict}${more}}`)).toEqual([])
})

test('nobody without a policy', () => {
  expect(run('  - {as: stranger, statement: SELECT 1, expect: Deny, reason: NoPolicy}')).toEqual([])
})

test('what is sent on', () => {
  expect(
    run(
      '  - {as: agent, statement: SELECT id FROM orders -- mine, expect: Allow, rewritten: SELECT id FROM public.orders -- mine}',
    ),
  ).toEqual([])
})

import { expect, test } from 'vitest'
import { permitFor, permitHousekeeping } from './decide.ts'
import type { SpecParts } from './test/policies.ts'
import { allow, ask, deny, policy, verdict } from './test/policies.ts'
import { statement, type Written } from './test/statements.ts'

function check(
  name: string,
  written: Written,
  policies: SpecParts | readonly SpecParts[],
  expected: string,
  text = 'SELECT',
): void {
  test(name, () => {
    const compiled = [policies].flat().map((parts, index) => policy({ name: `p${index}`, ...parts }))
    expect(verdict(ask(compiled, { resolved: statement(written), text }))).toBe(expected)
  })
}

const reads: SpecParts = { rules: [allow(['Read'], ['public.*'])] }
const all: SpecParts = { rules: [allow(['*'], ['*.*'])], functions: { allow: ['*.*'] } }
const orders: Written = { accesses: ['Select public.orders'] }
const inWith: Written = {
  kind: 'Select',
  accesses: ['Select public.orders', 'part 1: Delete public.orders'],
  parts: [
    { kind: 'Select', hasWhere: true, hasLimit: false },
    { kind: 'Delete', hasWhere: false, hasLimit: false },
  ],
}
const withWhere = (kind: 'Update' | 'Delete', hasWhere: boolean): Written => ({
  accesses: [`${kind} public.orders`],
  parts: [{ kind, hasWhere, hasLimit: false }],
})

// Nothing matched means no.
check('no rule', orders, {}, 'deny NotGranted')
check('no rule, no table', { kind: 'Select' }, {}, 'deny KindNotAllowed')
check('another schema', { accesses: ['Select private.orders'] }, reads, 'deny NotGranted')
check('delete hidden in WITH', inWith, reads, 'deny WriteNotAllowed')
check(
  'FOR UPDATE also locks',
  { accesses: ['Select public.orders', 'Lock public.orders'] },
  reads,
  'deny WriteNotAllowed',
)
check('DDL where reads are allowed', { accesses: ['DropTable public.orders'] }, reads, 'deny KindNotAllowed')
check('one of two tables', { accesses: ['Select public.orders', 'Select secret.keys'] }, reads, 'deny NotGranted')
check(
  'case counts',
  { accesses: ['Select public.Orders'] },
  { rules: [allow(['Read'], ['public.orders'])] },
  'deny NotGranted',
)
check('DDL is not Code', { kind: 'CreateFunction' }, { rules: [allow(['DDL'], ['*.*'])] }, 'deny KindNotAllowed')
check(
  'a body that only reads',
  { kind: 'CreateFunction', accesses: ['Select public.orders'] },
  reads,
  'deny KindNotAllowed',
)
check('another role', orders, { ...reads, role: 'other' }, 'deny NotGranted')
check(
  'functions of another role',
  { calls: ['public.f()'] },
  [{ rules: [allow(['Read'], ['*'])] }, { role: 'other', functions: { allow: ['*.*'] } }],
  'deny FunctionNotAllowed',
)

// Allow.
check('a read', orders, reads, 'allow')
check('a read of no table', { kind: 'Select' }, reads, 'allow')
check(
  'insert with a VALUES in WITH',
  {
    accesses: ['Insert public.orders'],
    parts: [
      { kind: 'Insert', hasWhere: false, hasLimit: false },
      { kind: 'Select', hasWhere: false, hasLimit: false },
    ],
  },
  { rules: [allow(['Insert'], ['public.orders'])] },
  'allow',
)
check(
  'insert from a select needs both',
  { accesses: ['Insert public.a', 'Select public.b'] },
  { rules: [allow(['Insert'], ['public.a'])] },
  'deny NotGranted',
)
check('copy out is a read', { kind: 'CopyTo', accesses: ['Select public.orders'] }, reads, 'allow')
check('Transaction needs no rule', { kind: 'Begin' }, reads, 'allow')
check('cursors need no rule', { kind: 'Declare', accesses: ['Select public.orders'] }, reads, 'allow')
check('a cursor over nothing allowed', { kind: 'Declare', accesses: ['Select a.b'] }, reads, 'deny NotGranted')
check('explain', { kind: 'Explain', accesses: ['Select public.orders'] }, reads, 'allow')
check(
  'explain of a write is a write',
  { kind: 'Explain', accesses: ['Update public.orders'] },
  reads,
  'deny WriteNotAllowed',
)
check(
  'explain of nothing is judged by what it carries',
  { kind: 'Explain', facts: { carries: { by: 'Explain', kind: 'Select' } } },
  {},
  'deny KindNotAllowed',
)
check('what lies behind needs no Allow', { accesses: ['Select public.v', 'behind Select private.t'] }, reads, 'allow')
check(
  'temporary tables',
  { accesses: ['CreateTable pg_temp_3.t'] },
  { rules: [allow(['CreateTable'], ['pg_temp.*'])] },
  'allow',
)
check(
  'globs',
  { accesses: ['Select sales_eu.orders_2024'] },
  { rules: [allow(['Read'], ['sales_*.orders_*'])] },
  'allow',
)
check(
  'two policies of one role together',
  { accesses: ['Select a.x', 'Select b.y'] },
  [{ rules: [allow(['Read'], ['a.*'])] }, { rules: [allow(['Read'], ['b.*'])] }],
  'allow',
)
check('allow-all', { kind: 'Do' }, all, 'allow')

// Deny.
check(
  'Deny beats Allow',
  orders,
  { rules: [allow(['*'], ['*']), deny({ tables: ['public.orders'] })] },
  'deny PolicyDenied',
)
check(
  'Deny of another role',
  orders,
  [all, { role: 'other', rules: [deny({ tables: ['public.orders'] })] }],
  'deny PolicyDenied',
)
check(
  'Deny reaches behind a view',
  { accesses: ['Select public.v', 'behind Select public.secret'] },
  { rules: [allow(['*'], ['*']), deny({ tables: ['public.secret'] })] },
  'deny PolicyDenied',
)
check(
  'Deny with tables leaves a statement of no table',
  { kind: 'Select' },
  { rules: [allow(['*'], ['*']), deny({ tables: ['*'] })] },
  'allow',
)
check(
  'Deny without tables meets it',
  { kind: 'Select' },
  { rules: [allow(['*'], ['*']), deny({ statements: ['Read'] })] },
  'deny PolicyDenied',
)
check('Deny of BEGIN', { kind: 'Begin' }, { rules: [deny({ statements: ['Transaction'] })] }, 'deny PolicyDenied')
check(
  'Deny of COPY TO',
  { kind: 'CopyTo', accesses: ['Select public.orders'] },
  { rules: [allow(['*'], ['*']), deny({ statements: ['CopyTo'], tables: ['public.*'] })] },
  'deny PolicyDenied',
)
check(
  'Deny of COPY TO leaves SELECT',
  orders,
  { rules: [allow(['*'], ['*']), deny({ statements: ['CopyTo'] })] },
  'allow',
)

// RequireApproval.
const asks: SpecParts = {
  rules: [allow(['Read'], ['*']), { name: 'ddl', action: 'RequireApproval', statements: ['DDL'] }],
}
check('RequireApproval', { accesses: ['DropTable public.orders'] }, asks, 'approval')
check(
  'RequireApproval beats Allow',
  orders,
  { rules: [allow(['*'], ['*']), { name: 'a', action: 'RequireApproval', tables: ['*.*'] }] },
  'approval',
)
check(
  'Deny beats RequireApproval',
  { accesses: ['DropTable public.orders'] },
  [asks, { rules: [deny({ statements: ['DropTable'] })] }],
  'deny PolicyDenied',
)
check(
  'approval answers only its own part',
  { kind: 'DropTable', accesses: ['DropTable public.a', 'Insert public.log'] },
  asks,
  'deny WriteNotAllowed',
)
check(
  'approval behind',
  { accesses: ['Select public.v', 'behind Select s.t'] },
  { rules: [allow(['*'], ['*']), { name: 'a', action: 'RequireApproval', tables: ['s.*'] }] },
  'approval',
)

// when and pattern.
const unbounded: SpecParts = {
  rules: [allow(['*'], ['*']), deny({ statements: ['Update', 'Delete'], when: '!statement.hasWhere' })],
}
check('no WHERE', withWhere('Delete', false), unbounded, 'deny PolicyDenied')
check('a WHERE', withWhere('Delete', true), unbounded, 'allow')
check('the part’s own WHERE', inWith, unbounded, 'deny PolicyDenied')
check(
  'a claim that is missing refuses',
  orders,
  { rules: [allow(['*'], ['*']), deny({ when: 'claims.nope == 1' })] },
  'deny ConditionFailed',
)
check(
  'also in an Allow that another makes needless',
  orders,
  { rules: [allow(['*'], ['*']), allow(['*'], ['*'], { name: 'x', when: 'claims.nope == 1' })] },
  'deny ConditionFailed',
)
check(
  'not where the rule is about something else',
  orders,
  { rules: [allow(['*'], ['*']), deny({ tables: ['a.b'], when: 'claims.nope == 1' })] },
  'allow',
)
check(
  'Allow with when',
  orders,
  { rules: [allow(['*'], ['*'], { when: "claims.tenant == 'acme' && session.role == 'agent_ro'" })] },
  'allow',
)
check(
  'Allow whose when does not hold',
  orders,
  { rules: [allow(['*'], ['*'], { when: "claims.tenant == 'other'" })] },
  'deny NotGranted',
)
check(
  'pattern',
  { kind: 'AlterRole' },
  { rules: [allow(['*'], ['*']), { name: 'danger', action: 'RequireApproval', pattern: '(?i)\\balter\\s+user\\b' }] },
  'approval',
  'ALTER /* */ alter  USER x',
)
check(
  'pattern that does not occur',
  { kind: 'AlterRole' },
  { rules: [allow(['*'], ['*']), { name: 'danger', action: 'RequireApproval', pattern: 'x{3}' }] },
  'allow',
)

// Functions.
check('a built-in', { calls: ['pg_catalog.lower(text)'] }, reads, 'allow')
check('a file', { calls: ['pg_catalog.pg_read_file(text)'] }, reads, 'deny FunctionNotAllowed')
check(
  'a file that a policy allows by name',
  { calls: ['pg_catalog.pg_read_file(text)'] },
  { ...reads, functions: { allow: ['pg_catalog.pg_read_file'] } },
  'allow',
)
check('a user function', { calls: ['public.f(integer)'] }, reads, 'deny FunctionNotAllowed')
check(
  'a user function that is allowed',
  { calls: ['public.f(integer)'] },
  { ...reads, functions: { allow: ['public.f'] } },
  'allow',
)
check(
  'every candidate counts',
  { calls: ['pg_catalog.lower(text) or public.lower(character varying)'] },
  reads,
  'deny FunctionNotAllowed',
)
check('a harmless extension', { calls: ['citext:public.citext_eq(citext, citext)'] }, reads, 'allow')
check('dblink', { calls: ['dblink:public.dblink(text, text)'] }, reads, 'deny FunctionNotAllowed')
check('an unlisted built-in', { calls: ['pg_catalog.brand_new(text)'] }, reads, 'deny FunctionNotAllowed')
check(
  'set_config that the facts did not see',
  { calls: ['pg_catalog.set_config(text, text, boolean)'] },
  reads,
  'deny FunctionNotAllowed',
)

// System catalogs.
check('pg_class needs no rule', { accesses: ['Select pg_catalog.pg_class'] }, {}, 'allow')
check('pg_authid', { accesses: ['Select pg_catalog.pg_authid'] }, all, 'deny SystemCatalogClosed')
check('pg_attribute whole', { accesses: ['Select pg_catalog.pg_attribute'] }, all, 'deny SystemCatalogClosed')
check(
  'pg_attribute by column',
  { accesses: ['Select pg_catalog.pg_attribute'], columns: ['attname', 'ctid'] },
  {},
  'allow',
)
check(
  'pg_attribute.attmissingval',
  { accesses: ['Select pg_catalog.pg_attribute'], columns: ['attmissingval'] },
  all,
  'deny SystemCatalogClosed',
)
check('writing a catalog', { accesses: ['Update pg_catalog.pg_class'] }, all, 'deny SystemCatalogClosed')
check('an unknown one', { accesses: ['Select pg_catalog.pg_brand_new'] }, all, 'deny SystemCatalogClosed')

// Refused always.
const span = { start: 0, end: 1 }
const setting = (act: 'Set' | 'Show' | 'Reset', name: string, ...values: string[]): Written => ({
  kind: act,
  facts: { settings: [{ act, name, local: false, span, ...(act === 'Set' ? { values } : {}) }] },
})
const timed: SpecParts = { ...all, limits: { statementTimeout: '30s' } }
check(
  'not understood',
  { facts: { forbidden: [{ code: 'NotUnderstood', what: 'a node', span }] } },
  all,
  'deny NotUnderstood',
)
check(
  'SET ROLE',
  { kind: 'Set', facts: { forbidden: [{ code: 'SetRole', what: 'SET ROLE', span }] } },
  all,
  'deny SetRole',
)
check('newer grammar', { facts: { newer: [{ what: 'JSON_TABLE', since: 17, span }] } }, all, 'allow')
check('a setting', setting('Set', 'timezone', 'UTC'), {}, 'allow')
check('a closed setting', setting('Set', 'session_replication_role', 'replica'), all, 'deny SettingNotAllowed')
check('a closed value', setting('Set', 'client_min_messages', 'log'), all, 'deny SettingNotAllowed')
check('SHOW ALL', setting('Show', 'all'), all, 'deny SettingNotAllowed')
check('SHOW', setting('Show', 'search_path'), {}, 'allow')
check('RESET ALL', setting('Reset', 'all'), {}, 'allow')
check('statement_timeout within the limit', setting('Set', 'statement_timeout', '10s'), timed, 'allow')
check('statement_timeout above it', setting('Set', 'statement_timeout', '31s'), timed, 'deny SettingNotAllowed')
check('statement_timeout off', setting('Set', 'statement_timeout', '0'), timed, 'deny SettingNotAllowed')
check('statement_timeout without a limit', setting('Set', 'statement_timeout', '0'), all, 'allow')

// Audit.
const audit: SpecParts = { mode: 'Audit', rules: [allow(['*'], ['*'])] }
check('Audit only: everything passes', { accesses: ['DropTable public.orders'] }, { ...audit, rules: [] }, 'allow')
check(
  'but what is refused always',
  setting('Set', 'role', 'postgres'),
  { ...audit, rules: [] },
  'deny SettingNotAllowed',
)
check(
  'nor files of the server',
  { calls: ['pg_catalog.pg_read_file(text)'] },
  { ...audit, rules: [] },
  'deny FunctionNotAllowed',
)
check('Audit allows nothing beside Enforce', orders, [{}, audit], 'deny NotGranted')
check('Audit denies nothing beside Enforce', orders, [reads, { ...audit, rules: [deny({})] }], 'allow')
check('Audit whose when fails', orders, [reads, { ...audit, rules: [deny({ when: 'claims.nope == 1' })] }], 'allow')

test('newer grammar than the server', () => {
  const resolved = statement({ facts: { newer: [{ what: 'JSON_TABLE', since: 17, span }] } })
  expect(verdict(ask([policy(all)], { resolved, server: 16 }))).toBe('deny NotSupportedByServer')
})

test('what Audit would have said is told', () => {
  const decision = ask(
    [
      policy({ name: 'now', ...reads }),
      policy({ name: 'next', ...audit, rules: [deny({ tables: ['public.orders'] })] }),
    ],
    { resolved: statement(orders) },
  )
  expect(decision.verdict).toBe('Allow')
  expect(decision.audited.map(({ policy: key, verdict: said, reason }) => [key, said, reason?.rule])).toEqual([
    ['data/next', 'Deny', 'no'],
  ])
})

test('an Audit policy whose condition fails is told, and changes nothing', () => {
  const policies = [policy(reads), policy({ name: 'next', mode: 'Audit', condition: 'claims.nope == 1' })]
  const { verdict: said, audited } = ask(policies, { resolved: statement(orders) })
  expect(said).toBe('Allow')
  expect(audited).toMatchObject([{ policy: 'data/next', verdict: 'Deny', reason: { code: 'ConditionFailed' } }])
})

test('a refusal names the thing and the way out', () => {
  const { reason } = ask([policy({ name: 'agents-read', ...reads })], {
    resolved: statement({ accesses: ['Update public.orders'] }),
  })
  expect(reason).toEqual({
    code: 'WriteNotAllowed',
    text: 'rule "reports" only reads; this writes public.orders (Update)',
    hint: 'Allowed here: Select, CopyTo, Explain.',
    policy: 'data/agents-read',
    rule: 'reports',
    location: 7,
    about: { relation: 'public.orders' },
  })
})

test('limits: the smallest of the enforcing policies', () => {
  const decision = ask(
    [
      policy({ name: 'a', ...reads, limits: { maxRows: 10, maxResultBytes: '1Ki' } }),
      policy({ name: 'b', role: 'other', limits: { maxRows: 5 } }),
      policy({ name: 'c', mode: 'Audit', limits: { maxRows: 1 } }),
    ],
    { resolved: statement(orders) },
  )
  expect(decision.limits).toEqual({ maxRows: 5, maxResultBytes: 1024 })
})

test('a permit is for what was allowed, and for one write', () => {
  const allowed = ask([policy(reads)], { resolved: statement(orders) })
  const denied = ask([policy({})], { resolved: statement(orders) })
  expect(() => permitFor([allowed, denied])).toThrow('not allowed')
  const permit = permitFor([allowed])
  permit.spend()
  expect(() => permit.spend()).toThrow('twice')
  permitHousekeeping('Sync').spend()
})

import { expect, test } from 'vitest'
import type { Identity } from './identity.ts'
import { type BrokenPolicy, chooseRole, type SelectInput, selectPolicies } from './select.ts'
import { allow, deny, identity, policy, type SpecParts, select } from './test/policies.ts'

function outcome(parts: readonly SpecParts[], more: Partial<SelectInput> = {}): string {
  const policies = parts.map((spec, index) => policy({ name: `p${index}`, ...spec }))
  const result = selectPolicies({
    policies,
    broken: [],
    gateway: { namespace: 'data', name: 'orders' },
    identity,
    database: 'orders',
    ...more,
  })
  return 'reason' in result ? result.reason.code : result.selection.policies.map(({ name }) => name).join(' ')
}

const broken: BrokenPolicy = {
  namespace: 'data',
  name: 'bad',
  targets: 'All',
  subjects: 'Everyone',
  problem: 'spec.rules: what',
}
const account: Identity = { ...identity, groups: [], serviceAccount: { namespace: 'apps', name: 'bot' } }

test.each<[string, readonly SpecParts[], Partial<SelectInput>, string]>([
  ['no policy', [], {}, 'NoPolicy'],
  ['another gateway', [{}], { gateway: { namespace: 'data', name: 'other' } }, 'NoPolicy'],
  ['another namespace', [{}], { gateway: { namespace: 'other', name: 'orders' } }, 'NoPolicy'],
  ['another database', [{ databases: ['billing'] }], {}, 'NoPolicy'],
  ['another group', [{ subjects: [{ kind: 'Group', name: 'agents' }] }], {}, 'NoPolicy'],
  ['a user called like a group', [{ subjects: [{ kind: 'User', name: 'idp:agents' }] }], {}, 'NoPolicy'],
  [
    'a service account of another namespace',
    [{ subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'data' }] }],
    { identity: account },
    'NoPolicy',
  ],
  ['a condition that does not hold', [{ condition: "claims.env == 'test'" }], {}, 'NoPolicy'],
  ['a condition that fails', [{}, { condition: "claims.nope == 'test'" }], {}, 'ConditionFailed'],
  ['a condition over what the login did not tell', [{ condition: "session.client == '::1'" }], {}, 'ConditionFailed'],
  ['a failing Audit condition alone', [{ mode: 'Audit', condition: 'claims.nope == 1' }], {}, 'ConditionFailed'],
  ['a broken policy for everyone', [{}], { broken: [broken] }, 'PolicyBroken'],
  [
    'a broken policy for them',
    [{}],
    { broken: [{ ...broken, subjects: [{ kind: 'User', name: 'idp:agent-7' }] }] },
    'PolicyBroken',
  ],
  ['a broken policy of this gateway', [{}], { broken: [{ ...broken, targets: ['data/orders'] }] }, 'PolicyBroken'],

  ['a broken policy for others', [{}], { broken: [{ ...broken, subjects: [{ kind: 'User', name: 'x' }] }] }, 'p0'],
  ['a broken policy of another gateway', [{}], { broken: [{ ...broken, targets: ['data/other'] }] }, 'p0'],
  ['a broken policy of another namespace', [{}], { broken: [{ ...broken, namespace: 'other' }] }, 'p0'],
  ['a failing Audit condition beside Enforce', [{}, { mode: 'Audit', condition: 'claims.nope == 1' }], {}, 'p0'],
  ['group, user and account', [{}, { subjects: [{ kind: 'User', name: 'idp:agent-7' }] }], {}, 'p0 p1'],
  [
    'a service account',
    [{ subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'apps' }] }],
    { identity: account },
    'p0',
  ],
  ['database by name', [{ databases: ['a', 'orders'] }], {}, 'p0'],
  ['a condition that holds', [{ condition: "claims.env == 'prod' && session.database == 'orders'" }], {}, 'p0'],
  [
    'a condition over the login',
    [{ condition: "session.client == '::1'" }],
    { login: { application: '', client: '::1', now: 0 } },
    'p0',
  ],
])('%s', (_name, policies, more, expected) => {
  expect(outcome(policies, more)).toBe(expected)
})

test.each<[string, readonly SpecParts[], string, string]>([
  ['none', [{ role: undefined as never, rules: [deny({})] }], 'agent_ro', 'NoRole'],
  ['none of several', [{ role: 'a' }, { role: 'b' }], 'c', 'RoleAmbiguous Connect as one of: "a", "b".'],
  ['one of several', [{ role: 'a' }, { role: 'b' }], 'b', 'b'],
  ['the only one, whatever the user', [{ role: 'a' }, { role: 'a' }], 'postgres', 'a'],
  ['a role of Audit beside Enforce', [{ role: 'a' }, { role: 'b', mode: 'Audit' }], 'b', 'a'],
  ['a role of Audit alone', [{ role: 'b', mode: 'Audit' }], 'x', 'b'],
])('role: %s', (_name, parts, user, expected) => {
  const policies = parts.map(({ role, ...spec }, index) =>
    policy({ name: `p${index}`, ...spec, ...(role === undefined ? withoutRole : { role }) }),
  )
  const chosen = chooseRole(select(policies), user)
  expect('role' in chosen ? chosen.role : [chosen.reason.code, chosen.reason.hint].join(' ').trim()).toBe(expected)
})

/** The helper's default has a role; a policy of Deny rules alone may have none. */
const withoutRole = { role: undefined } as unknown as { role: string }

test('the key holds every claim that a rule reads, and nothing else of them', () => {
  const policies = [
    policy({ rules: [allow(['Read'], ['*'], { when: "claims.tenant == 'acme' && has(claims.region)" })] }),
  ]
  const key = (claims: Record<string, unknown>, more: Partial<Identity> = {}) =>
    select(policies, { identity: { ...identity, ...more, claims } }).key
  expect(key({ tenant: 'a' })).not.toBe(key({ tenant: 'b' }))
  expect(key({ tenant: 'a' })).not.toBe(key({ tenant: 'a', region: null }))
  expect(key({ tenant: 'a', jti: '1' })).toBe(key({ tenant: 'a', jti: '2' }))
  expect(key({ tenant: 'a' }, { username: 'x' })).toBe(key({ tenant: 'a' }))
  expect(select(policies).claimsRead).toEqual({ tenant: 'acme' })
})

test('a rule over the session puts the identity in the key; over a clock, nothing is cached', () => {
  const policies = [policy({ rules: [allow(['Read'], ['*'], { when: "session.user == 'a'" })] })]
  const key = (username: string, client = '::1') =>
    select(policies, { identity: { ...identity, username }, login: { application: '', client, now: 0 } })
  expect(key('a').key).not.toBe(key('b').key)
  expect(key('a').key).not.toBe(key('a', '::2').key)
  expect(key('a').changes).toBe(false)
  expect(select(policies).changes).toBe(true)
  const late = policy({ rules: [allow(['Read'], ['*'], { when: 'session.now.getHours() > 8' })] })
  expect(select([late]).changes).toBe(true)
})

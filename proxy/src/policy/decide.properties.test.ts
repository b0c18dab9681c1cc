import type { PolicyRule } from '@sallyport/crds/types.generated.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from './decision.ts'
import { ask, policy, verdict } from './test/policies.ts'
import { statement, type Written } from './test/statements.ts'

/** What holds of any rules and any statement. */
const words = ['*', 'Read', 'Write', 'DDL', 'Select', 'Update', 'Delete', 'Insert', 'CopyTo', 'Begin', 'Set'] as const
const tables = ['*', 'public.*', 'public.orders', '*.orders', 'secret.keys', 'pg_catalog.pg_class'] as const
const whens = [
  'true',
  'statement.hasWhere',
  '!statement.hasWhere',
  "claims.tenant == 'acme'",
  'claims.nope == 1',
  "statement.table == 'public.orders'",
] as const

const some = <T>(from: readonly T[]) => fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 3 })
const rule: fc.Arbitrary<Omit<PolicyRule, 'name'>> = fc
  .record(
    {
      action: fc.constantFrom('Allow', 'Deny', 'RequireApproval'),
      statements: some(words),
      tables: some(tables),
      when: fc.constantFrom(...whens),
      pattern: fc.constantFrom('SEL', 'zzz'),
    },
    { requiredKeys: ['action'] },
  )
  .map(made => (made.action === 'Allow' ? { statements: ['Read'], tables: ['public.*'], ...made } : made))
const rules = fc.array(rule, { maxLength: 6 }).map(list => list.map((made, index) => ({ ...made, name: `r${index}` })))
const access = fc.constantFrom(
  'Select public.orders',
  'part 1: Select public.orders',
  'Update public.orders',
  'part 1: Delete secret.keys',
  'Insert public.log',
  'behind Select secret.keys',
  'Select pg_catalog.pg_class',
  'DropTable public.orders',
)
const written: fc.Arbitrary<Written> = fc
  .record({
    accesses: fc.uniqueArray(access, { maxLength: 4 }),
    hasWhere: fc.boolean(),
    kind: fc.constantFrom('Select', 'Explain', 'CopyTo', 'Begin', 'CreateSchema'),
  })
  .map(({ accesses, hasWhere, kind }) => {
    const parts = [
      { kind: 'Select', hasWhere, hasLimit: false },
      { kind: 'Select', hasWhere: !hasWhere, hasLimit: false },
    ] as const
    return { accesses, parts, kind }
  })

function decided(list: readonly PolicyRule[], of: Written, audited: readonly PolicyRule[] = []): Decision {
  const audit = audited.length === 0 ? [] : [policy({ name: 'z', mode: 'Audit', rules: audited })]
  return ask([policy({ rules: list }), ...audit], { resolved: statement(of) })
}

const strictness = { Allow: 0, RequireApproval: 1, Deny: 2 } as const

test('adding a Deny rule frees nothing', () => {
  fc.assert(
    fc.property(rules, rule, written, (list, added, of) => {
      const before = decided(list, of)
      const after = decided([...list, { ...added, action: 'Deny', name: 'added' }], of)
      expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict])
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('removing an Allow rule frees nothing', () => {
  fc.assert(
    fc.property(rules, written, (list, of) => {
      const first = list.findIndex(({ action, when }) => action === 'Allow' && when !== 'claims.nope == 1')
      const before = decided(list, of)
      const after = decided(list.toSpliced(first, first < 0 ? 0 : 1), of)
      expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict])
    }),
    { numRuns: 150, seed: 2 },
  )
})

test('the order of rules means nothing', () => {
  fc.assert(
    fc.property(rules, written, (list, of) => {
      expect(verdict(decided(list.toReversed(), of))).toBe(verdict(decided(list, of)))
    }),
    { numRuns: 150, seed: 3 },
  )
})

test('Audit never changes what Enforce says', () => {
  fc.assert(
    fc.property(rules, rules, written, (list, audited, of) => {
      const { audited: _told, ...with_ } = decided(list, of, audited)
      const { audited: _none, ...without } = decided(list, of)
      expect(with_).toEqual(without)
    }),
    { numRuns: 150, seed: 4 },
  )
})

test('a rule split over two policies says the same', () => {
  fc.assert(
    fc.property(rules, written, (list, of) => {
      const half = Math.floor(list.length / 2)
      const split = [policy({ name: 'a', rules: list.slice(0, half) }), policy({ name: 'b', rules: list.slice(half) })]
      expect(verdict(ask(split, { resolved: statement(of) }))).toBe(verdict(decided(list, of)))
    }),
    { numRuns: 100, seed: 5 },
  )
})

test('an access more is never freer', () => {
  fc.assert(
    fc.property(rules, written, access, (list, of, more) => {
      fc.pre((of.accesses ?? []).length > 0 && !(of.accesses ?? []).every(line => line.startsWith('behind')))
      const after = decided(list, { ...of, accesses: [...(of.accesses ?? []), more] })
      expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[decided(list, of).verdict])
    }),
    { numRuns: 150, seed: 6 },
  )
})

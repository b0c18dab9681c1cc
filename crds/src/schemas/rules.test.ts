/** Each rule stands twice, in CEL and in TypeScript; both say the same of any object. */
import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Schema } from './build.ts'
import { kinds } from './index.ts'
import { type Rule, rules } from './rules.ts'

const words = fc.constantFrom(
  'Allow',
  'Deny',
  'RequireApproval',
  'Rule',
  'Statement',
  'ServiceAccount',
  'User',
  'Disable',
)

/** Objects that fit the schema where a rule stands, with fields left out at will and lists of things it names. */
function sample(schema: Schema): fc.Arbitrary<unknown> {
  if (schema['x-sallyport-either']) return words
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.items !== undefined) return fc.array(sample(schema.items), { maxLength: 3 })
  if (schema.properties !== undefined) {
    const always = Object.entries(schema.properties).filter(
      ([key, field]) => schema.required?.includes(key) || field.default !== undefined,
    )
    return fc.record(
      Object.fromEntries(Object.entries(schema.properties).map(([key, field]) => [key, sample(field)])),
      {
        requiredKeys: always.map(([key]) => key),
      },
    )
  }
  if (schema.pattern?.includes('ms|s|m|h')) return fc.constantFrom('1s', '5m', '336h', '337h', '1h30m')
  if (schema.type === 'integer') return fc.integer({ min: 1, max: 3 }).map(BigInt)
  if (schema.type === 'boolean') return fc.boolean()
  return words
}

function* stands(schema: Schema): Generator<{ readonly rule: Rule; readonly schema: Schema }> {
  for (const rule of schema['x-kubernetes-validations'] ?? []) yield { rule, schema }
  for (const field of Object.values(schema.properties ?? {})) yield* stands(field)
  if (schema.items !== undefined) yield* stands(schema.items)
  if (schema.additionalProperties !== undefined) yield* stands(schema.additionalProperties)
}

const places = new Map(kinds.flatMap(kind => [...stands(kind.spec)]).map(each => [each.rule, each.schema]))

test('every rule stands somewhere, and only rules about a change have no twin', () => {
  const names = Object.entries<Rule>(rules)
  expect(names.filter(([, rule]) => !places.has(rule)).map(([name]) => name)).toEqual([])
  expect(names.filter(([, rule]) => rule.holds === undefined).map(([name]) => name)).toEqual(['immutable'])
})

test.each(Object.entries<Rule>(rules).filter(([, rule]) => rule.holds))('%s: CEL and TypeScript agree', (_, rule) => {
  const evaluate = new Environment({ unlistedVariablesAreDyn: true }).parse(rule.rule)
  let refused = 0
  fc.assert(
    fc.property(sample(places.get(rule) ?? {}), self => {
      const holds = rule.holds?.(self)
      if (holds === false) refused++
      expect(evaluate({ self })).toBe(holds)
    }),
    { numRuns: 300, seed: 4711 },
  )
  expect(refused).toBeGreaterThan(0)
})

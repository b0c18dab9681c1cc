import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Layered } from './layered.ts'

test('what was taken from it never changes', () => {
  const empty = new Layered<string, number>()
  const one = empty.with([['a', 1]])
  const two = one.with([
    ['a', 2],
    ['b', 3],
  ])
  expect([empty.get('a'), one.get('a'), two.get('a'), one.get('b'), two.has('b')]).toEqual([
    undefined,
    1,
    2,
    undefined,
    true,
  ])
})

test('property: the same as a map', () => {
  const entries = fc.array(fc.tuple(fc.nat(20), fc.nat()), { maxLength: 5 })
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 40 }), changes => {
      const map = new Map<number, number>()
      let layered = new Layered<number, number>()
      for (const change of changes) {
        for (const [key, value] of change) map.set(key, value)
        layered = layered.with(change)
        for (let key = 0; key <= 20; key++) expect(layered.get(key)).toBe(map.get(key))
      }
    }),
  )
})

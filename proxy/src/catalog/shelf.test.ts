import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SharedMap } from './shared-map.ts'
import { Item, Shelf } from './shelf.ts'

test('a shared map is a map', () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.option(fc.integer(), { nil: undefined })), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 20 }), rounds => {
      const model = new Map(Array.from({ length: 200 }, (_, key) => [key, { value: -1 }]))
      let map = new SharedMap(new Map(model))
      for (const round of rounds) {
        const before = [...map.entries()]
        const old = map
        map = map.with(new Map(round.map(([key, value]) => [key, value === undefined ? undefined : { value }])))
        for (const [key, value] of new Map(round)) value === undefined ? model.delete(key) : model.set(key, { value })
        expect([...old.entries()]).toEqual(before)
      }
      expect(map.size).toBe(model.size)
      expect(new Map(map.entries())).toEqual(model)
      for (let key = 0; key < 210; key++) expect(map.get(key)).toEqual(model.get(key))
    }),
  )
})

const item = (oid: number, name: string, text = '') => new Item(oid, 's', name, text, 1)

test('rows are found by oid and by name through changes of any sort', () => {
  const change = fc.record({
    oid: fc.integer({ min: 1, max: 9 }),
    name: fc.constantFrom('a', 'b', 'c'),
    drop: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), rounds => {
      const model = new Map<number, string>()
      let shelf = Shelf.empty
      for (const round of rounds) {
        const last = new Map(round.map(each => [each.oid, each]))
        const put = [...last.values()].filter(each => !each.drop)
        const removed = [...last.values()].filter(each => each.drop).map(each => each.oid)
        shelf = shelf.with(
          put.map(({ oid, name }) => item(oid, name)),
          removed,
        )
        for (const oid of removed) model.delete(oid)
        for (const { oid, name } of put) model.set(oid, name)
      }
      for (const name of ['a', 'b', 'c']) {
        const oids = [...model].filter(([, other]) => other === name).map(([oid]) => oid)
        expect(
          shelf
            .named('s', name)
            .map(found => found.oid)
            .sort(),
        ).toEqual(oids.sort())
      }
      expect(shelf.byOid.size).toBe(model.size)
    }),
  )
})

test('a row that says what it said stays the same object, and a shelf of them the same shelf', () => {
  const shelf = Shelf.empty.with([item(1, 'a', 'x'), item(2, 'b', 'y')])
  expect(shelf.updated([item(1, 'a', 'x')])).toBe(shelf)
  expect(shelf.replaced([item(2, 'b', 'y'), item(1, 'a', 'x')])).toBe(shelf)
  const changed = shelf.replaced([item(1, 'a', 'z')])
  expect(changed.byOid.get(2)).toBeUndefined()
  expect(changed.named('s', 'a')[0]?.text).toBe('z')
  expect(shelf.named('s', 'a')[0]?.text).toBe('x')
})

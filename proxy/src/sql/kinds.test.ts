import { expect, test } from 'vitest'
import { groupOf, kindGroups, kinds, kindsIn } from './kinds.ts'

test('a word that is neither kind nor group means nothing', () => {
  for (const word of ['select', 'read', '', 'constructor', 'toString', '**']) expect(kindsIn(word)).toBeUndefined()
})

test('a kind means itself, a group its members, a star everything', () => {
  expect(kindsIn('Select')).toEqual(['Select'])
  expect(kindsIn('Write')).toEqual(['Insert', 'Update', 'Delete', 'Merge', 'CopyFrom', 'Truncate', 'Lock'])
  expect(kindsIn('*')).toHaveLength(Object.keys(kinds).length)
  for (const group of kindGroups) expect(kindsIn(group)?.length).toBeGreaterThan(0)
})

test('what brings code in is not DDL', () => {
  for (const kind of ['Do', 'Call', 'CreateFunction', 'CreateExtension', 'DropPolicy', 'AlterSystem', 'Load'] as const)
    expect(groupOf(kind)).toBe('Code')
})

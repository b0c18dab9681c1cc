import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPath, parsePath, parsePointer } from './paths.ts'

test('what is no path ends where it stops being one', () => {
  expect(parsePath('spec.rules[0] and more')).toEqual(['spec', 'rules', 0])
  expect(parsePath('')).toEqual([])
})

test('a key that is no plain name is quoted', () => {
  expect(formatPath(['metadata', 'labels', 'app.kubernetes.io/name'])).toBe('metadata.labels["app.kubernetes.io/name"]')
})

test('digits are an index only in a list', () => {
  expect(parsePointer('/spec/0/a~1b', { spec: [{ 'a/b': 1 }] })).toEqual(['spec', 0, 'a/b'])
  expect(parsePointer('/data/0', { data: { 0: 'x' } })).toEqual(['data', '0'])
})

test('formatPath and parsePath are inverse', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat(1000))), segments => {
      expect(parsePath(formatPath(segments))).toEqual(segments)
    }),
  )
})

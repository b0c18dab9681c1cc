import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayElements, oidElements, pack, unpack } from './pack.ts'

describe('arrayElements', () => {
  const cases: readonly [text: string | null, elements: readonly string[]][] = [
    [null, []],
    ['{}', []],
    ['{a}', ['a']],
    ['{a,b_c,9}', ['a', 'b_c', '9']],
    ['{NULL,a}', ['', 'a']],
    ['{"NULL",NULL,""}', ['NULL', '', '']],
    ['{"a,b","c\\"d","e\\\\f",g}', ['a,b', 'c"d', 'e\\f', 'g']],
    ['{"{1,2}","{\\"x y\\"}"}', ['{1,2}', '{"x y"}']],
  ]
  test.each(cases)('%s', (text, elements) => expect(arrayElements(text)).toEqual(elements))
})

test('object identifiers', () => expect(oidElements('{1,4294967295}')).toEqual([1, 4_294_967_295]))

test('any fields survive packing', () => {
  const field = fc.oneof(
    fc.constant(null),
    fc.string({ unit: fc.constantFrom('a', '-', '0', '1', '\u001e', '\u001f', 'é') }),
  )
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), fields => {
      expect(unpack(pack(fields))).toEqual(fields)
    }),
  )
})

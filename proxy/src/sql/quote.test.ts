import { expect, test } from 'vitest'
import { quoteIdentifier, quoteName } from './quote.ts'

const cases: readonly (readonly [string, string])[] = [
  ['orders', 'orders'],
  ['_x1', '_x1'],
  ['Orders', '"Orders"'],
  ['1a', '"1a"'],
  ['a b', '"a b"'],
  ['a"b', '"a""b"'],
  ['', '""'],
  ['straße', '"straße"'],
  ['a$b', '"a$b"'],
  ['select', '"select"'], //     reserved
  ['left', '"left"'], //         reserved but for functions and types
  ['between', '"between"'], //   not for functions and types
  ['json_value', '"json_value"'], // only since 17
  ['name', 'name'], //           unreserved
]

test.each(cases)('%s', (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted)
})

test('names', () => {
  expect(quoteName(['public', 'Order'])).toBe('public."Order"')
})

import { expect, test } from 'vitest'
import { settings } from '../settings.ts'
import { byteLength, guard } from './guards.ts'

test('what the parser would misread or die of is refused, each at its limit', () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ['a NUL', 'SELECT 1\0; DROP TABLE t', '22021'],
    ['half a surrogate pair', 'SELECT \ud800', '22021'],
    ['too long', ' '.repeat(settings.maxStatementBytes + 1), '54000'],
    ['too long in bytes', 'é'.repeat(settings.maxStatementBytes / 2 + 1), '54000'],
    ['comments', '/*'.repeat(settings.maxCommentOpenings + 1), '54001'],
    ['minus signs', `SELECT 1 ${'-'.repeat(settings.maxSignRun + 1)}`, '54001'],
    ['mixed signs', `SELECT 1 ${'+-'.repeat(settings.maxSignRun)}`, '54001'],
  ]
  for (const [name, text, sqlState] of refused) expect(guard(text)?.sqlState, name).toBe(sqlState)
})

test('up to the limits it passes', () => {
  for (const text of [
    '',
    'SELECT 1',
    'SELECT \u{1f600}',
    ' '.repeat(settings.maxStatementBytes),
    'é'.repeat(settings.maxStatementBytes / 2),
    '/*'.repeat(settings.maxCommentOpenings),
    `SELECT 1 ${'+'.repeat(settings.maxSignRun)}`,
  ])
    expect(guard(text)).toBeUndefined()
})

test('bytes are counted as they will be sent', () => {
  for (const text of ['', 'a', 'é', '€', '\u{1f600}', 'aé€\u{1f600}b'])
    expect(byteLength(text)).toBe(Buffer.byteLength(text))
})

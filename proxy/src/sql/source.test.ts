import { expect, test } from 'vitest'
import { Source } from './source.ts'

/** The text of the name at the beginning, or undefined. */
function nameIn(text: string, ...name: readonly string[]): string | undefined {
  const source = new Source(text)
  const span = source.nameAt(0, name)
  return span === undefined ? undefined : source.slice(span.start, span.end)
}

test('what does not spell the name is not it', () => {
  expect(nameIn('a', 'b')).toBeUndefined()
  expect(nameIn('a.b', 'a', 'c')).toBeUndefined()
  expect(nameIn('a b', 'a', 'b')).toBeUndefined()
  expect(nameIn('"A', 'A')).toBeUndefined()
  expect(nameIn('A', 'A')).toBeUndefined()
  expect(nameIn('', '')).toBeUndefined()
  expect(nameIn('1a', '1a')).toBeUndefined()
})

test('names are read as PostgreSQL reads them', () => {
  expect(nameIn('Orders x', 'orders')).toBe('Orders')
  expect(nameIn('ÀB$1 x', 'Àb$1')).toBe('ÀB$1') // only ASCII is folded
  expect(nameIn('"a""b".c', 'a"b', 'c')).toBe('"a""b".c')
  expect(nameIn('a /* /* . */ */ . -- x\n"B" c', 'a', 'B')).toBe('a /* /* . */ */ . -- x\n"B"')
  expect(nameIn('U&"d\\0061t\\+000061" x', 'data')).toBe('U&"d\\0061t\\+000061"')
  expect(nameIn(`u&"d!0061!!" /**/ UESCAPE '!' x`, 'da!')).toBe(`u&"d!0061!!" /**/ UESCAPE '!'`)
  expect(nameIn('u & "x"', 'u')).toBe('u')
  expect(nameIn('U&"\\d83d\\de00"', '\u{1f600}')).toBe('U&"\\d83d\\de00"')
})

test('names are cut to 63 bytes at a character’s end', () => {
  const long = 'x'.repeat(70)
  expect(nameIn(long, 'x'.repeat(63))).toBe(long)
  expect(nameIn(`"${'x'.repeat(62)}é"`, 'x'.repeat(62))).toBe(`"${'x'.repeat(62)}é"`)
})

test('words are skipped with the comments between them', () => {
  const source = new Source('DROP /* x */ TABLE\n--\nt')
  expect(source.slice(source.skipWords(0, 2), 99)).toBe('t')
  expect(new Source('a , b').skipWords(0, 2)).toBe(-1)
  expect(new Source("FOR 'it''s' ON x").skipWords(0, 3)).toBe(15)
})

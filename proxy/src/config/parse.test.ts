import { expect, test } from 'vitest'
import { ManifestSyntaxError, parseManifests } from './parse.ts'

function problem(text: string): string | undefined {
  try {
    values(text)
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestSyntaxError)
    return error instanceof Error ? error.message : undefined
  }
}

function values(text: string): readonly unknown[] {
  return [...parseManifests(text)].map(each => each.value)
}

test.each([
  ['a laugh', `a: &a [x,x,x]\nb: &b [${'*a,'.repeat(200)}]`, 'is not valid YAML (too many or unresolved aliases)'],
  ['an alias to nothing', 'a: *b', 'is not valid YAML (too many or unresolved aliases)'],
  ['deep nesting', '['.repeat(100_000), 'is not valid YAML (nested too deeply)'],
  ['deep nesting of maps', `${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`, 'is not valid YAML (nested too deeply)'],
  ['a key twice', 'a: 1\na: 2', 'is not valid YAML (duplicate key)'],
  ['an open brace', 'kind: {', undefined],
  ['a tab', 'a:\n\tb: 1', undefined],
  ['an unknown tag', 'a: !!js/function "x"', undefined],
])('refused: %s', (_, text, message) => {
  const said = problem(text)
  if (message === undefined) expect(said).toMatch(/^is not valid YAML/)
  else expect(said).toBe(message)
})

test('an alias inside of itself ends', () => {
  expect(problem('a: &a [*a]')).toBe('is not valid YAML (an alias stands inside of what it means)')
})

test.each(['', '\n', '# words\n', '---\n---\n', '---\n# words\n---\n# more'])('nothing in %j', text => {
  expect(values(text)).toEqual([])
})

test('documents, byte order mark, Windows line ends, JSON, merge keys', () => {
  expect(values('\uFEFFa: 1\r\n---\r\nb: 2\r\n')).toEqual([{ a: 1 }, { b: 2 }])
  expect(values('{"a": {"b": [1, true, null]}}')).toEqual([{ a: { b: [1, true, null] } }])
  expect(values('x: &x {a: 1}\ny: {<<: *x, b: 2}')).toEqual([{ x: { a: 1 }, y: { a: 1, b: 2 } }])
})

test('a key called __proto__ is a key', () => {
  const [value] = values('__proto__: {a: 1}')
  expect(Object.keys(value ?? {})).toEqual(['__proto__'])
})

test('lines of fields, of list items, of what is missing, and behind an alias', () => {
  const text = 'spec:\n  rules:\n    - name: a\n    - &r\n      name: b\n      tables:\n        - x\n  again: *r\n'
  const [document] = [...parseManifests(text)]
  const line = (...path: readonly (string | number)[]): number | undefined => document?.lineOf(path)
  expect([line(), line('spec'), line('spec', 'rules', 1, 'name'), line('spec', 'rules', 1, 'tables', 0)]).toEqual([
    1, 1, 5, 7,
  ])
  expect([line('spec', 'gone'), line('spec', 'rules', 0, 'gone', 'deeper'), line('spec', 'rules', 9)]).toEqual([
    1, 3, 2,
  ])
  expect(line('spec', 'again', 'name')).toBe(8)
})

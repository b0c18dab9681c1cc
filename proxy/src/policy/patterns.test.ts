import { expect, test } from 'vitest'
import { compilePattern } from './patterns.ts'

test.each([
  ['a backreference', String.raw`(a)\1`, 'not an RE2 pattern'],
  ['lookahead', 'a(?=b)', 'not an RE2 pattern'],
  ['lookbehind', '(?<=a)b', 'not an RE2 pattern'],
  ['an open group', '(', 'not an RE2 pattern'],
  ['a large repetition', 'a{1001}', 'not an RE2 pattern'],
  ['a large program', '(abcdefgh){500}', 'instructions'],
  ['length', 'a'.repeat(1001), 'longer than'],
])('is no pattern: %s', (_name, source, problem) => {
  const result = compilePattern(source)
  expect('problem' in result && result.problem).toContain(problem)
})

test.each([
  [String.raw`(?i)\balter\s+user\b`, 'ALTER   user bob', true],
  [String.raw`(?i)\balter\s+user\b`, 'ALTER /* */ user bob', false],
  ['^a$', 'b\na', false],
  ['(?m)^a$', 'b\na', true],
  ['', 'anything', true],
  [String.raw`\p{Greek}`, 'α', true],
  ['é', 'e\u0301', false],
])('%s in %j: %s', (source, text, found) => {
  const result = compilePattern(source)
  expect('pattern' in result && result.pattern.test(text)).toBe(found)
})

test.each(['(a+)+$', '(a|a)*$', '(.*)(.*)(.*)(.*)(.*)x$', '(a?){30}a{30}$', '(x+x+)+y'])(
  '%s is matched in linear time',
  source => {
    const result = compilePattern(source)
    if ('problem' in result) throw new Error(result.problem)
    const before = process.hrtime.bigint()
    result.pattern.test(`${'a'.repeat(65_000)}!`)
    expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(1_000)
  },
)

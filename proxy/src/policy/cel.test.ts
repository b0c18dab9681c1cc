import { expect, test } from 'vitest'
import { settings } from '../settings.ts'
import { type CelResult, type CelVariables, compileCel } from './cel.ts'

const variables: CelVariables = {
  claims: 'map',
  statement: {
    fields: {
      kind: { type: 'string', doc: '' },
      hasWhere: { type: 'bool', doc: '' },
      tables: { type: 'list<string>', doc: '' },
    },
  },
  session: { fields: { now: { type: 'timestamp', doc: '', changes: 'Clock' }, user: { type: 'string', doc: '' } } },
}

const claims = {
  env: 'prod',
  level: 3,
  admin: true,
  amr: ['pwd', 'mfa'],
  nothing: null,
  nested: { team: { name: 'blue' } },
  'https://example.com/x': 'url',
  constructor: 'c',
  many: Array.from({ length: 500 }, (_, index) => `group-${index}`),
  long: 'x'.repeat(60_000),
}
const values = {
  claims: JSON.parse(JSON.stringify(claims).replace('"constructor"', '"__proto__":{"polluted":true},"constructor"')),
  statement: { kind: 'Select', hasWhere: false, tables: ['public.orders'] },
  session: { now: new Date(Date.UTC(2026, 0, 2)), user: 'u' },
}

function evaluate(source: string): CelResult {
  const result = compileCel(source, variables)
  if ('problem' in result) throw new Error(result.problem)
  return result.ok.evaluate(values)
}

const doublings = (start: string, times: number, step: string) => `${start}${`.map(x, ${step})`.repeat(times)}`

test.each([
  ['a missing claim', 'claims.nope == 1', 'No such key: nope'],
  ['below a missing claim', 'has(claims.nope.more)', 'No such key: nope'],
  ['no bool', 'claims.env', 'it yields no bool'],
  ['a value that stays out of the message', 'bool(claims.env)', 'bool() conversion error'],
  ['an index beyond the end', "claims.amr[7] == 'x'", 'No such key'],
  ['division by zero', '1 / 0 == 1', 'division by zero'],
  ['int and double together', 'claims.level + 1 == 4', 'no such overload'],
  ['prototype', 'claims.nested.constructor == 1', 'No such key: constructor'],
  ['toString', 'has(claims.toString) || claims.toString == 1', 'No such key: toString'],
])('fails: %s', (_name, source, why) => {
  const result = evaluate(source)
  expect('failed' in result && result.failed).toContain(why)
  expect('failed' in result && result.failed).not.toContain('prod')
})

test.each([
  ['loops in loops', "claims.many.exists(x, claims.many.exists(y, x == y + '!'))"],
  ['loops that fail', 'claims.many.all(x, x.nope == claims.many)'],
  ['doubled text', `${doublings('[claims.long]', 20, 'x + x')}[0] == 'a'`],
  ['doubled lists', `${doublings('[claims.many]', 20, 'x + x')}[0] == []`],
  ['a tree of shared lists', `${doublings('[[1]]', 25, '[x, x]')} == ${doublings('[[1]]', 25, '[x, x]')}`],
  ['membership of shared lists', `${doublings('[[1]]', 25, '[x, x]')} in [${doublings('[[1]]', 25, '[x, x]')}]`],
  ['regular expressions in a loop', "claims.many.exists(x, claims.long.matches('(x+x+)+y'))"],
  ['an error hidden by ||', "claims.many.exists(x, claims.many.exists(y, x == y + '!')) || true"],
])('costs too much: %s', (_name, source) => {
  const before = process.hrtime.bigint()
  expect(evaluate(source)).toEqual({ failed: 'it costs too much' })
  expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(250)
})

test.each([
  ['a misspelt field', '!statement.hasWher', 'No such key: hasWher'],
  ['an unknown variable', 'claim.env == 1', 'Unknown variable: claim'],
  ['no bool', "'a'", 'yields string, not bool'],
  ['an unknown function', "nope('a')", 'unknown function nope()'],
  ['cel.bind', 'cel.bind(x, 1, x == 1)', 'unknown function bind()'],
  ['JSON', "b'{}'.json() == {}", 'unknown function json()'],
  ['a time zone', "session.now.getHours('Europe/Paris') == 1", 'takes no time zone'],
  ['our own name for matches', "claims.env.re2Matches('x')", 'unknown function re2Matches()'],
  ['a pattern that is no literal', 'claims.env.matches(claims.env)', 'needs a literal pattern'],
  ['a pattern that RE2 does not know', String.raw`claims.env.matches('(a)\\1')`, 'not an RE2 pattern'],
  ['nothing', '', 'Unexpected token'],
  ['depth', `${'('.repeat(300)}true${')'.repeat(300)}`, 'maxDepth'],
  ['size', Array.from({ length: 600 }, () => '1').join('+'), 'maxAstNodes'],
  ['length', `'${'x'.repeat(settings.maxCelSourceLength)}' == 'y'`, 'longer than'],
])('does not compile: %s', (_name, source, problem) => {
  const result = compileCel(source, variables)
  expect('problem' in result && result.problem).toContain(problem)
})

test.each([
  "claims.env == 'prod'",
  'claims.level == 3 && claims.level >= 2 && claims.level > 2.5 && claims.level in [1, 2, 3]',
  'int(claims.level) + 1 == 4 && claims.level + 1.0 == 4.0',
  "claims.amr.exists(m, m == 'mfa') && 'pwd' in claims.amr && size(claims.amr) == 2",
  "claims['https://example.com/x'] == 'url'",
  "claims.nested.team.name.startsWith('b')",
  'has(claims.env) && !has(claims.nope) && has(claims.nested.team)',
  'claims.nothing == null',
  "claims.env.matches('^pr.d$') && !claims.long.matches('(x+x+)+y')",
  "claims.nope == 1 || claims.env == 'prod'",
  "claims.constructor == 'c'",
  "claims.many.filter(g, g.endsWith('-499')).size() == 1",
  "session.now > timestamp('2026-01-01T00:00:00Z') && session.now.getFullYear() == 2026",
  "!statement.hasWhere && statement.kind == 'Select' && 'public.orders' in statement.tables",
  "claims.exists(name, name == 'env')",
  "type(claims.env) == string && (claims.admin ? 'a' : 'b') == 'a'",
])('holds: %s', source => {
  expect(evaluate(source)).toEqual({ value: true })
})

test('says what it reads, and whether that changes by itself', () => {
  const reads = (source: string) => {
    const result = compileCel(source, variables)
    if ('problem' in result) throw new Error(result.problem)
    const fields = [...result.ok.reads].map(
      ([name, read]) => `${name}: ${read === 'All' ? read : [...read].sort().join(' ')}`,
    )
    return [...fields, ...(result.ok.changes ? ['changes'] : [])].sort()
  }
  expect(reads("claims.env == claims['tenant'] && has(claims.level)")).toEqual(['claims: env level tenant'])
  expect(reads('claims[session.user] == 1')).toEqual(['claims: All', 'session: user'])
  expect(reads('claims.exists(k, true)')).toEqual(['claims: All'])
  expect(reads("session.now > timestamp('2026-01-01T00:00:00Z')")).toEqual(['changes', 'session: now'])
  expect(reads('dyn(session).user == claims.sub')).toEqual(['changes', 'claims: sub', 'session: All'])
})

test('text, for mappings', () => {
  const result = compileCel("'oidc:' + claims.env", { claims: 'map' }, 'string')
  expect('ok' in result && result.ok.evaluate({ claims })).toEqual({ value: 'oidc:prod' })
})

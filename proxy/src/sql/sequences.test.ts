import { expect, test } from 'vitest'
import { factsIn } from './test/parsed.ts'

function accesses(call: string): readonly string[] {
  const [facts] = factsIn(`SELECT ${call}`)
  return (facts?.sequences ?? []).map(({ relation }) => {
    const access = facts?.relations[relation]
    return `${access?.kind} ${access?.name.join('|')}`
  })
}

test.each([
  'nextval($1)',
  "nextval('s' || 't')",
  "nextval(lower('s'))",
  "nextval('16384')",
  "nextval('-')",
  "nextval('')",
  "nextval(' s')",
  "nextval('a b')",
  "nextval('a..b')",
  "nextval('a.b.c.d')",
  "nextval('\"a')",
  'nextval(\'""\')',
  "nextval('1a')",
  `nextval('${'x'.repeat(64)}')`,
  "nextval('s'::text)",
  "nextval('s'::name::regclass)",
  "nextval('s'::other.regclass)",
  "nextval('{s}'::regclass[])",
  "nextval(VARIADIC '{s}')",
  "nextval(a => 's')",
  "nextval(pg_get_serial_sequence('t', 'id'))",
  'nextval()',
  "currval('s')",
  "lastval('s')",
])('not by a literal: %s', call => expect(accesses(call)).toEqual([]))

test.each([
  ["nextval('s')", 'Update s'],
  ["nextval('S')", 'Update s'],
  ['nextval(\'"S"\')', 'Update S'],
  ['nextval(\'"a""b.c"\')', 'Update a"b.c'],
  ["nextval('public.s'::regclass)", 'Update public|s'],
  ['pg_catalog.nextval(\'shop.Public."My Seq"\'::pg_catalog.regclass)', 'Update shop|public|My Seq'],
  ["nextval(U&'\\0073')", 'Update s'],
  ["nextval('zähler')", 'Update zähler'],
  ["setval('s', 42, false)", 'Update s'],
  ["setval('s', max(id)) FROM t", 'Update s'],
])('%s', (call, expected) => expect(accesses(call)).toEqual([expected]))

test('a sequence is one access, with a part that is bounded', () => {
  const [facts] = factsIn("INSERT INTO t VALUES (nextval('s')), (nextval('s')), (nextval('\"S\"'))")
  const updated = facts?.relations.filter(({ kind }) => kind === 'Update').map(({ name }) => name.join('.'))
  expect(updated).toEqual(['s', 'S'])
  expect(facts?.sequences).toHaveLength(3)
  expect(facts?.parts.filter(({ kind }) => kind === 'Update')).toEqual([
    { kind: 'Update', hasWhere: true, hasLimit: false },
    { kind: 'Update', hasWhere: true, hasLimit: false },
  ])
})

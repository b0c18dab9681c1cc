import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, expect, test } from 'vitest'
import { describedCatalog } from '../sql/described-catalog.ts'
import { judgeText } from './judge-text.ts'
import { allow, deny, policy, select, verdict } from './test/policies.ts'

beforeAll(loadModule)

/** Comments, case and spacing never change a verdict of rules without `pattern`. */
const statements = [
  'select id from orders where id = 1',
  'select * from public . api_keys',
  'with d as ( delete from log returning * ) select * from d',
  'update orders set total = 0',
  'delete from orders where id = 1',
  'insert into log select id , total from orders',
  'drop table orders',
  'set role postgres',
  'select pg_sleep ( 1 )',
  'copy orders to stdout',
  'explain analyze delete from log',
  'begin',
  'select 1 from orders for update',
]
const gaps = fc.constantFrom(' ', '\n', '\t ', ' /* a; drop */ ', ' -- b;\n', ' /* /* nested */ */ ')
const spelling = fc.array(fc.tuple(gaps, fc.boolean()), { minLength: 20, maxLength: 20 })

const described = describedCatalog({
  relations: { 'public.orders': ['id', 'total'], 'public.api_keys': ['id', 'key'], 'public.log': ['at', 'what'] },
})
const selection = select([
  policy({
    rules: [allow(['Read'], ['public.*']), allow(['Delete'], ['public.orders']), deny({ tables: ['public.api_keys'] })],
  }),
])

function judge(text: string): readonly string[] {
  if ('problems' in described) throw new Error(described.problems.join())
  const session = { application: '', client: '', now: 0, inTransaction: false }
  const parse = (of: string) => ({ tree: parseSync(of) })
  const result = judgeText({
    text,
    parse,
    catalog: described.catalog,
    selection,
    role: 'agent_ro',
    session,
    searchPath: 'public',
  })
  return 'refusal' in result ? [result.refusal.sqlState] : result.statements.map(({ decision }) => verdict(decision))
}

test('spelling never changes a verdict', () => {
  fc.assert(
    fc.property(fc.constantFrom(...statements), spelling, (statement, gapsAndCases) => {
      const respelt = statement.split(' ').map((word, index) => {
        const [gap, upper] = gapsAndCases[index] ?? [' ', false]
        return `${upper ? word.toUpperCase() : word}${gap}`
      })
      expect(judge(respelt.join(''))).toEqual(judge(statement))
    }),
    { numRuns: 200, seed: 7 },
  )
})

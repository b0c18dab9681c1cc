import { expect, test } from 'vitest'
import { builtins } from './builtins.ts'
import { describedCatalog } from './described-catalog.ts'
import { listedFunctions } from './lists/functions.ts'

test('mistakes are told with their place', () => {
  const result = describedCatalog({
    server: 14,
    relation: {},
    relations: { orders: ['id'], 'a.b': { colums: [] }, 'a.v': { view: ['a.none'] }, 'a.c': 'id', 'a.d': [1] },
    functions: ['f', 'a.f'],
  })
  expect('problems' in result && result.problems).toEqual([
    'catalog.relation: unknown field',
    'relations.orders: write schema.name',
    'relations.a.b.colums: unknown field',
    'relations.a.c: a map is expected',
    'relations.a.d: names are expected',
    'relations.a.v: "a.none" is not described',
    'functions[0]: write schema.name(type, type)',
    'functions[1]: write schema.name(type, type)',
    'server: 15, 16, 17 or 18',
  ])
  expect(describedCatalog(undefined)).toEqual({ problems: ['catalog: a map is expected'] })
})

test('relations, what lies behind them, functions', () => {
  const result = describedCatalog({
    relations: {
      'a.t': ['id'],
      'a.p': { columns: ['id'], partitions: ['a.t'] },
      'a.v': { view: ['a.t'] },
      'a.c': { cascadesFrom: ['a.t'] },
    },
    functions: ['a.f(text, integer)', { name: 'a.p()', procedure: true }],
  })
  if ('problems' in result) throw new Error(result.problems.join())
  const { catalog } = result
  const oid = (name: string) => catalog.relation('a', name)?.oid
  expect(catalog.relation('a', 'p')).toMatchObject({ sort: 'Partitioned', children: [oid('t')] })
  expect(catalog.relation('a', 'v')).toMatchObject({ sort: 'View', reads: [oid('t')] })
  expect(catalog.relation('a', 't')).toMatchObject({
    parents: [oid('p')],
    readBy: [oid('v')],
    referencedBy: [{ oid: oid('c'), onDelete: 'Cascade' }],
  })
  expect(catalog.functions('a', 'f')).toMatchObject([{ args: ['text', 'integer'], sort: 'Function' }])
  expect(catalog.functions('a', 'p')).toMatchObject([{ args: [], sort: 'Procedure' }])
  expect(catalog.relation('pg_catalog', 'pg_class')).toMatchObject({ isSystem: true })
  expect(catalog.schema('nowhere')).toBeUndefined()
})

test.each([15, 16, 17, 18] as const)(
  'every built-in of %i is on the list of functions, and the other way round',
  server => {
    const signatures = new Set(builtins(server).functions.map(({ name, args }) => `${name}(${args.join(', ')})`))
    const listed = new Set(listedFunctions(server).filter(signature => !signature.startsWith('information_schema.')))
    expect([...signatures].filter(signature => !listed.has(signature))).toEqual([])
    expect([...listed].filter(signature => !signatures.has(signature))).toEqual([])
  },
)

test.each([15, 16, 17, 18] as const)('operators and casts of %i lead to functions', server => {
  const { functions, operators, casts } = builtins(server)
  const oids = new Set(functions.map(({ oid }) => oid))
  expect(operators.filter(operator => !oids.has(operator.function))).toEqual([])
  expect(casts.filter(cast => cast.function !== 0 && !oids.has(cast.function))).toEqual([])
})

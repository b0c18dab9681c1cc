import { describe, expect, test } from 'vitest'
import { resolveAll } from './resolve-all.ts'
import type { NameContext, OwnObjects } from './resolved.ts'
import type { RelationAccess, StatementFacts } from './statement.ts'
import { type CatalogParts, makeCatalog } from './test/catalog.ts'
import { makeAccess, makeCall, makeFacts, makeMention } from './test/facts.ts'

const context: NameContext = {
  role: 'agent',
  path: ['pg_catalog', 'public'],
  setting: 'public',
  resetSetting: 'public',
}
const parts: CatalogParts = {
  schemas: ['b'],
  relations: [{ name: 't' }, { name: 'b.t' }, { name: 'old' }, { name: 'v', sort: 'View', reads: ['t'] }],
  functions: [{ name: 'f' }, { name: 'f', schema: 'b' }],
}

/** What each statement's names became, or why one was refused. */
function run(statements: readonly Partial<StatementFacts>[], inside: NameContext = context): string {
  const result = resolveAll(statements.map(makeFacts), makeCatalog(parts), inside)
  if ('refusal' in result) return `${result.statement}: ${result.refusal.sqlState} ${result.refusal.message}`
  return result.resolved.map(({ splices }) => splices.map(splice => splice.text).join(' ') || '-').join('; ')
}

const access = (
  kind: StatementFacts['kind'],
  name: string,
  more: Partial<RelationAccess> = {},
): Partial<StatementFacts> => ({
  kind,
  relations: [makeAccess({ kind, name: name.split('.'), ...more })],
})
const read = (name: string) => access('Select', name)
const create = (name: string, more: Partial<RelationAccess> = {}) =>
  access('CreateTable', name, { presence: 'Made', sort: 'Table', ...more })
const call = (name: string): Partial<StatementFacts> => ({ calls: [makeCall({ name: [name] })] })
const setPath = (values: readonly string[] | undefined, more: object = {}): Partial<StatementFacts> => ({
  kind: 'Set',
  settings: [
    {
      act: 'Set',
      name: 'search_path',
      local: false,
      span: { start: 0, end: 0 },
      ...(values === undefined ? {} : { values }),
      ...more,
    },
  ],
})
const control = (what: 'Begin' | 'Commit' | 'Rollback' | 'Discard'): Partial<StatementFacts> =>
  what === 'Discard' ? { kind: 'Discard', control: { do: what, what: 'All' } } : { kind: what, control: { do: what } }
const savepoint = (what: 'Savepoint' | 'Release' | 'RollbackTo', name: string): Partial<StatementFacts> => ({
  kind: 'Savepoint',
  control: { do: what, name },
})
const object = (sort: string, name: string, act: 'Create' | 'Alter' | 'Drop'): StatementFacts['objects'] => [
  { sort, name: [name], act, span: { start: 0, end: 0 } },
]

const own: OwnObjects = { relation: () => undefined, functions: () => undefined }
const lone = '0A000 a name in this statement depends on'

type Case = readonly [string, readonly Partial<StatementFacts>[], string, NameContext | undefined]
const written: readonly (readonly [string, readonly Partial<StatementFacts>[], string, NameContext?])[] = [
  [
    'a view made and read',
    [access('CreateView', 'w', { presence: 'Made', sort: 'View' }), read('w')],
    'public.w; public.w',
  ],
  [
    'a view replaced and read',
    [access('CreateView', 'v', { presence: 'Made', sort: 'View' }), read('v')],
    'public.v; public.v',
  ],
  [
    'a view over what is not known',
    [
      {
        kind: 'CreateSchema',
        relations: [
          makeAccess({ kind: 'CreateTable', name: ['new'], presence: 'Made', span: { start: 30, end: 33 } }),
          makeAccess({ kind: 'CreateView', name: ['w'], presence: 'Made', sort: 'View' }),
        ],
      },
      read('w'),
    ],
    `1: ${lone} view "public.w", which the same text makes`,
  ],
  ['dropped', [access('DropTable', 't'), read('t')], '1: 42P01 relation "t" does not exist'],
  [
    'a function made and called',
    [{ kind: 'CreateFunction', objects: object('function', 'g', 'Create') }, call('g')],
    '-; public.g',
  ],
  [
    'a function dropped, and another of its name called',
    [{ kind: 'DropFunction', objects: object('function', 'f', 'Drop') }, call('f')],
    `1: ${lone} "f", which the same text brings in`,
  ],
  [
    'an operator made, and used',
    [{ kind: 'CreateOperator', objects: object('operator', 'f', 'Create') }, call('f')],
    `1: ${lone} "f", which the same text brings in`,
  ],
  [
    'made and called as t.g',
    [{ kind: 'CreateFunction', objects: object('function', 'g', 'Create') }, { columns: [makeMention(['t', 'g'])] }],
    '-; -',
  ],
  [
    'an extension, then any call',
    [{ kind: 'CreateExtension', objects: object('extension', 'x', 'Create') }, call('f')],
    `1: ${lone} functions that the same text brings in`,
  ],
  ['DO, then a name', [{ kind: 'Do' }, read('t')], `1: ${lone} the search_path`],
  [
    'EXECUTE, then a name',
    [{ kind: 'Execute', control: { do: 'Execute', name: 'p' } }, call('f')],
    `1: ${lone} the search_path`,
  ],
  [
    'ROLLBACK of a SET',
    [setPath(['b']), control('Begin'), read('t'), control('Rollback'), read('t')],
    '-; -; b.t; -; public.t',
  ],
  [
    'COMMIT of a SET LOCAL',
    [control('Begin'), setPath(['b'], { local: true }), call('f'), control('Commit'), call('f')],
    '-; -; b.f; -; public.f',
  ],
  [
    'COMMIT of a SET, then of a SET LOCAL, then ROLLBACK of another SET',
    [
      ...[setPath(['b']), control('Commit'), setPath(['public'], { local: true }), call('f'), control('Commit')],
      ...[call('f'), setPath(['public']), call('f'), control('Rollback'), call('f')],
    ],
    '-; -; -; public.f; -; b.f; -; public.f; -; b.f',
  ],
  [
    'ROLLBACK TO',
    [
      ...[create('n'), savepoint('Savepoint', 'x'), setPath(['b']), read('t'), savepoint('RollbackTo', 'x'), read('t')],
      ...[savepoint('Release', 'x'), setPath(['b']), savepoint('RollbackTo', 'x'), read('n')],
    ],
    '9: 42P01 relation "n" does not exist',
  ],
  [
    'ROLLBACK of what was made',
    [control('Begin'), create('n'), control('Rollback'), read('n')],
    '3: 42P01 relation "n" does not exist',
  ],
  [
    'ROLLBACK TO what began before',
    [create('n'), savepoint('RollbackTo', 'x'), read('t')],
    `2: ${lone} the search_path`,
    { ...context, own, transactional: true },
  ],
  [
    'a function in pg_catalog',
    [
      {
        kind: 'CreateFunction',
        objects: [{ sort: 'function', name: ['pg_catalog', 'f'], act: 'Create', span: { start: 0, end: 0 } }],
      },
      call('f'),
    ],
    `1: ${lone} "f", which the same text brings in`,
  ],
  [
    'set_config that may not run',
    [{ settings: setPath(['b']).settings ?? [], calls: [] }, read('t')],
    `1: ${lone} what came before it`,
  ],
  [
    'set_config of what is no literal',
    [{ settings: setPath(['\0'], { dynamic: true }).settings ?? [] }, read('t')],
    `1: ${lone} what came before it`,
  ],
  [
    'RESET to what is not known',
    [setPath(undefined), read('t')],
    `1: ${lone} the search_path`,
    { role: 'agent', path: ['pg_catalog', 'public'] },
  ],
  [
    'COMMIT of a transaction begun earlier',
    [control('Commit'), read('t')],
    `1: ${lone} the search_path`,
    { ...context, own, transactional: true },
  ],
  ['a foreign key that may cascade', [access('AlterTable', 't'), access('Delete', 't')], 'public.t; public.t'],
  ['a rule', [access('CreateRule', 't'), access('Insert', 't')], `1: ${lone} "public.t", which the same text alters`],
  [
    'a schema whose path is not known',
    [{ kind: 'CreateSchema', objects: object('schema', 'c', 'Create') }, read('t')],
    `1: ${lone} the search_path`,
    { role: 'agent', path: ['pg_catalog', 'public'] },
  ],

  ['nothing between', [read('t'), read('t')], 'public.t; public.t'],
  ['made and used', [create('n'), access('Insert', 'n'), read('n')], 'public.n; public.n; public.n'],
  [
    'temporary, and shadowing',
    [create('t', { persistence: 'Temporary' }), read('t'), call('f')],
    '-; pg_temp.t; public.f',
  ],
  [
    'renamed',
    [
      {
        kind: 'AlterTable',
        relations: [
          makeAccess({ kind: 'AlterTable', name: ['old'] }),
          makeAccess({ kind: 'AlterTable', name: ['new'], presence: 'Made', span: { start: 30, end: 33 } }),
        ],
      },
      read('new'),
    ],
    'public.old; public.new',
  ],
  [
    'renamed, by the old name',
    [
      {
        kind: 'AlterTable',
        relations: [
          makeAccess({ kind: 'AlterTable', name: ['old'] }),
          makeAccess({ kind: 'AlterTable', name: ['new'], presence: 'Made', span: { start: 30, end: 33 } }),
        ],
      },
      read('old'),
    ],
    '1: 42P01 relation "old" does not exist',
  ],
  ['SET', [setPath(['b']), read('t'), call('f')], '-; b.t; b.f'],
  ['SET of a quoted name', [setPath(['B']), read('t')], '1: 42P01 relation "t" does not exist'],
  ['RESET', [setPath(['b']), { ...setPath(undefined), kind: 'Reset' }, read('t')], '-; -; public.t'],
  ['DISCARD ALL', [setPath(['b']), control('Discard'), read('t')], '-; -; public.t'],
  [
    'a set_config that changes nothing here',
    [{ settings: setPath(['b, public']).settings ?? [] }, read('old')],
    '-; public.old',
  ],
  [
    'a schema on the path, made here',
    [{ kind: 'CreateSchema', objects: object('schema', 'c', 'Create') }, create('n')],
    '-; c.n',
    { ...context, setting: 'c, public' },
  ],
  [
    'a type made and used',
    [
      { kind: 'CreateType', objects: object('type', 'mood', 'Create') },
      { types: [{ name: ['mood'], span: { start: 8, end: 12 }, location: 8 }] },
    ],
    '-; public.mood',
  ],
  ['COMMIT changes nothing', [control('Begin'), create('n'), control('Commit'), read('n')], '-; public.n; -; public.n'],
]

const cases = written.map(([name, statements, expected, inside]): Case => [name, statements, expected, inside])

describe('a text of several statements', () => {
  test.each(cases)('%s', (_, statements, expected, inside) => {
    expect(run(statements, inside)).toBe(expected)
  })

  test('what is read of a table made here counts as all of it', () => {
    const facts = makeFacts({
      ...read('n'),
      scopes: [{ items: [{ alias: 'n', relation: 0 }] }],
      columns: [makeMention(['n', 'a'])],
    })
    const result = resolveAll([makeFacts(create('n')), facts], makeCatalog(parts), context)
    expect('resolved' in result && result.resolved[1]?.relations[0]?.columns).toBe('All')
  })

  test('thousands of statements, and a ROLLBACK, take no longer than they must', () => {
    const many = Array.from({ length: 2000 }, (_, index) => create(`n${index}`))
    expect(run([...many, control('Rollback'), ...many])).toMatch(/public\.n1999; -; public\.n0.*public\.n1999$/)
  })
})

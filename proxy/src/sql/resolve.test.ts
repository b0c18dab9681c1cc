import { describe, expect, test } from 'vitest'
import type { StatementFacts } from './statement.ts'
import { type CatalogParts, makeCatalog } from './test/catalog.ts'
import { makeAccess, makeCall, makeMention } from './test/facts.ts'
import { accesses, functionsOf, refused, resolved, texts } from './test/resolving.ts'

describe('relations', () => {
  const read = (...name: string[]) => ({ relations: [makeAccess({ name })] })

  test('what is nowhere is refused as PostgreSQL would', () => {
    expect(refused(read('nosuch'))).toEqual({
      sqlState: '42P01',
      message: 'relation "nosuch" does not exist',
      location: 14,
    })
    expect(refused(read('nosch', 't')).message).toBe('relation "nosch.t" does not exist')
    expect(refused(read('other', 'public', 't')).message).toBe(
      'cross-database references are not implemented: "other.public.t"',
    )
  })

  test('the first schema of the path that has it', () => {
    const parts = { schemas: ['b'], relations: [{ name: 't' }, { name: 'b.t' }] }
    expect(texts(resolved(read('t'), parts))).toEqual(['public.t'])
    expect(texts(resolved(read('t'), parts, { role: 'agent', path: ['pg_catalog', 'b', 'public'] }))).toEqual(['b.t'])
    expect(texts(resolved(read('b', 't'), parts))).toEqual([])
    expect(texts(resolved(read('shop', 'b', 't'), parts))).toEqual([])
  })

  test('a temporary table shadows, for this session alone', () => {
    const parts = { relations: [{ name: 't' }] }
    const temp = makeCatalog({ relations: [{ name: 'pg_temp_3.t', persistence: 'Temporary' }] })
    const own = { tempSchema: 'pg_temp_3', relation: temp.relation, functions: () => undefined }
    const context = { role: 'agent', path: ['pg_temp_3', 'pg_catalog', 'public'], own }
    expect(texts(resolved(read('t'), parts, context))).toEqual(['pg_temp_3.t'])
    expect(accesses(resolved(read('pg_temp', 't'), parts, context))).toEqual(['Named Select pg_temp_3.t'])
    expect(refused(read('pg_temp', 't'), parts).message).toBe('relation "pg_temp.t" does not exist')
  })

  test('what lies behind a view, and behind that', () => {
    const parts: CatalogParts = {
      relations: [
        { name: 'v', sort: 'View', reads: ['w'] },
        { name: 'w', sort: 'View', reads: ['t'] },
        { name: 't', children: ['part'] },
        { name: 'part' },
      ],
    }
    expect(accesses(resolved(read('v'), parts))).toEqual([
      'Named Select public.v',
      'Behind Select public.w *',
      'Behind Select public.t *',
      'Behind Select public.part *',
    ])
    const write = { kind: 'Delete', relations: [makeAccess({ name: ['v'], kind: 'Delete' })] } as const
    expect(accesses(resolved(write, parts))).toContain('Behind Delete public.part *')
    expect(accesses(resolved({ relations: [makeAccess({ only: true })] }, parts))).toEqual(['Named Select public.t'])
  })

  test('cascades', () => {
    const parts: CatalogParts = {
      relations: [
        { name: 't', referencedBy: [{ name: 'u', onDelete: 'Cascade' }] },
        { name: 'u', referencedBy: [{ name: 'w', onDelete: 'SetNull' }] },
        { name: 'w', referencedBy: [{ name: 't', onUpdate: 'Cascade' }] },
      ],
    }
    const write = (kind: 'Delete' | 'Truncate' | 'DropTable', cascade: boolean) =>
      accesses(resolved({ kind, relations: [makeAccess({ kind, cascade })] }, parts))
    expect(write('Delete', false)).toEqual([
      'Named Delete public.t *',
      'Behind Update public.t *',
      'Behind Delete public.u *',
      'Behind Update public.w *',
    ])
    expect(write('Truncate', false)).toEqual(['Named Truncate public.t *'])
    expect(write('Truncate', true)).toEqual([
      'Named Truncate public.t *',
      'Behind Truncate public.u *',
      'Behind Truncate public.w *',
    ])
    expect(write('DropTable', true)).toEqual(['Named DropTable public.t *', 'Behind AlterTable public.u *'])
  })

  test('a relation with a rule for the event is refused', () => {
    const parts: CatalogParts = { relations: [{ name: 't', rules: ['Insert'] }] }
    expect(refused({ kind: 'Insert', relations: [makeAccess({ kind: 'Insert' })] }, parts).code).toBe('RuleOnRelation')
    expect(texts(resolved(read('t'), parts))).toEqual(['public.t'])
  })

  test('what is made lies where CREATE puts it', () => {
    const make = (parts: object) =>
      ({ kind: 'CreateTable', relations: [makeAccess({ kind: 'CreateTable', presence: 'Made', ...parts })] }) as const
    expect(texts(resolved(make({})))).toEqual(['public.t'])
    expect(accesses(resolved(make({ persistence: 'Temporary' })))).toEqual(['Named CreateTable pg_temp.t *'])
    expect(refused(make({}), {}, { role: 'agent', path: ['pg_catalog'] }).message).toBe(
      'no schema has been selected to create in',
    )
    expect(refused(make({ name: ['nosch', 't'] })).sqlState).toBe('3F000')
  })
})

describe('a statement that uses what it makes', () => {
  const at = (start: number) => ({ start, end: start + 1 })
  const made = makeAccess({ name: ['n'], kind: 'CreateTable', presence: 'Made', span: at(13) })
  const key = (...name: string[]) => makeAccess({ name, kind: 'AlterTable', span: at(40) })

  test('a foreign key to a table that is nowhere is refused', () => {
    expect(refused({ kind: 'CreateTable', relations: [made, key('m')] }).message).toBe('relation "m" does not exist')
  })

  test('a foreign key to itself', () => {
    expect(texts(resolved({ kind: 'CreateTable', relations: [made, key('n')] }))).toEqual(['public.n', 'public.n'])
    expect(texts(resolved({ kind: 'CreateTable', relations: [made, key('public', 'n')] }))).toEqual(['public.n'])
    expect(refused({ kind: 'CreateTable', relations: [made, key('b', 'n')] }, { schemas: ['b'] }).message).toBe(
      'relation "b.n" does not exist',
    )
  })

  test('CREATE TABLE AS reads what was there before', () => {
    expect(refused({ kind: 'CreateTable', relations: [made, makeAccess({ name: ['n'], span: at(40) })] }).message).toBe(
      'relation "n" does not exist',
    )
  })

  test('elements of CREATE SCHEMA go into it and see each other', () => {
    const objects = [{ sort: 'schema', name: ['s'], act: 'Create', span: at(0) }] as const
    const view = makeAccess({ name: ['v'], kind: 'CreateView', presence: 'Made', span: at(50) })
    const reads = [makeAccess({ name: ['n'], span: at(60) }), makeAccess({ name: ['old'], span: at(70) })]
    const found = resolved(
      { kind: 'CreateSchema', objects, relations: [view, ...reads, made] },
      { relations: [{ name: 'old' }, { name: 'n' }] },
    )
    expect(texts(found)).toEqual(['s.v', 's.n', 'public.old', 's.n'])
  })
})

describe('calls', () => {
  const call = (parts = {}) => ({ calls: [makeCall(parts)] })

  test('a missing function stays missing, whatever is made in the meantime', () => {
    expect(texts(resolved(call()))).toEqual(['pg_catalog.f'])
    expect(refused({ calls: [makeCall({ name: ['public', 'f'] })] }).sqlState).toBe('42883')
    expect(refused({ calls: [makeCall({ name: ['nosch', 'f'] })] }).sqlState).toBe('3F000')
  })

  test('every candidate counts, but a hidden one', () => {
    const parts = {
      schemas: ['b'],
      functions: [
        { name: 'f', schema: 'pg_catalog' },
        { name: 'f', args: ['text'] },
        { name: 'f', args: ['integer'] },
        { name: 'f', args: ['text', 'text'] },
        { name: 'f', args: ['integer', 'text'], defaults: 1 },
        { name: 'f', args: ['date'], schema: 'b' },
      ],
    }
    const found = resolved(call(), parts)
    expect(functionsOf(found)).toEqual(['pg_catalog.f(text)', 'public.f(integer)', 'public.f(integer,text)'])
    expect(texts(found)).toEqual([])
  })

  test('one schema outside pg_catalog: sent on with it', () => {
    expect(texts(resolved(call(), { functions: [{ name: 'f' }] }))).toEqual(['public.f'])
    const operator = call({ form: 'Operator', name: ['<=>'], arity: 2 })
    expect(texts(resolved(operator, { functions: [{ name: 'f' }], operators: [{ name: '<=>' }] }))).toEqual([
      'OPERATOR(public.<=>)',
    ])
  })

  test('never in the temporary schema, unless it is named', () => {
    const own = {
      tempSchema: 'pg_temp_3',
      relation: () => undefined,
      functions: (schema: string) => (schema === 'pg_temp_3' ? [fn] : undefined),
    }
    const fn = {
      oid: 9,
      schema: 'pg_temp_3',
      name: 'f',
      sort: 'Function',
      args: ['text'],
      defaults: 0,
      variadic: false,
    } as const
    const context = { role: 'agent', path: ['pg_temp_3', 'pg_catalog', 'public'], own }
    expect(texts(resolved(call(), {}, context))).toEqual(['pg_catalog.f'])
    expect(functionsOf(resolved(call({ name: ['pg_temp', 'f'] }), {}, context))).toEqual(['pg_temp_3.f(text)'])
  })

  test('casts run the functions of their type', () => {
    const parts: CatalogParts = {
      functions: [{ name: 'tofoo' }],
      types: [
        { name: 'foo', oid: 77 },
        { name: 'dom', oid: 78, sort: 'Domain', element: 77 },
      ],
      casts: [{ source: 25, target: 77, function: 5000, context: 'Explicit' }],
      relations: [{ name: 'foo' }],
    }
    const cast = (name: string) => ({ calls: [makeCall({ form: 'Cast', name: [name] })] })
    expect(functionsOf(resolved(cast('dom'), parts))).toEqual(['public.tofoo(text)'])
    expect(functionsOf(resolved(cast('foo'), parts))).toEqual(['public.tofoo(text)'])
    expect(refused(cast('nosuch'), parts)).toEqual({
      sqlState: '42704',
      message: 'type "nosuch" does not exist',
      location: 7,
    })
  })
})

describe('columns', () => {
  const parts: CatalogParts = {
    relations: [
      { name: 't', columns: ['id', 'ssn'] },
      { name: 'u', columns: ['id', 'x'] },
    ],
    functions: [{ name: 'f', args: ['t'] }],
  }
  const facts = (...fields: string[][]): Partial<StatementFacts> => ({
    relations: [makeAccess({}), makeAccess({ name: ['u'], span: { start: 20, end: 21 } })],
    scopes: [
      {
        items: [
          { alias: 't', relation: 0 },
          { alias: 'u', relation: 1 },
        ],
      },
    ],
    columns: fields.map(field => makeMention(field)),
  })
  const cases: readonly (readonly [string[][], string, string])[] = [
    [[], '', ''],
    [[['*']], '*', '*'],
    [[['t', '*']], '*', ''],
    [[['id']], 'id', 'id'],
    [[['t', 'id'], ['x']], 'id', 'x'],
    [[['t']], '*', ''],
    [[['t', 'ctid']], 'ctid', ''],
  ]
  test.each(cases)('%j', (fields, t, u) => {
    expect(accesses(resolved(facts(...fields), parts))).toEqual([
      `Named Select public.t ${t}`.trim(),
      `Named Select public.u ${u}`.trim(),
    ])
  })

  test('t.f where t has no column f is a call with the whole row', () => {
    const found = resolved(facts(['t', 'f']), parts)
    expect(accesses(found)[0]).toBe('Named Select public.t *')
    expect(functionsOf(found)).toEqual(['public.f(t)'])
  })
})

import { describe, expect, test } from 'vitest'
import { resolveAll } from './resolve-all.ts'
import { type CatalogParts, makeCatalog } from './test/catalog.ts'
import { makeAccess, makeCall, makeFacts, makeMention } from './test/facts.ts'
import { accesses, publicPath, refused, resolved, texts } from './test/resolving.ts'

describe('limits', () => {
  const many = <Item>(count: number, item: (index: number) => Item): readonly Item[] =>
    Array.from({ length: count }, (_, index) => item(index))

  test('too many columns over too many relations', () => {
    const relations = many(1000, index => makeAccess({ span: { start: 14 + index, end: 15 + index } }))
    const scopes = [{ items: relations.map((_, relation) => ({ alias: 't', relation })) }]
    const columns = many(1000, () => makeMention(['id']))
    expect(refused({ relations, scopes, columns }, { relations: [{ name: 't' }] }).code).toBe('StatementTooComplex')
    expect(
      texts(resolved({ relations, scopes, columns: columns.slice(0, 100) }, { relations: [{ name: 't' }] })),
    ).toHaveLength(1000)
  })

  test('too many different functions', () => {
    const calls = many(2000, index => makeCall({ name: [`f${index}`] }))
    expect(refused({ calls }, { functions: [{ name: 'f' }] }).code).toBe('StatementTooComplex')
    expect(texts(resolved({ calls: calls.slice(0, 1000) }, { functions: [{ name: 'f' }] }))).toHaveLength(1000)
  })

  test('too much behind the statements of one text', () => {
    const children = many(200, index => `p${index}`)
    const parts: CatalogParts = {
      relations: [{ name: 't', sort: 'Partitioned', children }, ...children.map(name => ({ name }))],
    }
    const read = makeFacts({ relations: [makeAccess({})] })
    const run = (count: number) => resolveAll(Array(count).fill(read), makeCatalog(parts), publicPath)
    expect(run(300)).toMatchObject({ refusal: { code: 'StatementTooComplex' }, statement: 250 })
    expect('resolved' in run(250)).toBe(true)
  })

  test('what repeats is one access', () => {
    const relations = many(20_000, index =>
      makeAccess({ kind: 'DropTable', span: { start: index * 3, end: index * 3 + 1 } }),
    )
    const meant = resolved({ kind: 'DropTable', relations }, { relations: [{ name: 't' }] })
    expect(accesses(meant)).toEqual(['Named DropTable public.t *'])
    expect(texts(meant)).toHaveLength(20_000)
  })

  test('too many partitions of too many mentions', () => {
    const children = many(200, index => `p${index}`)
    const parts: CatalogParts = {
      relations: [{ name: 't', sort: 'Partitioned', children }, ...children.map(name => ({ name }))],
    }
    const relations = many(600, index => makeAccess({ part: index, span: { start: 14 + index, end: 15 + index } }))
    expect(refused({ relations }, parts).code).toBe('StatementTooComplex')
    expect(accesses(resolved({ relations: relations.slice(0, 1) }, parts))).toHaveLength(201)
  })
})

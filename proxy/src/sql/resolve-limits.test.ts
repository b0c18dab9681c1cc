import { describe, expect, test } from 'vitest'
import type { CatalogParts } from './test/catalog.ts'
import { makeAccess, makeMention } from './test/facts.ts'
import { accesses, refused, resolved, texts } from './test/resolving.ts'

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

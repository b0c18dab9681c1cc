import { describe, expect, test } from 'vitest'
import { describedCatalog } from './described-catalog.ts'
import { proveSpliced } from './prove.ts'
import { type Resolution, resolve } from './resolve.ts'
import type { Splice } from './resolved.ts'
import { splice } from './splice.ts'
import { factsIn, treeOf } from './test/parsed.ts'

const described = describedCatalog({ server: 18, relations: { 'public.mine': ['id', 'query'] } })
if ('problems' in described) throw new Error(described.problems.join())
const { catalog } = described

function resolution(text: string): Resolution {
  const [facts] = factsIn(text)
  if (facts === undefined) throw new Error('no statement')
  return resolve(facts, catalog, { role: 'agent', path: ['pg_catalog', 'public'] })
}

function sent(text: string): { readonly text: string; readonly splices: readonly Splice[] } {
  const result = resolution(text)
  if ('refusal' in result) throw new Error(result.refusal.message)
  const { splices } = result.resolved
  return { text: splice(text, splices).text, splices }
}

describe('a star over closed columns', () => {
  test('is refused where the lists would be too long', () => {
    const result = resolution(`SELECT ${Array(500).fill('*').join()} FROM pg_attribute`)
    expect('refusal' in result && result.refusal.code).toBe('StatementTooComplex')
  })

  test('is a list without them; other entries of FROM stay stars', () => {
    expect(sent('SELECT x.*, u.* FROM pg_cursors x, mine u').text).toBe(
      'SELECT x.creation_time, x.is_binary, x.is_holdable, x.is_scrollable, x.name, NULL::pg_catalog.text AS statement, u.* FROM pg_catalog.pg_cursors x, public.mine u',
    )
    expect(sent('SELECT * FROM mine, pg_cursors').text).toMatch(/^SELECT mine\.\*, pg_cursors\.creation_time, /)
  })

  test('stays where a literal chooses the rows', () => {
    expect(sent("SELECT * FROM pg_settings WHERE name = 'TimeZone'").text).toContain('SELECT * FROM')
    expect(sent("SELECT * FROM pg_settings WHERE name LIKE 'Time%'").text).not.toContain('SELECT * FROM')
  })

  const text = 'SELECT x.*, 1 FROM pg_cursors x'
  test.each([
    ['one column less', (list: string) => list.replace('x.is_binary, ', '')],
    ['another order', (list: string) => list.replace('x.name', 'x.is_binary').replace('x.is_binary', 'x.name')],
    ['the column itself', (list: string) => list.replace('NULL::pg_catalog.text', 'x.statement')],
    ['another name', (list: string) => list.replace('AS statement', 'AS statements')],
    ['another type', (list: string) => list.replace('pg_catalog.text', 'pg_catalog.name')],
    ['a value', (list: string) => list.replace('NULL', "'x'")],
    ['another table', (list: string) => list.replace('x.name', 'y.name')],
  ])('is not proven with %s', (_, corrupt) => {
    const { text: good, splices } = sent(text)
    expect(proveSpliced(treeOf(text), treeOf(good), splices)).toBe(true)
    expect(corrupt(good)).not.toBe(good)
    expect(proveSpliced(treeOf(text), treeOf(corrupt(good)), splices)).not.toBe(true)
  })

  test('is not proven anywhere but in a SELECT list', () => {
    const { splices } = sent(text)
    const [star] = splices.filter(({ edit }) => edit.do === 'ExpandStar')
    if (star === undefined) throw new Error('no star')
    for (const place of [
      'SELECT ROW(x.*) FROM x',
      'INSERT INTO y VALUES (1) RETURNING x.*',
      'SELECT 1 FROM (VALUES (x.*)) v',
    ]) {
      const at = { ...star, span: { start: place.indexOf('x.*'), end: place.indexOf('x.*') + 3 } }
      expect(proveSpliced(treeOf(place), treeOf(splice(place, [at]).text.replace('AS statement', '')), [at])).not.toBe(
        true,
      )
    }
  })
})

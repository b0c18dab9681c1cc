import { describe, expect, test } from 'vitest'
import { effectivePath, searchPath, splitIdentifiers } from './search-path.ts'
import { makeCatalog } from './test/catalog.ts'

const catalog = makeCatalog({ schemas: ['agent', 'Mixed', 'a"b', { name: 'closed', usableBy: ['other'] }] })

describe('effectivePath', () => {
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ['nosuch', undefined, 'pg_catalog'],
    ['closed, public', undefined, 'pg_catalog public'],
    ['', undefined, 'pg_catalog'],
    ['"$user", public', undefined, 'pg_catalog agent public'],
    ['$user', undefined, 'pg_catalog agent'],
    ['public, PUBLIC, "public"', undefined, 'pg_catalog public'],
    ['"PUBLIC", Mixed, "Mixed"', undefined, 'pg_catalog Mixed'],
    ['"a""b"', undefined, 'pg_catalog a"b'],
    ['public, pg_catalog', undefined, 'public pg_catalog'],
    ['public', 'pg_temp_3', 'pg_temp_3 pg_catalog public'],
    ['public, pg_temp', 'pg_temp_3', 'pg_catalog public pg_temp_3'],
    ['public, pg_temp', undefined, 'pg_catalog public'],
    ['pg_catalog, pg_temp, public', 'pg_temp_3', 'pg_catalog pg_temp_3 public'],
    ['public,,agent', undefined, 'pg_catalog'],
    ['"public', undefined, 'pg_catalog'],
  ]
  test.each(cases)('%s with %s', (setting, temp, path) => {
    expect(effectivePath(setting, 'agent', catalog, temp).join(' ')).toBe(path)
  })
})

describe('where CREATE goes', () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['nosuch', undefined, undefined],
    ['nosuch, public', undefined, 'public'],
    ['pg_catalog, public', undefined, 'pg_catalog'],
    ['pg_temp, public', undefined, 'pg_temp'],
    ['pg_temp, public', 'pg_temp_3', 'pg_temp_3'],
    ['public, pg_temp', undefined, 'public'],
  ]
  test.each(cases)('%s with %s', (setting, temp, schema) => {
    expect(searchPath(setting, 'agent', catalog, temp).creation).toBe(schema)
  })
})

test('names are cut at 63 bytes, never within a character', () => {
  expect(splitIdentifiers(`"${'x'.repeat(62)}é"`)).toEqual(['x'.repeat(62)])
  expect(splitIdentifiers('a b')).toBeUndefined()
  expect(splitIdentifiers('"a" b')).toBeUndefined()
})

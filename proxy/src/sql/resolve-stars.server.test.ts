/** The oracle is the server: the list that a star becomes has its names, its order and its types, and NULL where it must. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { servers, startServer, type TestServer } from '../catalog/test/server.ts'
import { type CatalogWatch, openCatalog } from '../catalog/watch.ts'
import type { Catalog } from './catalog.ts'
import { systemColumns, systemRelations } from './lists/relations.ts'
import { proveSpliced } from './prove.ts'
import { resolve } from './resolve.ts'
import type { Resolved } from './resolved.ts'
import { splice } from './splice.ts'
import { factsIn, treeOf } from './test/parsed.ts'

const context = { role: 'postgres', path: ['pg_catalog', 'public'] }

describe.each(servers)('$name', ({ bin }) => {
  let server: TestServer
  let client: pg.Client
  let watch: CatalogWatch
  let catalog: Catalog

  beforeAll(async () => {
    server = await startServer(bin)
    client = await server.client('postgres')
    await client.query('CREATE TABLE public.mine (id int, query text)')
    watch = openCatalog({
      connect: () => server.connect('postgres'),
      database: 'postgres',
      roles: ['postgres'],
      pollMs: 3_600_000,
    })
    catalog = await watch.ready
  })

  afterAll(async () => {
    watch?.close()
    await client?.end()
    await server?.stop()
  })

  function resolved(text: string): Resolved {
    const [facts] = factsIn(text)
    if (facts === undefined) throw new Error('no statement')
    const result = resolve(facts, catalog, context)
    if ('refusal' in result) throw new Error(result.refusal.message)
    return result.resolved
  }

  function sentFor(text: string): string {
    const { splices } = resolved(text)
    const sent = splice(text, splices).text
    expect(proveSpliced(treeOf(text), treeOf(sent), splices), sent).toBe(true)
    return sent
  }

  async function shape(text: string): Promise<readonly string[]> {
    const { fields } = await client.query({ text: `${text}`, rowMode: 'array' })
    return fields.map(({ name, dataTypeID, dataTypeModifier }) => `${name} ${dataTypeID} ${dataTypeModifier}`)
  }

  function partlyClosed(): readonly string[] {
    return systemRelations(catalog.server).filter(full => {
      const [schema = '', name = ''] = full.split('.')
      const columns = systemColumns(catalog.server, schema, name)
      return columns !== 'Closed' && columns.closed.length > 0
    })
  }

  test('every relation with closed columns: the same shape, and none of them read', async () => {
    expect(partlyClosed().length).toBeGreaterThan(15)
    for (const name of partlyClosed()) {
      const text = `SELECT * FROM ${name}`
      const sent = sentFor(text)
      expect(sent, name).not.toContain('*')
      expect(await shape(`${sent} LIMIT 0`), name).toEqual(await shape(`${text} LIMIT 0`))
      const [access] = resolved(text).relations
      const [schema = '', relation = ''] = name.split('.')
      const columns = systemColumns(catalog.server, schema, relation)
      const closed = columns === 'Closed' ? [] : columns.closed
      expect(closed.filter(column => access?.columns === 'All' || access?.columns.includes(column))).toEqual([])
    }
  })

  test('what is closed is NULL', async () => {
    const { rows } = await client.query(sentFor('SELECT * FROM pg_stat_activity WHERE pid = pg_backend_pid()'))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ query: null, application_name: null, usename: 'postgres' })
  })

  test.each([
    'SELECT a.* FROM pg_attribute a LIMIT 1',
    'SELECT a . /* c */ * FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 LIMIT 1',
    'SELECT c.relname,a.*,ad.oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid LIMIT 1',
    'SELECT * FROM pg_roles r, mine m, (SELECT 1 AS one) s, generate_series(1, 2) g LIMIT 1',
    'SELECT "R o".*, "R o".oid FROM pg_roles AS "R o"(a, "B b", "select") LIMIT 1',
    'SELECT * FROM pg_user u(x, y) ORDER BY x LIMIT 1',
    'SELECT * FROM (SELECT * FROM pg_roles) x WHERE x.rolconfig IS NULL',
    'WITH r AS (SELECT * FROM pg_user) SELECT * FROM r, pg_roles LIMIT 1',
    'SELECT * FROM pg_roles UNION ALL SELECT * FROM pg_roles LIMIT 1',
    'SELECT * FROM (pg_user u CROSS JOIN pg_roles r) LIMIT 1',
    'SELECT (SELECT count(*) FROM (SELECT u.*) s) FROM pg_user u LIMIT 1',
    'SELECT DISTINCT * FROM pg_roles LIMIT 1',
    'SELECT*FROM pg_roles LIMIT 1',
    'SELECT count(*), max(rolname) FROM pg_roles',
    'SELECT * FROM mine',
  ])('%s', async text => {
    expect(await shape(sentFor(text))).toEqual(await shape(text))
  })

  test.each([
    'SELECT r FROM pg_roles r',
    'SELECT row_to_json(r.*) FROM pg_roles r',
    'SELECT ROW(r.*) FROM pg_roles r',
    'SELECT (r).* FROM pg_roles r',
    'SELECT (r.*)::text FROM pg_roles r',
    'SELECT * FROM pg_roles JOIN pg_user ON true, pg_roles AS pg_user',
    'SELECT * FROM pg_roles r JOIN pg_user u USING (passwd)',
    'SELECT * FROM pg_roles r NATURAL JOIN pg_user u',
    'SELECT * FROM (pg_roles r JOIN pg_user u ON true) j',
    'SELECT * FROM pg_roles r(oid)',
    'SELECT pg_catalog.pg_roles.* FROM pg_catalog.pg_roles',
    'TABLE pg_roles',
    'UPDATE mine SET query = r.* FROM pg_roles r',
    'DELETE FROM mine USING pg_roles r RETURNING r.*',
    'SELECT xmlforest(r.*) FROM pg_roles r',
  ])('stays, and reads all: %s', text => {
    const { relations, splices } = resolved(text)
    expect(splices.filter(({ edit }) => edit.do === 'ExpandStar')).toEqual([])
    const roles = relations.find(({ name }) => name === 'pg_roles')
    expect(roles?.columns).toBe('All')
  })
})

/** The watch over time: failures, reconnections, what it costs, and what it says of its own knowledge. */
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../sql/catalog.ts'
import type { CatalogConnection } from './query.ts'
import { servers, startServer, type TestServer } from './test/server.ts'
import { type CatalogOptions, type CatalogWatch, openCatalog } from './watch.ts'

describe.each(servers)('$bin', ({ bin }) => {
  let server: TestServer
  let admin: pg.Client
  const open: CatalogWatch[] = []

  beforeAll(async () => {
    server = await startServer(bin)
    admin = await server.client()
    await admin.query('CREATE ROLE reader LOGIN; CREATE SCHEMA s')
  })
  afterEach(() => {
    for (const watch of open.splice(0)) watch.close()
  })
  afterAll(async () => {
    await admin.end()
    await server.stop()
  })

  const asked: string[] = []
  const counted = (connection: CatalogConnection): CatalogConnection => ({
    ...connection,
    query: sql => {
      asked.push(sql)
      return connection.query(sql)
    },
  })
  const watching = (options: Partial<CatalogOptions> = {}): CatalogWatch => {
    const connect = async () => counted(await server.connect('postgres', 'reader'))
    const watch = openCatalog({ connect, database: 'postgres', roles: ['reader'], pollMs: 3_600_000, ...options })
    open.push(watch)
    return watch
  }
  const cutConnections = () =>
    admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'reader'")

  test('closed: no catalog, and nothing hangs', async () => {
    const watch = watching({ connect: () => new Promise(() => undefined) })
    const refreshed = watch.refresh()
    watch.close()
    await expect(watch.ready).rejects.toThrow('closed')
    await expect(refreshed).rejects.toThrow('closed')
    await expect(watch.refresh()).rejects.toThrow('closed')
    expect(watch.current()).toBeUndefined()
  })

  test('a database that cannot be reached is told, tried again, and a refresh does not wait for ever', async () => {
    const failures: unknown[] = []
    let refuse = true
    const connect = () => (refuse ? Promise.reject(new Error('refused')) : server.connect('postgres', 'reader'))
    const watch = watching({ connect, onFailure: error => failures.push(error) })
    await expect(watch.refresh()).rejects.toThrow('refused')
    expect(failures.length).toBeGreaterThan(0)
    refuse = false
    expect((await watch.ready).relation('pg_catalog', 'pg_class')?.isSystem).toBe(true)
    expect(watch.stale).toBe(false)
  })

  test('a lost connection is made again, and what changed meanwhile is seen; what did not is shared', async () => {
    await admin.query('CREATE TABLE stays (a int); CREATE TABLE goes (a int)')
    const changes: Catalog[] = []
    const watch = watching({ pollMs: 20, onChange: catalog => changes.push(catalog) })
    const before = await watch.ready
    expect(before.relation('public', 'goes')).toBeDefined()
    const stays = before.relation('public', 'stays')
    await cutConnections()
    await admin.query('DROP TABLE goes')
    await expect.poll(() => watch.current()?.relation('public', 'goes'), { timeout: 5_000 }).toBeUndefined()
    expect(watch.current()?.relation('public', 'stays')).toBe(stays)
    expect(watch.current()?.version).toBeGreaterThan(before.version)
  })

  test('a reconnection that finds nothing new gives no new catalog', async () => {
    const watch = watching({ pollMs: 20 })
    const before = await watch.ready
    await cutConnections()
    await expect.poll(() => watch.refresh().catch(() => undefined), { timeout: 5_000 }).toBe(before)
  })

  test('the poll alone sees a change', async () => {
    const watch = watching({ pollMs: 50 })
    await watch.ready
    await admin.query('CREATE TABLE polled (a int)')
    await expect.poll(() => watch.current()?.relation('public', 'polled')?.name, { timeout: 2_000 }).toBe('polled')
    await admin.query('ALTER TABLE polled RENAME a TO b')
    await expect
      .poll(() => watch.current()?.relation('public', 'polled')?.columns[0]?.name, { timeout: 2_000 })
      .toBe('b')
  })

  test('where nothing was committed one question is asked; where data was, no rows are read', async () => {
    await admin.query('CREATE TABLE data (a int)')
    const watch = watching()
    await watch.ready
    await watch.refresh()
    asked.length = 0
    const before = await watch.refresh()
    expect(asked).toHaveLength(1)
    await admin.query('INSERT INTO data VALUES (1)')
    asked.length = 0
    expect(await watch.refresh()).toBe(before)
    expect(asked.filter(sql => /ORDER BY t\.oid|ANY \('\{\d/u.test(sql))).toEqual([])
  })

  test('a transaction that is open for long hides nothing, and nothing is read twice because of it', async () => {
    const old = await server.client()
    await old.query('BEGIN; CREATE TABLE late (a int)')
    const watch = watching()
    await watch.ready
    await admin.query('CREATE TABLE early (a int)')
    expect((await watch.refresh()).relation('public', 'early')).toBeDefined()
    asked.length = 0
    await admin.query('CREATE TABLE IF NOT EXISTS data (a int); INSERT INTO data VALUES (1)')
    expect((await watch.refresh()).relation('public', 'late')).toBeUndefined()
    expect(asked.filter(sql => /ANY \('\{\d/u.test(sql))).toEqual([])
    await old.query('COMMIT')
    expect((await watch.refresh()).relation('public', 'late')?.columns).toEqual([{ name: 'a', type: 23 }])
    await old.end()
  })

  test('refreshes that wait share one read, which begins after all of them', async () => {
    const watch = watching()
    await watch.ready
    await admin.query('CREATE TABLE shared_read (a int)')
    asked.length = 0
    const catalogs = await Promise.all([watch.refresh(), watch.refresh(), watch.refresh()])
    expect(catalogs.every(catalog => catalog.relation('public', 'shared_read') !== undefined)).toBe(true)
    expect(asked.filter(sql => sql.startsWith('BEGIN')).length).toBeLessThanOrEqual(2)
  })

  test('300 relations in one go, and dropped', async () => {
    const watch = watching()
    await watch.ready
    const each = (sql: string) => `DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('${sql}', i); END LOOP; END $$`
    await admin.query(each('CREATE TABLE s.many%s (id serial primary key, a text, b int)'))
    const full = await watch.refresh()
    expect(full.relation('s', 'many300')?.columns).toHaveLength(3)
    await admin.query(each('DROP TABLE s.many%s'))
    const empty = await watch.refresh()
    expect([1, 150, 300].map(n => empty.relation('s', `many${n}`))).toEqual([undefined, undefined, undefined])
    expect(empty.relation('s', 'many1_id_seq')).toBeUndefined()
    expect(empty.type('s', 'many1')).toBeUndefined()
  })

  test('unknown until a read that began after the DDL was over', async () => {
    const watch = watching()
    await watch.ready
    const [named, other] = [
      { schema: 's', name: 'a' },
      { schema: 's', name: 'b' },
    ]
    const over = watch.markUnknown([named])
    expect([watch.isUnknown(named), watch.isUnknown(other)]).toEqual([true, false])
    await watch.refresh()
    expect(watch.isUnknown(named)).toBe(true)
    over()
    await watch.refresh()
    expect(watch.isUnknown(named)).toBe(false)
    const allOver = watch.markUnknown()
    expect(watch.isUnknown(other)).toBe(true)
    allOver()
    await watch.refresh()
    expect(watch.isUnknown(other)).toBe(false)
  })

  test('a role that is added', async () => {
    await admin.query('CREATE ROLE late_role; GRANT USAGE ON SCHEMA s TO late_role')
    const watch = watching()
    expect((await watch.ready).schema('s')?.usableBy('late_role')).toBe(false)
    expect((await watch.addRole('late_role')).schema('s')?.usableBy('late_role')).toBe(true)
    const added = await watch.addRole('not there')
    expect(added.schema('s')?.usableBy('not there')).toBe(false)
    await admin.query('CREATE ROLE "not there" SUPERUSER')
    expect((await watch.refresh()).schema('s')?.usableBy('not there')).toBe(true)
  })
})

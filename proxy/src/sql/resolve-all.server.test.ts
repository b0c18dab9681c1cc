/** The oracle is the server: a text of several statements does the same as it was written and as it is sent on. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { servers, startServer, type TestServer } from '../catalog/test/server.ts'
import { type CatalogWatch, openCatalog } from '../catalog/watch.ts'
import type { Catalog } from './catalog.ts'
import { proveSpliced } from './prove.ts'
import { resolveAll } from './resolve-all.ts'
import type { Resolved } from './resolved.ts'
import { searchPath } from './search-path.ts'
import { splice } from './splice.ts'
import { factsIn, treeOf } from './test/parsed.ts'

const setting = 'w, public'
const before = `DROP SCHEMA IF EXISTS w, w2 CASCADE; CREATE SCHEMA w; CREATE SCHEMA w2; SET search_path = ${setting};
  CREATE TABLE w.parent (id int PRIMARY KEY, note text); INSERT INTO w.parent VALUES (1, 'a'), (2, 'b');
  CREATE TABLE w2.other (id int); CREATE VIEW w.v AS SELECT id FROM w.parent`

const texts: readonly string[] = [
  'CREATE TABLE x (id int); SELECT * FROM x; ALTER TABLE x ADD COLUMN y int; SELECT y FROM x',
  'BEGIN; CREATE TABLE b (id int); INSERT INTO b VALUES (1); SELECT * FROM b; ROLLBACK; SELECT id FROM parent ORDER BY 1',
  'CREATE TABLE kid (p int REFERENCES parent ON DELETE CASCADE); INSERT INTO kid VALUES (1); DELETE FROM parent WHERE id = 1; SELECT count(*) FROM kid',
  'ALTER TABLE parent ADD COLUMN z int; UPDATE parent SET z = id; SELECT z FROM parent ORDER BY z',
  'ALTER TABLE parent RENAME TO old; CREATE TABLE parent (id text); INSERT INTO parent SELECT note FROM old; SELECT * FROM parent ORDER BY 1; SELECT * FROM v ORDER BY 1',
  'ALTER TABLE IF EXISTS nosuch RENAME TO fresh; SELECT count(*) FROM parent',
  'ALTER TABLE parent SET SCHEMA w2; SELECT id FROM w2.parent ORDER BY 1; DROP TABLE w2.parent CASCADE',
  'CREATE VIEW vv AS SELECT id FROM v; SELECT * FROM vv ORDER BY 1; CREATE OR REPLACE VIEW vv AS SELECT p.id, p.note FROM parent p; SELECT note FROM vv ORDER BY 1',
  'CREATE TABLE IF NOT EXISTS v (id int); SELECT count(*) FROM v',
  "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'; SELECT twice(id) FROM parent ORDER BY 1",
  "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := 1; RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION touch(); SELECT 1",
  'SET search_path = w2, public; CREATE TABLE t (id int); SET LOCAL search_path = w; SELECT count(*) FROM parent; COMMIT; SELECT count(*) FROM t; SELECT count(*) FROM other',
  'BEGIN; SAVEPOINT s; SET search_path = w2; SELECT count(*) FROM other; ROLLBACK TO s; SELECT count(*) FROM parent; RELEASE s; COMMIT; SELECT count(*) FROM parent',
  'CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (9); INSERT INTO parts VALUES (3); UPDATE parts SET id = 4; SELECT tableoid::regclass::text, id FROM parts; DROP TABLE parts; SELECT 1',
  "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE moods (m mood); INSERT INTO moods VALUES ('ok'); SELECT m::mood FROM moods",
  'CREATE INDEX ON parent (note); SELECT count(*) FROM parent',
  'CREATE TEMP TABLE parent (id int); SELECT count(*) FROM parent; DROP TABLE parent; SELECT count(*) FROM parent',
  'DROP TABLE parent CASCADE; CREATE TABLE parent (id int); SELECT count(*) FROM parent',
  'CREATE SCHEMA w3; CREATE TABLE w3.t (id int); SELECT count(*) FROM w3.t; DROP SCHEMA w3 CASCADE; SELECT count(*) FROM parent',
]

describe.each(servers)('$name', ({ bin }) => {
  let server: TestServer
  let client: pg.Client
  let watch: CatalogWatch

  beforeAll(async () => {
    server = await startServer(bin)
    client = await server.client('postgres')
    await client.query('SET client_min_messages = error')
    await client.query(before)
    const connect = () => server.connect('postgres')
    watch = openCatalog({ connect, database: 'postgres', roles: ['postgres'], pollMs: 3_600_000 })
    await watch.ready
  })

  afterAll(async () => {
    watch?.close()
    await client?.end()
    await server?.stop()
  })

  async function catalogNow(): Promise<Catalog> {
    await client.query(before)
    await watch.refresh()
    const catalog = watch.current()
    if (catalog === undefined) throw new Error('no catalog')
    return catalog
  }

  function resolvedIn(text: string, catalog: Catalog): readonly Resolved[] | string {
    const path = searchPath(setting, 'postgres', catalog)
    const context = { role: 'postgres', ...path, setting, resetSetting: setting }
    const result = resolveAll(factsIn(text), catalog, context)
    return 'refusal' in result ? `${result.refusal.sqlState} ${result.refusal.message}` : result.resolved
  }

  async function outcome(text: string): Promise<unknown> {
    await client.query(before)
    const results = await client.query(text)
    const each = Array.isArray(results) ? results : [results]
    const { rows } = await client.query(
      "SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^w' ORDER BY 1, 2",
    )
    return { each: each.map(({ command, rows: found }) => ({ command, found })), rows }
  }

  test.each([
    ['BEGIN; CREATE TABLE b (id int); ROLLBACK; SELECT * FROM b', '42P01 relation "b" does not exist'],
    ['ALTER TABLE parent RENAME TO old; SELECT * FROM parent', '42P01 relation "parent" does not exist'],
    ['ALTER TABLE parent SET SCHEMA w2; SELECT * FROM w.parent', '42P01 relation "w.parent" does not exist'],
    ['DROP TABLE parent CASCADE; SELECT * FROM v', '42P01 relation "v" does not exist'],
  ])('%s', async (text, expected) => {
    expect(resolvedIn(text, await catalogNow())).toBe(expected)
    const error = await client.query(text).catch(thrown => thrown)
    expect(`${error.code} ${error.message}`).toBe(expected)
    await client.query('ROLLBACK')
  })

  test.each(texts)('%s', async text => {
    const resolved = resolvedIn(text, await catalogNow())
    if (typeof resolved === 'string') throw new Error(resolved)
    const splices = resolved.flatMap(each => each.splices)
    const sent = splice(text, splices).text
    expect(proveSpliced(treeOf(text), treeOf(sent), splices)).toBe(true)
    expect(await outcome(sent)).toEqual(await outcome(text))
  })

  test('what lies behind is known through what the text has made', async () => {
    const catalog = await catalogNow()
    const behind = (text: string): readonly string[] => {
      const resolved = resolvedIn(text, catalog)
      if (typeof resolved === 'string') throw new Error(resolved)
      const last = resolved.at(-1)?.relations ?? []
      return last.map(({ reach, kind, name }) => `${reach} ${kind} ${name}`).sort()
    }
    expect(behind('CREATE VIEW x AS SELECT id FROM v; CREATE VIEW y AS SELECT id FROM x; SELECT * FROM y')).toEqual([
      ...['Behind Select parent', 'Behind Select v', 'Behind Select x', 'Named Select y'],
    ])
    expect(behind('CREATE TABLE m (id int); ALTER TABLE parent INHERIT m; SELECT * FROM m')).toContain(
      'Behind Select parent',
    )
    expect(
      behind('ALTER TABLE w2.other ADD FOREIGN KEY (id) REFERENCES parent ON DELETE CASCADE; DELETE FROM parent'),
    ).toContain('Behind Delete other')
    expect(behind('CREATE VIEW x AS SELECT id FROM parent; ALTER VIEW x RENAME TO y; SELECT * FROM y')).toContain(
      'Behind Select parent',
    )
    expect(behind('CREATE TABLE IF NOT EXISTS v (id int); SELECT * FROM v')).toContain('Behind Select parent')
  })
})

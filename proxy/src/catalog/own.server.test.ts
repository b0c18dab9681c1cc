/** A session's own objects, asked inside its own transaction, under a search_path that shadows everything it can. */
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { OwnObjects } from '../sql/resolved.ts'
import { decodeOwnObjects } from './own.ts'
import { ownObjectsSql, resetSearchPathSql, searchPathSql } from './own-sql.ts'
import type { Row } from './query.ts'
import { servers, startServer, type TestServer } from './test/server.ts'

describe.each(servers)('$bin', ({ bin }) => {
  let server: TestServer
  let session: pg.Client

  beforeAll(async () => {
    server = await startServer(bin)
    const admin = await server.client()
    await admin.query(`GRANT ALL ON SCHEMA public TO PUBLIC; GRANT CREATE ON DATABASE postgres TO PUBLIC; CREATE ROLE agent LOGIN SUPERUSER;
      CREATE TABLE public.shared (a int); CREATE TABLE public.gone (a int); ALTER TABLE gone OWNER TO agent`)
    await admin.end()
    session = await server.client('postgres', 'agent')
  })
  afterAll(async () => {
    await session.end()
    await server.stop()
  })
  afterEach(() => session.query('ROLLBACK'))

  const ask = async (...names: string[]): Promise<OwnObjects> => {
    const sought = names.map(name => ({ name }))
    const { rows } = await session.query<Row & unknown[]>({ text: ownObjectsSql(sought), rowMode: 'array' })
    return decodeOwnObjects(rows, sought)
  }

  test('what was not asked is left to the shared catalog; what does not exist is dropped', async () => {
    const own = await ask('no such name')
    expect(own.relation('public', 'shared')).toBeUndefined()
    expect(own.functions('public', 'shared')).toBeUndefined()
    expect(own.relation('public', 'no such name')).toBe('Dropped')
    expect(own.functions('public', 'no such name')).toEqual([])
    expect(own.tempSchema).toBeUndefined()
    expect((await ask()).tempSchema).toBeUndefined()
  })

  test('dropped, altered and made in this transaction', async () => {
    await session.query(`BEGIN; DROP TABLE gone; SAVEPOINT s;
      CREATE TABLE public."it's, \\ a "" {NULL}" (a int primary key, "b,c" text[])`)
    const own = await ask('gone', 'it\'s, \\ a " {NULL}', 'shared')
    expect(own.relation('public', 'gone')).toBe('Dropped')
    expect(own.relation('public', 'shared')).toMatchObject({ sort: 'Table', columns: [{ name: 'a', type: 23 }] })
    expect(own.relation('public', 'it\'s, \\ a " {NULL}')).toMatchObject({
      persistence: 'Permanent',
      columns: [
        { name: 'a', type: 23 },
        { name: 'b,c', type: 1009 },
      ],
      children: [],
      isSystem: false,
    })
  })

  test('temporary objects shadow, and are told from other sessions’', async () => {
    const other = await server.client('postgres', 'agent')
    await other.query('CREATE TEMP TABLE shared (z int)')
    await session.query(
      'BEGIN; CREATE TEMP TABLE shared (t text); CREATE TEMP VIEW v AS SELECT s.t FROM shared s, public.shared p',
    )
    const own = await ask('v', 'shared')
    const temp = own.tempSchema ?? ''
    expect(temp).toMatch(/^pg_temp_\d+$/)
    expect(own.relation(temp, 'shared')).toMatchObject({ persistence: 'Temporary', columns: [{ name: 't', type: 25 }] })
    const reads = own.relation(temp, 'v')
    expect(reads !== 'Dropped' && reads?.reads.map(oid => own.relationByOid?.(oid)?.schema).sort()).toEqual([
      temp,
      'public',
    ])
    await other.end()
  })

  test('own relations behind a named one come along', async () => {
    await session.query(`BEGIN; CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT;
      CREATE VIEW inner_view AS SELECT * FROM p; CREATE VIEW outer_view AS SELECT * FROM inner_view, pg_authid;
      CREATE TABLE k (a int primary key); CREATE TABLE r (a int REFERENCES k ON DELETE CASCADE);
      CREATE RULE x AS ON DELETE TO r DO INSTEAD SELECT count(*) FROM k`)
    const own = await ask('outer_view', 'k', 'r')
    const view = own.relation('public', 'outer_view')
    if (view === undefined || view === 'Dropped') throw new Error('no view')
    expect(view.reads).toContain(1260)
    const inner = view.reads.map(oid => own.relationByOid?.(oid)).find(entry => entry?.name === 'inner_view')
    const table = own.relationByOid?.(inner?.reads[0] ?? 0)
    expect(table).toMatchObject({ name: 'p', sort: 'Partitioned', readBy: [inner?.oid] })
    expect(own.relationByOid?.(table?.children[0] ?? 0)).toMatchObject({ name: 'c', parents: [table?.oid] })
    const r = own.relation('public', 'r')
    expect(own.relation('public', 'k')).toMatchObject({
      referencedBy: [{ oid: r !== 'Dropped' && r?.oid, onDelete: 'Cascade', onUpdate: 'NoAction' }],
      readBy: [r !== 'Dropped' && r?.oid],
    })
    expect(r).toMatchObject({ rules: ['Delete'] })
  })

  test('functions, whatever the path and the quoting', async () => {
    await session.query(
      `BEGIN; CREATE TYPE public.e AS ENUM (); CREATE FUNCTION public.f(e[], VARIADIC int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    )
    await session.query('SET LOCAL search_path = pg_temp, public; SET LOCAL quote_all_identifiers = on')
    const own = await ask('f', 'lower')
    expect(own.functions('public', 'f')).toMatchObject([
      { sort: 'Function', args: ['public.e[]', 'integer'], variadic: true },
    ])
    expect(own.functions('pg_catalog', 'lower')?.map(entry => entry.args)).toContainEqual(['text'])
  })

  test('operators, types, casts and schemas', async () => {
    await session.query(`BEGIN; CREATE SCHEMA fresh; CREATE TYPE fresh.mood AS ENUM ('ok'); CREATE DOMAIN fresh.small AS int;
      CREATE FUNCTION fresh.plus(text, fresh.mood[]) RETURNS text LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION fresh.to_mood(int) RETURNS fresh.mood LANGUAGE sql AS 'SELECT NULL::fresh.mood';
      CREATE OPERATOR fresh.+ (FUNCTION = fresh.plus, LEFTARG = text, RIGHTARG = fresh.mood[]); CREATE CAST (int AS fresh.mood) WITH FUNCTION fresh.to_mood(int)`)
    const own = await ask('+', 'mood', 'small', 'lower')
    expect(own.schema?.('fresh')).toMatchObject({ name: 'fresh' })
    expect(own.schema?.('public')).toBeUndefined()
    const [operator, ...more] = own.operators?.('fresh', '+') ?? []
    expect(operator).toMatchObject({ left: 'text', right: 'fresh.mood[]' })
    expect(more).toEqual([])
    expect(own.operators?.('pg_catalog', '+')).toEqual([])
    expect(own.operators?.('pg_catalog', '-')).toBeUndefined()
    expect(own.functionByOid?.(operator?.function ?? 0)).toMatchObject({ schema: 'fresh', name: 'plus' })
    const mood = own.type?.('fresh', 'mood')
    if (mood === undefined || mood === 'Dropped') throw new Error('no type')
    expect(mood).toMatchObject({ sort: 'Enum' })
    expect(own.type?.('fresh', '_mood')).toMatchObject({ element: mood.oid })
    expect(own.type?.('fresh', 'small')).toMatchObject({ sort: 'Domain', element: 23 })
    expect(own.type?.('public', 'mood')).toBe('Dropped')
    expect(own.typeByOid?.(mood.oid)).toBe(mood)
    const [cast] = own.castsTo?.(mood.oid) ?? []
    expect(cast).toMatchObject({ source: 23, target: mood.oid, context: 'Explicit' })
    expect(own.functionByOid?.(cast?.function ?? 0)).toMatchObject({ name: 'to_mood' })
  })

  test('nothing of it is looked up on the session’s path', async () => {
    const traps = [
      ...['oid', 'name', 'text', '"char"', 'int4', 'int2', 'bool', 'xid', 'int8'].flatMap(type =>
        ['=', '<>', '>', '<=', '~'].map(operator => trapOperator(operator, type, type)),
      ),
      trapOperator('=', 'int2', 'int4'),
      trapOperator('>', 'int2', 'int4'),
      ...['array_agg', 'concat', 'length', 'age', 'unnest', 'regexp_matches', 'array_to_string'].map(trapFunction),
      ...['pg_class', 'pg_namespace', 'pg_type', 'pg_proc'].map(name => `CREATE TABLE evil.${name} (oid int)`),
      ...['oid', 'text', 'name', '"char"', 'xid'].map(
        name => `CREATE DOMAIN evil.${name} AS pg_catalog.int4 CHECK (false)`,
      ),
    ]
    await session.query(`BEGIN; CREATE SCHEMA evil; ${trap}; ${traps.join('; ')}`)
    await session.query(
      `CREATE TABLE public.real (a int); CREATE FUNCTION public.real(int) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    )
    await session.query('SET LOCAL search_path = evil, pg_temp, public, pg_catalog')
    const own = await ask('real')
    expect(own.relation('public', 'real')).toMatchObject({ columns: [{ name: 'a' }] })
    expect(own.functions('public', 'real')).toMatchObject([{ args: ['integer'] }])
    expect((await session.query(searchPathSql)).rows[0]).toEqual({ search_path: 'evil, pg_temp, public, pg_catalog' })
    expect((await session.query(resetSearchPathSql)).rows[0]).toEqual({ reset_val: '"$user", public' })
  })
})

const trap = `CREATE FUNCTION evil.trap() RETURNS pg_catalog.bool LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END'`

function trapOperator(operator: string, left: string, right: string): string {
  const name = `evil."${operator}${left}${right}"`.replaceAll('""', '"').replace(/"char"/g, 'char')
  const [l, r] = [left, right].map(type => `pg_catalog.${type}`)
  return `CREATE FUNCTION ${name}(${l}, ${r}) RETURNS pg_catalog.bool LANGUAGE sql AS 'SELECT evil.trap()';
    CREATE OPERATOR evil.${operator} (leftarg = ${l}, rightarg = ${r}, function = ${name})`
}

function trapFunction(name: string): string {
  return `CREATE FUNCTION evil.${name}(VARIADIC "any") RETURNS pg_catalog.bool LANGUAGE internal AS 'pg_num_nulls'`
}

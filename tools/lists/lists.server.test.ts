/** The lists say what real servers have. */
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import { harmlessFunction, listedFunctions } from '@sallyport/proxy/sql/lists/functions.ts'
import { systemColumns, systemRelations } from '@sallyport/proxy/sql/lists/relations.ts'
import { listedSettings, settingRule } from '@sallyport/proxy/sql/lists/settings-list.ts'
import { durationMs, memoryBytes } from '@sallyport/proxy/sql/lists/settings-values.ts'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PostgresServer, postgresBinaries, startPostgres } from '../../proxy/test/postgres-server.ts'
import { readFunctions } from './functions.ts'
import { readRelations } from './relations.ts'
import { sorted } from './rows.ts'
import { readSettings } from './settings.ts'

describe.each(postgresBinaries)('PostgreSQL $major', ({ major, binaries }) => {
  const version = majorOf(major)
  let server: PostgresServer
  let client: Client

  beforeAll(async () => {
    server = await startPostgres({ binaries })
    client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await server.stop()
  })

  test('has the functions, relations, columns and settings that are listed, and no others', async () => {
    const functions = (await readFunctions(client)).map(entry => entry.signature)
    expect(sorted(listedFunctions(version))).toEqual(sorted(functions))
    const relations = await readRelations(client)
    expect(sorted(systemRelations(version))).toEqual(sorted(relations.keys()))
    for (const [relation, columns] of relations)
      expect(listedColumns(version, relation, columns)).toEqual(sorted(columns))
    const settings = listedSettings(version).filter(name => !name.includes('.'))
    expect(settings).toEqual(sorted(await readSettings(client)))
  })

  test('runs only harmless functions for its operators and casts', async () => {
    const used = await client.query<{ oid: string }>(`
      SELECT oprcode::oid::text AS oid FROM pg_operator WHERE oprcode <> 0
      UNION SELECT castfunc::text FROM pg_cast WHERE castfunc <> 0`)
    const signatures = await client.query<{ oid: string; signature: string }>(
      `
      SELECT p.oid::text AS oid, p.proname || '(' || array_to_string(ARRAY(
        SELECT format_type(type, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (type, place) ORDER BY place), ', ') || ')' AS signature
      FROM pg_proc p WHERE p.oid = ANY($1::oid[]) AND NOT p.provariadic <> 0`,
      [used.rows.map(row => row.oid)],
    )
    expect(signatures.rows.length).toBeGreaterThan(900)
    const harmful = signatures.rows.filter(row => harmlessFunction(version, row.signature) !== true)
    expect(harmful.map(row => row.signature)).toEqual([])
  })

  test('closes all that PostgreSQL itself keeps from ordinary roles', async () => {
    await client.query('CREATE ROLE nobody_special')
    const functions = await readFunctions(client, `NOT has_function_privilege('nobody_special', p.oid, 'execute')`)
    expect(functions.length).toBeGreaterThan(50)
    expect(functions.map(entry => entry.signature).filter(name => harmlessFunction(version, name) === true)).toEqual([])
    const relations = await readRelations(client, `NOT has_table_privilege('nobody_special', c.oid, 'select')`)
    expect(
      [...relations.keys()].filter(name => name.startsWith('pg_catalog.') && isReadableWhole(version, name)),
    ).toEqual([])
    await client.query('SET ROLE nobody_special')
    const shown = await readSettings(client)
    await client.query('RESET ROLE')
    const kept = [...(await readSettings(client))].filter(name => !shown.has(name))
    expect(kept.length).toBeGreaterThan(15)
    expect(kept.filter(name => settingRule(version, name).read)).toEqual([])
  })

  test('finds harmless what no parallel worker may run only where somebody looked', async () => {
    const unsafe = await readFunctions(client, `p.proparallel = 'u'`)
    const harmless = unsafe.map(entry => entry.signature).filter(name => harmlessFunction(version, name) === true)
    expect(harmless.filter(name => !unsafeHarmless.includes(name))).toEqual([])
  })

  test('reads times and memory as the rules do', async () => {
    for (const value of ['5000', '5s', '1.5 min', '1h', '0.1s', '2d', ' 7 ms ', '0.0000000001s'])
      expect([value, await stored(client, 'statement_timeout', value)]).toEqual([
        value,
        String(durationMs(value, 'ms')),
      ])
    for (const value of ['4096', '4MB', '1.5MB', ' 64 kB', '1GB'])
      expect([value, await stored(client, 'work_mem', value)]).toEqual([
        value,
        String((memoryBytes(value, 'kB') ?? 0) / 1024),
      ])
    await client.query('RESET ALL')
  })

  test('lets every user change what the list calls writable', async () => {
    const { rows } = await client.query<{ name: string; context: string }>(
      'SELECT lower(name) AS name, context FROM pg_settings',
    )
    const contexts = new Map(rows.map(row => [row.name, row.context]))
    const writable = listedSettings(version).filter(name => settingRule(version, name).write !== false)
    const others = writable.filter(name => contexts.has(name) && contexts.get(name) !== 'user')
    expect(others).toEqual([])
    expect(writable.filter(name => !contexts.has(name) && !name.includes('.'))).toEqual([
      'seed',
      'session_authorization',
    ])
  })

  test('takes every value that a rule accepts, in the samples', async () => {
    for (const [name, value] of accepted) {
      expect([name, value, ruled(version, name, value)]).toEqual([name, value, true])
      await client.query('SELECT set_config($1, $2, false)', [name, value])
    }
  })
})

/** They look into the session's own transaction, sequences and temporary schema; the last is SQL that nobody labelled. */
const unsafeHarmless = [
  'current_schema()',
  'current_schemas(boolean)',
  'currval(regclass)',
  'lastval()',
  'pg_current_xact_id_if_assigned()',
  'txid_current_if_assigned()',
  'pg_sequence_last_value(regclass)',
  'pg_get_sequence_data(regclass)',
  'information_schema._pg_index_position(oid, smallint)',
]

function isReadableWhole(version: ServerMajor, relation: string): boolean {
  const [schema = '', name = ''] = relation.split('.')
  const columns = systemColumns(version, schema, name)
  return columns !== 'Closed' && columns.readable === 'All'
}

/** One or more values for each rule that a driver or a tool relies on; the server takes them all. */
const accepted: readonly (readonly [string, string])[] = [
  ['client_min_messages', 'WARNING'],
  ['client_encoding', 'utf-8'],
  ['client_encoding', 'UNICODE'],
  ['standard_conforming_strings', 'ON'],
  ['datestyle', 'ISO, MDY'],
  ['intervalstyle', 'iso_8601'],
  ['timezone', 'Europe/Berlin'],
  ['timezone', '<-03>+03'],
  ['timezone', '-7'],
  ['extra_float_digits', '3'],
  ['bytea_output', 'hex'],
  ['jit', 'off'],
  ['search_path', '"$user", public'],
  ['application_name', 'psql'],
  ['statement_timeout', '1.5 min'],
  ['statement_timeout', '30s'],
  ['lock_timeout', '250'],
  ['idle_in_transaction_session_timeout', '1h'],
  ['work_mem', '64MB'],
  ['work_mem', '65536'],
  ['temp_buffers', '8192'],
  ['enable_seqscan', 'of'],
  ['plan_cache_mode', 'force_custom_plan'],
  ['default_transaction_isolation', 'Repeatable Read'],
  ['synchronous_commit', 'off'],
  ['check_function_bodies', 'false'],
  ['xmloption', 'content'],
  ['default_table_access_method', 'heap'],
  ['default_tablespace', ''],
  ['default_text_search_config', 'pg_catalog.english'],
  ['geqo_seed', '0.5'],
  ['random_page_cost', '1.1'],
  ['effective_cache_size', '4GB'],
  ['constraint_exclusion', 'partition'],
  ['hnsw.ef_search', '100'],
  ['pg_trgm.similarity_threshold', '0.3'],
]

function majorOf(major: number): ServerMajor {
  const known = ([15, 16, 17, 18] as const).find(version => version === major)
  if (known === undefined) throw new Error(`no list for PostgreSQL ${major}`)
  return known
}

async function stored(client: Client, name: string, value: string): Promise<string | undefined> {
  await client.query('SELECT set_config($1, $2, false)', [name, value])
  const { rows } = await client.query<{ setting: string }>('SELECT setting FROM pg_settings WHERE name = $1', [name])
  return rows[0]?.setting
}

function ruled(version: ServerMajor, name: string, value: string): boolean | string {
  const { write } = settingRule(version, name)
  return write === false ? false : write([value])
}

function listedColumns(version: ServerMajor, relation: string, all: readonly string[]): string[] {
  const [schema = '', name = ''] = relation.split('.')
  const columns = systemColumns(version, schema, name)
  if (columns === 'Closed' || columns.readable === 'All') return sorted(all)
  return sorted(
    [...columns.readable, ...columns.closed].filter(column => all.includes(column) || !systemOnly.includes(column)),
  )
}

const systemOnly = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

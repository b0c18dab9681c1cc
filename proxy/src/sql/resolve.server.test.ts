/**
 * The oracle is the server: the relations that it locks and the functions that its analysed tree calls must be among
 * those that `resolve` names, for the agent's text and for the text that is sent on, which must mean the same.
 */
import { loadModule, parseSync } from 'libpg-query'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { servers, startServer, type TestServer } from '../catalog/test/server.ts'
import { type CatalogWatch, openCatalog } from '../catalog/watch.ts'
import type { Catalog, RelationEntry } from './catalog.ts'
import { factsOf } from './facts.ts'
import { proveSpliced } from './prove.ts'
import { type Resolution, resolve } from './resolve.ts'
import type { NameContext } from './resolved.ts'
import { positionIn, splice } from './splice.ts'
import type { StatementFacts } from './statement.ts'
import { type Case, failing, refused, schema, understood } from './test/cases.ts'
import { observe, sessionContext } from './test/oracle.ts'

beforeAll(loadModule)

describe.each(servers)('$name', ({ bin }) => {
  let server: TestServer
  let client: pg.Client
  let watch: CatalogWatch
  let catalog: Catalog

  beforeAll(async () => {
    server = await startServer(bin)
    const admin = await server.client()
    await admin.query('CREATE DATABASE shop')
    await admin.end()
    const owner = await server.client('shop')
    await owner.query(schema)
    await owner.end()
    watch = openCatalog({
      connect: () => server.connect('shop'),
      database: 'shop',
      roles: ['agent', 'postgres'],
      pollMs: 3_600_000,
    })
    catalog = await watch.ready
    client = await server.client('shop', 'agent')
  })

  afterAll(async () => {
    watch?.close()
    await client?.end()
    await server?.stop()
  })

  async function resolveHere({
    prepare = '',
    text,
  }: Case): Promise<{ readonly facts: StatementFacts; readonly resolution: Resolution }> {
    const [facts] = statementsOf(text)
    if (facts === undefined) throw new Error('no statement')
    return { facts, resolution: resolve(facts, catalog, await contextAfter(prepare)) }
  }

  async function contextAfter(prepare: string): Promise<NameContext> {
    await client.query(`BEGIN; ${prepare}`)
    try {
      return await sessionContext(client, catalog, 'agent')
    } finally {
      await client.query('ROLLBACK')
    }
  }

  test.each(understood)('$prepare $text', async one => {
    const { facts, resolution } = await resolveHere(one)
    if ('refusal' in resolution) throw new Error(JSON.stringify(resolution.refusal))
    if (catalog.server < 17 && facts.newer.some(({ since }) => since > catalog.server)) return
    const { resolved } = resolution
    const sent = splice(one.text, resolved.splices).text
    expect(proveSpliced(parseSync(one.text), parseSync(sent), resolved.splices)).toBe(true)
    const [direct, gone] = [
      await observe(client, one.prepare ?? '', one.text),
      await observe(client, one.prepare ?? '', sent),
    ]
    expect(gone.error).toBe(undefined)
    expect(nameOids([...gone.functions])).toEqual(nameOids([...direct.functions]))
    expectNamed(direct.relations, resolved.relations, facts)
    expect(gone.relations.size).toBe(direct.relations.size)
    const candidates = new Set(resolved.calls.flatMap(call => call.candidates.map(candidate => candidate.oid)))
    expect(nameOids([...direct.functions].filter(oid => !candidates.has(oid)))).toEqual([])
  })

  /** Every relation that the server locked is known, and every one that is named is locked. */
  function expectNamed(
    locked: ReadonlySet<number>,
    relations: readonly {
      readonly schema: string
      readonly name: string
      readonly relation?: RelationEntry
      readonly isSystem: boolean
      readonly reach: string
    }[],
    facts: StatementFacts,
  ): void {
    const known = new Set(relations.map(({ relation }) => relation?.oid))
    const made = facts.relations.some(access => access.presence === 'Made')
    const surprising = [...locked].filter(
      oid => !known.has(oid) && catalog.relationByOid(oid)?.persistence === 'Permanent',
    )
    expect(surprising.map(oid => catalog.relationByOid(oid)?.name)).toEqual([])
    const named = relations.filter(
      ({ reach, isSystem, relation }) => reach === 'Named' && !isSystem && relation?.persistence !== 'Temporary',
    )
    if (!made)
      expect(
        named.filter(({ relation }) => relation !== undefined && !locked.has(relation.oid)).map(({ name }) => name),
      ).toEqual([])
  }

  function nameOids(oids: readonly number[]): readonly string[] {
    return oids
      .map(oid => catalog.functionByOid(oid))
      .map(entry => `${entry?.schema}.${entry?.name}(${entry?.args})`)
      .sort()
  }

  test.each(failing)('fails: $text', async one => {
    const { resolution } = await resolveHere(one)
    if ('refusal' in resolution) throw new Error(JSON.stringify(resolution.refusal))
    const spliced = splice(one.text, resolution.resolved.splices)
    const [direct, gone] = [await observe(client, '', one.text), await observe(client, '', spliced.text)]
    const [state, position] = [(error = '') => error.slice(0, 5), (error = '') => Number(/@(\d+)$/.exec(error)?.[1])]
    expect(direct.error).toBeDefined()
    expect(state(gone.error)).toBe(state(direct.error))
    expect(spliced.positionToOriginal(position(gone.error))).toBe(position(direct.error))
  })

  test('the oracle sees something', async () => {
    const { relations, functions } = await observe(client, '', "SELECT lower('x'::varchar) FROM t")
    expect(nameOids([...functions])).toEqual(['public.lower(character varying)'])
    expect([...relations].map(oid => catalog.relationByOid(oid)?.name)).toContain('t')
  })

  test.each(refused)('refused: $prepare $text', async one => {
    const { resolution } = await resolveHere(one)
    const { error } = await observe(client, one.prepare ?? '', one.text)
    expect(error).toBeDefined()
    if (!('refusal' in resolution)) throw new Error(`resolved; the server says ${error}`)
    const { sqlState, message, detail, hint, location } = resolution.refusal
    const more = [detail, hint].filter(each => each !== undefined)
    expect(
      `${[`${sqlState} ${message}`, ...more].join(' / ')}${location === undefined ? '' : ` @${positionIn(one.text, location)}`}`,
    ).toBe(error)
  })
})

function statementsOf(text: string): readonly StatementFacts[] {
  const analysis = factsOf(text, parseSync(text))
  if ('error' in analysis) throw new Error(analysis.error.message)
  const [facts] = analysis.statements
  expect(facts?.forbidden).toEqual([])
  return analysis.statements
}

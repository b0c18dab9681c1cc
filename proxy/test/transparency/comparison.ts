/**
 * Invariant 7: with nothing to mask or refuse, a client cannot tell the gateway from the database. Two identical servers
 * get the same bytes, one of them through a gateway with an allow-all policy; every message must be the same.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeBind, encodeExecute, encodeParse, encodeQuery, encodeSync } from '../../src/wire/frontend.ts'
import type { Major } from '../servers.ts'
import type { Difference } from './compare.ts'
import { conversationFiles, type Request, sqlFiles } from './corpus.ts'
import { functionRequests, settingRequests } from './generated.ts'
import { converse, type Mode, Twins } from './twins.ts'

/** The whole comparison for one version of the server. */
export function compareWith(major: Major): void {
  describe(`PostgreSQL ${major} through the gateway`, () => comparison(major))
}

function comparison(major: Major): void {
  let twins: Twins
  const places: string[] = []
  beforeAll(async () => {
    twins = await Twins.start(major)
  })
  afterAll(() => twins?.stop())

  const settings = { file: 'settings that may be read or changed', requests: settingRequests(major) }
  const cases = [...sqlFiles(), settings].flatMap(each => modes.map(mode => ({ ...each, mode })))
  it.each(cases)('$file, $mode', async ({ file, mode, requests }) => {
    const notes = new Notes(places)
    await askAll(
      twins,
      file,
      mode,
      requests.filter(({ since, until }) => since <= major && major <= until),
      notes,
    )
    expect(notes.found).toEqual([])
  })

  it('every harmless function', async () => {
    const notes = new Notes(places)
    const { requests, missing } = await functionRequests(twins.direct)
    await askAll(twins, 'functions', 'simple', requests, notes)
    expect(requests.length).toBeGreaterThan(2000)
    expect({ missing, found: notes.found }).toEqual({ missing: [], found: [] })
  })

  it.each(conversationFiles())('$file', async ({ file, conversations }) => {
    const notes = new Notes(places)
    const database = await twins.database()
    for (const conversation of conversations.filter(each => each.since <= major))
      notes.add(`${file}:${conversation.line} ${conversation.name}`, await converse(twins, database, conversation))
    expect(notes.found).toEqual([])
  })

  it('large values, and units of many messages', async () => {
    const notes = new Notes(places)
    const database = await twins.database()
    for (const [name, bytes] of volumes) {
      const sessions = await twins.sessions(database)
      sessions.compare()
      sessions.send(bytes, 1)
      await sessions.wait()
      notes.add(name, sessions.compare())
      sessions.close()
    }
    expect(notes.found).toEqual([])
  })

  it('errors name the same place in the source', () => {
    expect(places).toEqual([])
  })
}

const volumes: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['30,000 Binds to one Sync', manyBinds(30_000, 'SELECT $1::int + 1')],
  ['10,000 inserts to one Sync', manyBinds(10_000, 'INSERT INTO api_keys VALUES (100000 + $1::int, $1::text)')],
  ['a result of 40 MB in one value', encodeQuery("SELECT repeat('x', 40000000)")],
  ['100,000 rows', encodeQuery('SELECT n, n::text FROM generate_series(1, 100000) n')],
  ['a parameter of 24 MB', oneParameter(Buffer.alloc(24_000_000, 'x'))],
]

function manyBinds(count: number, sql: string): Buffer {
  const pairs = Array.from({ length: count }, (_, n) => [
    encodeBind({ statement: 's', parameters: [Buffer.from(String(n))] }),
    encodeExecute(''),
  ])
  return Buffer.concat([encodeParse('s', sql), ...pairs.flat(), encodeSync()])
}

function oneParameter(value: Buffer): Buffer {
  const bind = encodeBind({ statement: 's', parameters: [value] })
  return Buffer.concat([encodeParse('s', 'SELECT length($1::text)'), bind, encodeExecute(''), encodeSync()])
}

const modes: readonly Mode[] = ['simple', 'extended']

class Notes {
  readonly found: string[] = []
  readonly #places: string[]

  constructor(places: string[]) {
    this.#places = places
  }

  add(where: string, difference: Difference | undefined): void {
    if (difference !== undefined) (difference.isPlaceOnly ? this.#places : this.found).push(where + difference.text)
  }
}

async function askAll(
  twins: Twins,
  file: string,
  mode: Mode,
  requests: readonly Request[],
  notes: Notes,
): Promise<void> {
  const sessions = await twins.sessions(await twins.database())
  notes.add(`${file}: login`, sessions.compare())
  for (const request of requests) {
    if (mode === 'extended' && request.isSimpleOnly) continue
    const where = `${file}:${request.line} ${request.text.replace(/\s+/g, ' ').slice(0, 100)}`
    const difference = await sessions.ask(request, mode)
    notes.add(where, difference)
    if (difference !== undefined && !difference.isPlaceOnly) await twins.alignOids()
    if (sessions.isOver) {
      notes.add(where, { text: ' the session is over', isPlaceOnly: false })
      break
    }
  }
  sessions.close()
}

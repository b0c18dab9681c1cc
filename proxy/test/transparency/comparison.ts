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
import { type KnownDifference, knownDifferences } from './known.ts'
import { converse, type Mode, Twins } from './twins.ts'

/** The whole comparison for one version of the server. */
export function compareWith(major: Major): void {
  describe(`PostgreSQL ${major} through the gateway`, () => comparison(major))
}

function comparison(major: Major): void {
  let twins: Twins
  const seen: Seen = { places: [], known: new Set() }
  beforeAll(async () => {
    twins = await Twins.start(major)
  })
  afterAll(() => twins?.stop())

  const settings = { file: 'settings that may be read or changed', requests: settingRequests(major) }
  const cases = [...sqlFiles(), settings].flatMap(each => modes.map(mode => ({ ...each, mode })))
  it.each(cases)('$file, $mode', async ({ file, mode, requests }) => {
    const notes = new Notes(seen)
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
    const notes = new Notes(seen)
    const { requests, missing } = await functionRequests(twins.direct)
    await askAll(twins, 'functions', 'simple', requests, notes)
    expect(requests.length).toBeGreaterThan(2000)
    expect({ missing, found: notes.found }).toEqual({ missing: [], found: [] })
  })

  it.each(conversationFiles())('$file', async ({ file, conversations }) => {
    const notes = new Notes(seen)
    const database = await twins.database()
    for (const conversation of conversations.filter(each => each.since <= major))
      notes.add(`${file}:${conversation.line} ${conversation.name}`, await converse(twins, database, conversation))
    expect(notes.found).toEqual([])
  })

  it('large values, and units of many messages', async () => {
    const notes = new Notes(seen)
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

  /** Where in PostgreSQL's source an error was raised (F, L, R): what the gateway says in PostgreSQL's words has no such place. */
  it('errors without their place in the source are the gateway’s own', () => {
    expect(seen.places.filter(text => / gateway: ErrorResponse .* F="/.test(text)).filter(isNotRenamed)).toEqual([])
  })

  it('what is listed as a known difference still is one', () => {
    expect(knownDifferences.filter(each => !seen.known.has(each)).map(each => each.name)).toEqual([])
  })
}

interface Seen {
  readonly places: string[]
  readonly known: Set<KnownDifference>
}

/** A table renamed under a prepared statement: the server misses the qualified name elsewhere in its source. */
function isNotRenamed(text: string): boolean {
  return !/a prepared statement (whose table was renamed|after its table changed)/.test(text)
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
  readonly #seen: Seen

  constructor(seen: Seen) {
    this.#seen = seen
  }

  add(where: string, difference: Difference | undefined): void {
    if (difference === undefined) return
    const known = difference.isPlaceOnly ? undefined : knownDifferences.find(each => each.is(where, difference.text))
    if (known !== undefined) this.#seen.known.add(known)
    else (difference.isPlaceOnly ? this.#seen.places : this.found).push(where + difference.text)
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

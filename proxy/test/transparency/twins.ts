/** Two servers that are the same to the last OID, one of them behind a gateway, and sessions that do the same on both. */
import { parseMessage } from '../../src/wire/conversation.ts'
import {
  encodeBind,
  encodeCopyFail,
  encodeDescribe,
  encodeExecute,
  encodeParse,
  encodeQuery,
  encodeSync,
} from '../../src/wire/frontend.ts'
import { parseLine } from '../../src/wire/notation.ts'
import { allowAll, startGateway, type TestGateway } from '../gateway.ts'
import { printReceived, RawClient, type RawOptions } from '../raw-client.ts'
import { type Major, type Postgres, postgres } from '../servers.ts'
import { type Difference, difference } from './compare.ts'
import type { Conversation, Request } from './corpus.ts'

export type Mode = 'simple' | 'extended'

export class Twins {
  readonly major: Major
  readonly #servers: readonly [Postgres, Postgres]
  readonly #gateway: TestGateway
  readonly #token: string
  #databases = 0

  private constructor(major: Major, servers: readonly [Postgres, Postgres], gateway: TestGateway, token: string) {
    this.major = major
    this.#servers = servers
    this.#gateway = gateway
    this.#token = token
  }

  static async start(major: Major): Promise<Twins> {
    const [direct, gated] = [await postgres(major, 'twin-direct'), await postgres(major, 'twin-gated')]
    const gateway = await startGateway({ postgres: gated, policies: [allowAll] })
    return new Twins(major, [direct, gated], gateway, await gateway.token())
  }

  stop(): Promise<void> {
    return this.#gateway.stop()
  }

  get direct(): Postgres {
    return this.#servers[0]
  }

  /** A fresh copy of the samples on both servers, whose next OIDs are the same. */
  async database(): Promise<string> {
    const name = `twin_${++this.#databases}`
    await this.alignOids()
    for (const server of this.#servers) await server.createDatabase(name)
    return name
  }

  async sessions(database: string, more: Partial<RawOptions> = {}): Promise<Sessions> {
    const common = { user: 'agent_all', database, ...more }
    const [direct, gated] = await Promise.all([
      RawClient.connect({ port: this.#servers[0].port, ...common }),
      RawClient.connect({ port: this.#gateway.port, password: this.#token, ...common }),
    ])
    return new Sessions(this.major, direct, gated, more.parameters?.application_name !== undefined)
  }

  /** After a difference, so that it is the only one: the one that is behind uses OIDs up until it is not. */
  async alignOids(): Promise<void> {
    const next = await Promise.all(
      this.#servers.map(async server => Number((await server.sql('SELECT lo_create(0)'))[0]?.[0])),
    )
    const [a = 0, b = 0] = next
    await this.#servers[a < b ? 0 : 1].sql(`SELECT count(lo_create(0)) FROM generate_series(1, ${Math.abs(a - b)})`)
  }
}

/** One session on each twin. */
export class Sessions {
  readonly #major: Major
  readonly #both: readonly [RawClient, RawClient]
  readonly #hasApplicationName: boolean
  /** Query and Sync messages sent since the last comparison; the login is the first that ends with ReadyForQuery. */
  #asked = 1

  constructor(major: Major, direct: RawClient, gated: RawClient, hasApplicationName: boolean) {
    this.#major = major
    this.#both = [direct, gated]
    this.#hasApplicationName = hasApplicationName
  }

  send(bytes: Buffer, asks = 0): void {
    for (const client of this.#both) client.send(bytes)
    this.#asked += asks
  }

  /** Waits for a message on both; without a name for the answers to everything asked. */
  async wait(name = 'ReadyForQuery', count = name === 'ReadyForQuery' ? this.#asked : 1): Promise<void> {
    await Promise.all(this.#both.map(client => client.until(name, 10_000, count)))
  }

  /** What was received differently since the last comparison. */
  compare(): Difference | undefined {
    this.#asked = 0
    const [direct, gated] = this.#both.map(client => client.take())
    return difference(direct ?? [], gated ?? [], { major: this.#major, hasApplicationName: this.#hasApplicationName })
  }

  async ask(request: Request, mode: Mode): Promise<Difference | undefined> {
    if (request.refused !== undefined) return this.#refused(request, request.refused, mode)
    this.send(requestBytes(request, mode), 1)
    await Promise.all(this.#both.map(client => answered(client, mode)))
    return this.compare()
  }

  /** What is refused always: the server whose sessions are direct does not hear of it. */
  async #refused(request: Request, code: string, mode: Mode): Promise<Difference | undefined> {
    const [, gated] = this.#both
    gated.send(requestBytes(request, mode))
    await answered(gated, mode)
    const said = printReceived(gated.take())
    if (said.some(line => line.includes(` D="code=${code}`))) return undefined
    return { text: `\n  refused with ${code} always, but: ${said.join('; ')}`, isPlaceOnly: false }
  }

  /** Both servers have gone on to the next thing, or not at all. */
  get isOver(): boolean {
    return this.#both.some(client => client.isClosed)
  }

  close(): void {
    for (const client of this.#both) client.close()
  }
}

function requestBytes({ text }: Request, mode: Mode): Buffer {
  if (mode === 'simple') return encodeQuery(text)
  return Buffer.concat([
    encodeParse('', text),
    encodeDescribe('Statement', ''),
    encodeBind({}),
    encodeDescribe('Portal', ''),
    encodeExecute(''),
    encodeSync(),
  ])
}

/** A COPY FROM of the SQL corpus gets no data, and fails. */
async function answered(client: RawClient, mode: Mode): Promise<void> {
  await client.untilOneOf(['CopyInResponse', 'ReadyForQuery'])
  if (!client.received.some(({ name }) => name === 'ReadyForQuery') && !client.isClosed)
    client.send(Buffer.concat([encodeCopyFail('no data in here'), ...(mode === 'simple' ? [] : [encodeSync()])]))
  await client.until('ReadyForQuery')
}

/** One conversation, on sessions of its own. What differs, if anything. */
export async function converse(
  twins: Twins,
  database: string,
  { steps }: Conversation,
): Promise<Difference | undefined> {
  const [first = ''] = steps
  const startup = first.startsWith('C> Startup') ? startupOf(first) : {}
  const sessions = new Map<string, Sessions>()
  try {
    for (const letter of new Set(steps.map(step => step.slice(0, 1))))
      sessions.set(letter, await twins.sessions(database, letter === 'C' ? startup : {}))
    for (const step of steps) await take(step, sessions)
    for (const [letter, each] of sessions) {
      if (steps.findLast(step => step.startsWith(letter))?.[1] !== '?') await each.wait()
      const found = each.compare()
      if (found !== undefined) return { ...found, text: `${letter}: ${found.text}` }
    }
    return undefined
  } finally {
    for (const each of sessions.values()) each.close()
  }
}

async function take(step: string, sessions: ReadonlyMap<string, Sessions>): Promise<void> {
  const [letter = '', kind = ''] = step
  const session = sessions.get(letter)
  const text = step.slice(2).trim()
  if (session === undefined || text.startsWith('Startup')) return
  const [name = '', count = '1'] = text.split(' ')
  if (kind === '?') return name === '' ? session.wait() : session.wait(name, Number(count))
  session.send(parseMessage('C>', text), /^(Query|Sync|Raw x'51)/.test(text) ? 1 : 0)
}

function startupOf(step: string): Partial<RawOptions> {
  const line = parseLine(step.slice(3))
  const parameters = Object.fromEntries([...line.named].map(([name, value]) => [name, String(value)]))
  const [version] = line.values
  const minor = version instanceof Object && 'word' in version ? Number(version.word.split('.')[1]) : 0
  return { parameters, minor }
}

/**
 * The loop: connect, load, look, rest, look … and from the start when anything fails.
 *
 *     connect ──► load ──► rest ──► look ──┐
 *        ▲                   ▲──────────── ┤ whoever waits is told
 *        └── pause, doubling ◄── a failure ┘
 */

import { settings } from '../settings.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import { Lifeline } from './lifeline.ts'
import { Reader } from './poll.ts'
import { type AttributeScope, settingsSql } from './poll-sql.ts'
import type { CatalogConnection, Query } from './query.ts'
import type { State } from './state.ts'

export interface PollerOptions {
  readonly connect: () => Promise<CatalogConnection>
  readonly roles: readonly string[]
  readonly pollMs: number
  /** Which relations' columns the next look must not leave out. */
  readonly scope: () => AttributeScope
  readonly onRead: (state: State, server: ServerMajor, began: number) => void
  readonly onFailure: (error: unknown) => void
}

interface Waiter {
  resolve(): void
  reject(error: unknown): void
}

export class Poller {
  /** When the last read that succeeded began, by performance.now(). */
  lastRead = performance.now()
  readonly #options: PollerOptions
  #roles: readonly string[]
  #closed = false
  #connection: CatalogConnection | undefined
  #known: State | undefined
  /** Who asked for a read that has not begun. */
  #waiting: Waiter[] = []
  #wake = () => {}

  constructor(options: PollerOptions) {
    this.#options = options
    this.#roles = options.roles
    void this.#run()
  }

  /** Resolves after a read that began later than this call; rejects if that one fails. */
  readNow(): Promise<void> {
    if (this.#closed) return Promise.reject(closedError())
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ resolve, reject })
    this.#wake()
    return promise
  }

  addRole(role: string): void {
    if (!this.#roles.includes(role)) this.#roles = [...this.#roles, role]
  }

  close(): void {
    this.#closed = true
    this.#connection?.close()
    this.#wake()
    this.#tell(waiter => waiter.reject(closedError()))
  }

  async #run(): Promise<void> {
    let pause: number = settings.catalogReconnectMs
    while (!this.#closed) {
      const began = this.lastRead
      await this.#connected().catch(error => this.#failed(error))
      if (this.#closed) break
      pause =
        this.lastRead === began ? Math.min(pause * 2, settings.catalogMaxReconnectMs) : settings.catalogReconnectMs
      await this.#rest(pause, false)
    }
  }

  // A refresh that waits is told of the failure: it must not hang while the database is away.
  #failed(error: unknown): void {
    if (!this.#closed) this.#options.onFailure(error)
    this.#tell(waiter => waiter.reject(error))
  }

  async #connected(): Promise<void> {
    const connecting = this.#options.connect()
    const connection = await inTime(connecting)
    this.#connection = connection
    try {
      if (!this.#closed) await this.#work(connection)
    } finally {
      this.#connection = undefined
      connection.close()
    }
  }

  async #work(connection: CatalogConnection): Promise<void> {
    const line = new Lifeline(connection.closed)
    // A database that does not answer is as good as gone.
    const query: Query = sql => line.hold(connection.query(sql), settings.catalogReadTimeoutMs)
    const server = serverMajor((await query(settingsSql))[0]?.[3])
    const reader = new Reader(query, this.#known)
    for (let first = true; !this.#closed; first = false) {
      const pause = await this.#look(reader, server, first)
      if (this.#waiting.length === 0) await line.hold(this.#rest(pause))
    }
  }

  /** Looks once, and says how long to rest. What was found costs only once, so it does not count. */
  async #look(reader: Reader, server: ServerMajor, first: boolean): Promise<number> {
    const waiting = this.#waiting
    this.#waiting = []
    const began = performance.now()
    const known = this.#known
    try {
      const scope = waiting.length > 0 ? 'All' : this.#options.scope()
      this.#known = await (first ? reader.load(this.#roles) : reader.poll(this.#roles, scope))
      this.lastRead = began
      this.#options.onRead(this.#known, server, began)
    } catch (error) {
      for (const waiter of waiting) waiter.reject(error)
      throw error
    }
    for (const waiter of waiting) waiter.resolve()
    const { pollMs } = this.#options
    const idle = known === this.#known ? (performance.now() - began) * settings.catalogRest : 0
    return Math.min(Math.max(pollMs, idle), pollMs * settings.catalogMaxRest)
  }

  #tell(say: (waiter: Waiter) => void): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const waiter of waiting) say(waiter)
  }

  /** Waits that long, or until somebody wants a read, unless nobody may shorten it: a database that is away is not to be pestered. */
  #rest(ms: number, mayWake = true): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#wake = () => {
      if (mayWake || this.#closed) resolve()
    }
    return promise.finally(() => clearTimeout(timer))
  }
}

/** A connection that comes too late is closed. */
function inTime(connecting: Promise<CatalogConnection>): Promise<CatalogConnection> {
  const patience = new Lifeline(new Promise(() => undefined))
  return patience.hold(connecting, settings.catalogReadTimeoutMs).catch(error => {
    connecting.then(
      late => late.close(),
      () => undefined,
    )
    throw error
  })
}

function closedError(): Error {
  return new Error('the catalog was closed')
}

function serverMajor(number: string | null | undefined): ServerMajor {
  const major = Math.floor(Number(number) / 10_000)
  if (major === 15 || major === 16 || major === 17 || major === 18) return major
  throw new Error(`PostgreSQL ${major} is not known here: 15 to 18 are`)
}

/**
 * A server as the protocol chapter describes it, small enough to be believed: statements, portals, transactions, and
 * skipping to Sync after an error. `forbids` makes it the server that the gateway pretends to be: one that refuses the
 * same statements itself.
 */
import * as backend from '../../wire/backend.ts'
import { Frames } from '../../wire/frames.ts'
import { decodeFrontend, type FrontendMessage } from '../../wire/frontend.ts'

const syntaxError = 'refused by the gateway'

class Failure extends Error {
  readonly sqlState: string
  constructor(sqlState: string) {
    super(sqlState)
    this.sqlState = sqlState
  }
}

export class ModelServer {
  readonly #frames = new Frames({ side: 'Frontend', maxMessageBytes: 1_000_000, passing: new Set() })
  readonly #forbids: (sql: string) => boolean
  readonly #send: (bytes: Buffer) => void
  /** A server keeps what it says until a Sync, a Flush or the end of a Query. */
  #said: Buffer[] = []
  readonly #statements = new Map<string, string>()
  readonly #portals = new Map<string, string>()
  #transaction: 'I' | 'T' | 'E' = 'I'
  #isSkipping = false
  /** Statements that ran. */
  readonly ran: string[] = []

  constructor(send: (bytes: Buffer) => void, forbids: (sql: string) => boolean = () => false) {
    this.#send = send
    this.#forbids = forbids
  }

  get transaction(): 'I' | 'T' | 'E' {
    return this.#transaction
  }

  hear(bytes: Buffer): void {
    for (const frame of this.#frames.push(bytes))
      if (frame.kind === 'message') this.#take(decodeFrontend(frame.type, frame.bytes))
  }

  #say(bytes: Buffer): void {
    this.#said.push(bytes)
  }

  #flush(): void {
    for (const bytes of this.#said) this.#send(bytes)
    this.#said = []
  }

  #take(message: FrontendMessage): void {
    if (message.is === 'Sync') return this.#sync()
    if (this.#isSkipping) return
    if (message.is === 'Flush') return this.#flush()
    try {
      this.#perform(message)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#fail(error.sqlState)
      if (message.is === 'Query') this.#ready()
      else this.#isSkipping = true
      this.#flush() // an error is sent at once
    }
  }

  #sync(): void {
    this.#isSkipping = false
    this.#ready()
  }

  #ready(): void {
    if (this.#transaction === 'I') this.#portals.clear()
    this.#say(backend.encodeReadyForQuery(this.#transaction))
    this.#flush()
  }

  #fail(sqlState: string): void {
    if (this.#transaction === 'T') this.#transaction = 'E'
    this.#say(backend.encodeErrorResponse({ severity: 'ERROR', sqlState, message: 'no' }))
  }

  #perform(message: FrontendMessage): void {
    switch (message.is) {
      case 'Query':
        return this.#query(message.sql)
      case 'Parse':
        if (message.statement === '') this.#statements.delete('')
        this.#check(message.sql)
        if (message.statement !== '' && this.#statements.has(message.statement)) throw new Failure('42P05')
        this.#statements.set(message.statement, message.sql)
        return this.#say(backend.encodeParseComplete())
      case 'Bind': {
        const sql = this.#statements.get(message.statement)
        if (sql === undefined) throw new Failure('26000')
        this.#checkTransaction(sql)
        if (message.portal !== '' && this.#portals.has(message.portal)) throw new Failure('42P03')
        this.#portals.set(message.portal, sql)
        return this.#say(backend.encodeBindComplete())
      }
      case 'Execute': {
        const sql = this.#portals.get(message.portal)
        if (sql === undefined) throw new Failure('34000')
        this.#checkTransaction(sql)
        return this.#run(sql)
      }
      case 'Close':
        if (message.target === 'Statement') this.#statements.delete(message.name)
        else this.#portals.delete(message.name)
        return this.#say(backend.encodeCloseComplete())
      default:
        return
    }
  }

  #query(sql: string): void {
    this.#statements.delete('')
    this.#check(sql)
    this.#run(sql)
    this.#ready()
  }

  #check(sql: string): void {
    if (sql === syntaxError) throw new Failure('42601')
    this.#checkTransaction(sql)
    if (this.#forbids(sql)) throw new Failure('42501')
  }

  #checkTransaction(sql: string): void {
    if (this.#transaction === 'E' && sql !== 'rollback' && sql !== 'commit') throw new Failure('25P02')
  }

  #run(sql: string): void {
    this.ran.push(sql)
    if (sql.includes('/ 0')) throw new Failure('22012')
    if (sql === 'begin' && this.#transaction === 'I') this.#transaction = 'T'
    if (sql === 'rollback' || sql === 'commit') this.#transaction = 'I'
    if (sql === 'SHOW search_path') this.#say(backend.encodeDataRow([Buffer.from('public')]))
    if (sql.startsWith('select')) this.#say(backend.encodeDataRow([Buffer.from('1')]))
    this.#say(backend.encodeCommandComplete(sql.split(' ')[0]?.toUpperCase() ?? ''))
  }
}

/** What the two sides of a session share: its state, its tables, and the effects of the event at hand. */
import { BugError } from '../errors.ts'
import { type Permit, permitHousekeeping } from '../policy/decide.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import { encodeReadyForQuery } from '../wire/backend.ts'
import { SessionContext } from './context.ts'
import type { Effect, OwnRows } from './effects.ts'
import { Inbox } from './inbox.ts'
import type { Epoch, Judgement } from './judgement.ts'
import { Names } from './names.ts'
import type { RateWindow } from './rate.ts'
import { errorBytes, type Refusal } from './refusal.ts'
import { type Expectation, expectation, Replies } from './replies.ts'
import { type State, transition } from './states.ts'

export type TransactionStatus = 'I' | 'T' | 'E'

/** All in the units of their names; see DatabaseGateway `limits`. */
export interface SessionLimits {
  readonly maxUnitBytes: number
  readonly maxPreparedStatements: number
  readonly maxPortals: number
  readonly maxPipelineDepth: number
  readonly idleTimeoutMs: number
  readonly idleInTransactionTimeoutMs: number
  readonly tokenGraceMs: number
}

export interface SessionOptions {
  readonly limits: SessionLimits
  readonly epoch: Epoch
  /** What the server reported of itself at login; undefined: it must be asked. */
  readonly searchPath: string | undefined
  readonly server: ServerMajor
  /** Statements a minute, of this subject on this replica. */
  readonly rate: RateWindow
  /** ms, of the same clock as events. */
  readonly tokenExpiresAt: number
  readonly now: number
}

export class SessionCore {
  readonly limits: SessionLimits
  readonly server: ServerMajor
  readonly rate: RateWindow
  readonly tokenExpiresAt: number
  readonly inbox: Inbox
  readonly names = new Names()
  readonly replies = new Replies()
  readonly context: SessionContext
  epoch: Epoch
  state: State = 'ready'
  transaction: TransactionStatus = 'I'
  now: number
  lastActiveAt: number
  /** The group (up to a Sync) that the next message belongs to. */
  group = 1
  /** Whether anything of this group went to the server. */
  groupSent = false
  /** The server failed it before its Sync was sent: the rest of it is dropped. */
  groupFailed = false
  /** Set in the states `gated` and `copyIn`: whose reply is waited for. */
  gate: Expectation | undefined
  /** The client has been told of a failure that the server does not know: it hears nothing more until ReadyForQuery. */
  isDeaf = false
  /** The unit at the front of the inbox waits for outstanding replies. */
  isWaiting = false
  /** Units (to a Sync) whose answers are outstanding. */
  depth = 0
  /** Judgements for the unit at hand, by text and by what they renew. */
  readonly judged = new Map<string | Judgement, Judgement>()
  ownRows: readonly OwnRows[] | undefined
  /** The session could not ask its own connection: the unit that needed it is refused with this. */
  lookUpFailure: Refusal | undefined
  /** Set while the session is to end as soon as nothing is under way. */
  draining: Refusal | undefined
  effects: Effect[] = []
  /** Messages taken from the inbox for the event at hand. */
  taken = 0
  /** `goOn` was asked for. */
  isGoingOn = false

  constructor(options: SessionOptions) {
    this.limits = options.limits
    this.server = options.server
    this.rate = options.rate
    this.tokenExpiresAt = options.tokenExpiresAt
    this.epoch = options.epoch
    this.now = options.now
    this.lastActiveAt = options.now
    this.inbox = new Inbox(options.limits.maxUnitBytes)
    this.context = new SessionContext(options.searchPath)
  }

  get isDrained(): boolean {
    return this.replies.length === 0
  }

  /** Nothing is under way: the session may end without taking anything from its client. */
  get isAtRest(): boolean {
    return this.isDrained && this.transaction === 'I' && !this.groupSent
  }

  /** The unit at hand is done with. */
  forgetQuestions(): void {
    if (this.judged.size > 0) this.judged.clear()
    this.ownRows = undefined
    this.lookUpFailure = undefined
  }

  enter(state: State): void {
    this.state = transition(this.state, state)
  }

  toClient(bytes: Buffer): void {
    this.effects.push({ do: 'writeClient', bytes })
  }

  /** Part of the server's answer to a request. */
  reply(bytes: Buffer): void {
    if (!this.isDeaf) this.toClient(bytes)
  }

  toServer(permit: Permit, bytes: Buffer): void {
    this.effects.push({ do: 'writeUpstream', permit, bytes })
    this.groupSent = true
  }

  keepHouse(use: Parameters<typeof permitHousekeeping>[0], bytes: Buffer): void {
    this.toServer(permitHousekeeping(use), bytes)
  }

  expect(entry: Expectation): void {
    if (this.replies.length === 0) entry.startedAt = this.now
    this.replies.push(entry)
    if (entry.change !== undefined) this.names.expect(entry.change, entry.group)
    for (const changes of entry.changes ?? []) for (const change of changes) this.names.expect(change, entry.group)
  }

  /** An answer of our own, in its place among the server's. */
  answer(bytes: Buffer): void {
    if (this.isDrained) this.toClient(bytes)
    else this.expect(expectation({ of: 'Local', group: this.group, bytes }))
  }

  answerReady(): void {
    if (!this.isDrained) throw new BugError('a ReadyForQuery of our own while replies are outstanding')
    this.answer(encodeReadyForQuery(this.transaction))
  }

  endGroup(): void {
    this.group += 1
    this.groupSent = false
  }

  tellRefused(refusal: Refusal): void {
    this.effects.push({ do: 'tellRefused', refusal })
  }

  /** The session is over: the client is told why. */
  end(refusal?: Refusal): void {
    if (this.state === 'ended') return
    if (refusal !== undefined) {
      this.toClient(errorBytes({ ...refusal, fields: { ...refusal.fields, severity: 'FATAL' } }))
      this.tellRefused(refusal)
    }
    this.effects.push({ do: 'close' })
    this.enter('ended')
  }
}

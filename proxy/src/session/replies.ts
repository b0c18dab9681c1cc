/**
 * The replies that are still owed, in the order in which they will come. Each message that went to the server has an
 * entry, and so has each answer of the gateway's own, so that the client reads everything in the order it asked.
 */
import type { JudgedStatement, Judgement } from './judgement.ts'
import type { NameChange, Usage } from './names.ts'
import type { Refusal } from './refusal.ts'

export interface Expectation {
  readonly of: 'Parse' | 'Bind' | 'Describe' | 'Execute' | 'Close' | 'Query' | 'Sync' | 'Poison' | 'Local'
  readonly group: number
  /** The gateway's own message: its replies are not the client's. */
  readonly hidden?: boolean
  /** Takes effect with the reply. For Query and Execute see `changes`. */
  readonly change?: NameChange
  /** Query and Execute: per statement, what its completion changes. */
  readonly changes?: readonly (readonly NameChange[])[]
  readonly judgement?: Judgement
  readonly statements?: readonly JudgedStatement[]
  /** What each statement's rows count toward. */
  readonly usage?: readonly Usage[]
  /** Execute: sent with a limit of one row more than the budget has. */
  readonly isBound?: boolean
  /** Local: bytes for the client. */
  readonly bytes?: Buffer
  /** Poison: the refusal that stands in for the server's error. */
  readonly refusal?: Refusal
  /** A look-up of our own: the rows' bytes go here, and its errors are ours. */
  readonly collected?: Buffer[]
  /** Called once, when it is complete or has failed. */
  readonly done?: () => void
  /** The statement that is running, an index into `statements`. */
  at: number
  /** ms; when its reply became the next. */
  startedAt: number
  /** The gateway ended it: what the client is told instead of what the server says. */
  overruled: Refusal | undefined
  /** Rows beyond a budget are dropped from here on. */
  withholding: boolean
  /** The client has the beginning of a row whose rest is still to come. */
  isMidRow: boolean
}

export function expectation(
  fields: Omit<Expectation, 'at' | 'startedAt' | 'overruled' | 'withholding' | 'isMidRow'>,
): Expectation {
  return { ...fields, at: 0, startedAt: 0, overruled: undefined, withholding: false, isMidRow: false }
}

/** A queue with cheap ends: a unit may have 100,000 messages. */
export class Replies {
  #entries: Expectation[] = []
  #first = 0

  get head(): Expectation | undefined {
    return this.#entries[this.#first]
  }

  get last(): Expectation | undefined {
    return this.#entries.at(-1)
  }

  get length(): number {
    return this.#entries.length - this.#first
  }

  get hasSync(): boolean {
    return this.#entries.some((entry, index) => index >= this.#first && entry.of === 'Sync')
  }

  push(entry: Expectation): void {
    this.#entries.push(entry)
  }

  shift(): Expectation | undefined {
    const entry = this.#entries[this.#first]
    if (entry === undefined) return undefined
    this.#first += 1
    if (this.#first === this.#entries.length) this.#restart()
    else if (this.#first > 1024 && this.#first * 2 > this.#entries.length) this.#compact()
    return entry
  }

  /** Everything owed before the next Sync: what the server skips after an error. False: no Sync has been sent yet. */
  dropToSync(dropped: (entry: Expectation) => void): boolean {
    for (let entry = this.head; entry !== undefined; entry = this.head) {
      if (entry.of === 'Sync') return true
      dropped(entry)
      this.shift()
    }
    return false
  }

  #restart(): void {
    this.#entries = []
    this.#first = 0
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }
}

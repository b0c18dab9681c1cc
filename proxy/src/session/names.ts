/**
 * What the server knows under which name: prepared statements (of Parse and of PREPARE) and portals (of Bind and of
 * DECLARE). A verdict depends on which text stands behind a name, so an entry changes only when the server has said so;
 * until then the change is pending. Whoever names a pending entry of an earlier group waits for that group's end,
 * because only then is its fate known. Inside one group nothing need be waited for: if the change fails, the server
 * skips all that follows up to Sync.
 */
import type { Judgement } from './judgement.ts'

export interface Prepared {
  readonly judgement: Judgement
  /** Which statement of the text: 0 for Parse, its place in the text for PREPARE. */
  readonly index: number
  /** The text that the server was given: differs from `judgement.sent` once names have come to mean something else. */
  readonly sent: string
  /** Parse: the parameter types that the client gave. Undefined for SQL PREPARE. */
  readonly types?: readonly number[]
}

export interface Portal {
  readonly judgement: Judgement
  readonly index: number
  /** Survives its transaction (WITH HOLD). */
  readonly hold: boolean
  /** What it has returned so far, over all Executes and FETCHes. */
  readonly used: Usage
}

/** Counts toward `maxRows` and `maxResultBytes`. */
export interface Usage {
  rows: number
  bytes: number
}

type Sort = 'statement' | 'portal'

/** A change that takes effect when the server confirms the message that makes it. `entry` undefined: it goes away. */
export type NameChange =
  | { readonly sort: 'statement'; readonly name: string | undefined; readonly entry: Prepared | undefined }
  | { readonly sort: 'portal'; readonly name: string | undefined; readonly entry: Portal | undefined }

interface Pending {
  latest: Prepared | Portal | undefined
  group: number
  count: number
}

export class Names {
  readonly #known = { statement: new Map<string, Prepared>(), portal: new Map<string, Portal>() }
  readonly #pending = { statement: new Map<string, Pending>(), portal: new Map<string, Pending>() }
  #pendingAll = 0

  get statements(): number {
    return this.#known.statement.size + this.#pending.statement.size
  }

  get portals(): number {
    return this.#known.portal.size + this.#pending.portal.size
  }

  /** The prepared statement that `name` will mean to a message sent now. */
  statement(name: string): Prepared | undefined {
    const pending = this.#pending.statement.get(name)
    return (pending === undefined ? this.#known.statement.get(name) : pending.latest) as Prepared | undefined
  }

  portal(name: string): Portal | undefined {
    const pending = this.#pending.portal.get(name)
    return (pending === undefined ? this.#known.portal.get(name) : pending.latest) as Portal | undefined
  }

  /** Whether the fate of `name` hangs on a group before `group`. */
  isUncertain(sort: Sort, name: string, group: number): boolean {
    if (this.#pendingAll > 0) return true
    const pending = this.#pending[sort].get(name)
    return pending !== undefined && pending.group < group
  }

  /** The message that makes `change` was sent. */
  expect(change: NameChange, group: number): void {
    if (change.name === undefined) {
      this.#pendingAll += 1
      return
    }
    const pending = this.#pending[change.sort].get(change.name)
    if (pending === undefined) {
      this.#pending[change.sort].set(change.name, { latest: change.entry, group, count: 1 })
    } else {
      pending.latest = change.entry
      pending.group = group
      pending.count += 1
    }
  }

  /** The server confirmed it. */
  confirm(change: NameChange): void {
    this.drop(change)
    if (change.name === undefined) this.#known[change.sort].clear()
    else if (change.entry === undefined) this.#known[change.sort].delete(change.name)
    else if (change.sort === 'statement') this.#known.statement.set(change.name, change.entry)
    else this.#known.portal.set(change.name, change.entry)
  }

  /** The same statement, judged anew: takes the place of `old` wherever that still stands. */
  renew(name: string, old: Prepared, entry: Prepared): void {
    const pending = this.#pending.statement.get(name)
    if (pending?.latest === old) pending.latest = entry
    if (this.#known.statement.get(name) === old) this.#known.statement.set(name, entry)
  }

  /** The server failed or skipped it. */
  drop(change: NameChange): void {
    if (change.name === undefined) {
      this.#pendingAll -= 1
      return
    }
    const pending = this.#pending[change.sort].get(change.name)
    if (pending === undefined) return
    pending.count -= 1
    if (pending.count === 0) this.#pending[change.sort].delete(change.name)
  }

  /** A transaction ended: portals without hold are gone. */
  endTransaction(): void {
    for (const [name, portal] of this.#known.portal) if (!portal.hold) this.#known.portal.delete(name)
  }
}

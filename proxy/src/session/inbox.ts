/**
 * What the client has sent and the session has not yet taken. A *unit* is a complete request: everything up to a Query,
 * Sync or Flush, or as much of it as `maxUnitBytes` allows, or what precedes a message that is streamed.
 */

import { settings } from '../settings.ts'
import type { FrameEvent } from '../wire/frames.ts'
import { frontend } from '../wire/messages.ts'

export type Item = FrameEvent

export interface Unit {
  readonly items: readonly Item[]
  /** False where the unit was cut for its size: its judged part goes on, the rest follows. */
  readonly complete: boolean
}

/** Requests that have a ReadyForQuery of their own. */
const whole = new Set<number>([frontend.Query, frontend.FunctionCall])
const terminators = new Set<number>([...whole, frontend.Sync, frontend.Flush, frontend.Terminate])

/** Whether `item` is, or begins, a request that needs no Sync. */
export function endsItself(item: Item | undefined): boolean {
  return (item?.kind === 'message' || item?.kind === 'begin') && whole.has(item.type)
}

/** Whether what `item` means rests on names. */
export function hasNames(item: Item): boolean {
  return item.kind === 'begin' || (item.kind === 'message' && naming.has(item.type))
}

const naming = new Set<number>([frontend.Parse, frontend.Bind, frontend.Execute, frontend.Query])

/** A queue with cheap ends: a client may send millions of messages of five bytes. */
export class Inbox {
  readonly #maxUnitBytes: number
  #items: Item[] = []
  /** index of the first that waits; what is before it was taken */
  #first = 0
  /** index of the first that was not looked at for the end of a unit */
  #scanned = 0
  #scannedBytes = 0
  /** bytes that wait here. */
  bytes = 0

  constructor(maxUnitBytes: number) {
    this.#maxUnitBytes = maxUnitBytes
  }

  push(items: readonly Item[]): void {
    for (const item of items) {
      this.#items.push(item)
      this.bytes += sizeOf(item)
    }
  }

  /** The next unit, taken out; undefined while it is not complete. */
  takeUnit(): Unit | undefined {
    while (this.#scanned < this.#items.length) {
      const item = this.#items[this.#scanned]
      if (item === undefined) break
      const isLarge = item.kind !== 'message'
      if (isLarge && this.#scanned > this.#first) return this.#take(false)
      this.#scanned += 1
      this.#scannedBytes += sizeOf(item)
      if (isLarge) return this.#take(false)
      if (terminators.has(item.type)) return this.#take(true)
      if (this.#scannedBytes > this.#maxUnitBytes) return this.#take(false)
      if (this.#scanned - this.#first >= settings.maxUnitMessages) return this.#take(false)
    }
    return undefined
  }

  takeItem(): Item | undefined {
    const item = this.#items[this.#first]
    if (item === undefined) return undefined
    this.#first += 1
    this.bytes -= sizeOf(item)
    this.#rescan()
    return item
  }

  /** Back to the front, in their order. */
  putBack(items: readonly Item[]): void {
    if (items.length === 0) return
    if (items.length <= this.#first) this.#first -= items.length
    else {
      this.#items = [...items, ...this.#items.slice(this.#first)]
      this.#first = 0
    }
    for (const [index, item] of items.entries()) {
      this.#items[this.#first + index] = item
      this.bytes += sizeOf(item)
    }
    this.#rescan()
  }

  /** What was scanned. */
  #take(complete: boolean): Unit {
    const items = this.#items.slice(this.#first, this.#scanned)
    this.#first = this.#scanned
    for (const item of items) this.bytes -= sizeOf(item)
    this.#rescan()
    return { items, complete }
  }

  #rescan(): void {
    this.#compact()
    this.#scanned = this.#first
    this.#scannedBytes = 0
  }

  /** Forgets what was taken: at once where nothing waits, else when it is most of all. */
  #compact(): void {
    if (this.#first === this.#items.length) this.#items = []
    else if (this.#first > 1024 && this.#first * 2 > this.#items.length) this.#items = this.#items.slice(this.#first)
    else return
    this.#first = 0
  }
}

function sizeOf(item: Item): number {
  if (item.kind === 'begin') return item.head.length
  return item.kind === 'end' ? 0 : item.bytes.length
}

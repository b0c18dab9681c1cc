/**
 * What the client has sent and the session has not yet taken. A *unit* is a complete request: everything up to a Query,
 * Sync or Flush, or as much of it as `maxUnitBytes` allows, or what precedes a message that is streamed.
 */
import type { FrameEvent } from '../wire/frames.ts'
import { frontend } from '../wire/messages.ts'

export type Item = FrameEvent

export interface Unit {
  readonly items: readonly Item[]
  /** False where the unit was cut for its size: its judged part goes on, the rest follows. */
  readonly complete: boolean
}

const terminators = new Set<number>([frontend.Query, frontend.Sync, frontend.Flush, frontend.Terminate])

export class Inbox {
  readonly #maxUnitBytes: number
  #items: Item[] = []
  #scanned = 0
  #scannedBytes = 0
  /** bytes that wait here. */
  bytes = 0

  constructor(maxUnitBytes: number) {
    this.#maxUnitBytes = maxUnitBytes
  }

  get isEmpty(): boolean {
    return this.#items.length === 0
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
      if (isLarge && this.#scanned > 0) return this.#take(this.#scanned, false)
      this.#scanned += 1
      this.#scannedBytes += sizeOf(item)
      if (isLarge) return this.#take(this.#scanned, false)
      if (terminators.has(item.type)) return this.#take(this.#scanned, true)
      if (this.#scannedBytes > this.#maxUnitBytes) return this.#take(this.#scanned, false)
    }
    return undefined
  }

  takeItem(): Item | undefined {
    const item = this.#items.shift()
    if (item === undefined) return undefined
    this.bytes -= sizeOf(item)
    this.#rescan()
    return item
  }

  /** Back to the front, in their order. */
  putBack(items: readonly Item[]): void {
    if (items.length === 0) return
    this.#items = [...items, ...this.#items]
    for (const item of items) this.bytes += sizeOf(item)
    this.#rescan()
  }

  #take(count: number, complete: boolean): Unit {
    const items = count === this.#items.length ? this.#items : this.#items.slice(0, count)
    this.#items = items === this.#items ? [] : this.#items.slice(count)
    for (const item of items) this.bytes -= sizeOf(item)
    this.#rescan()
    return { items, complete }
  }

  #rescan(): void {
    this.#scanned = 0
    this.#scannedBytes = 0
  }
}

function sizeOf(item: Item): number {
  if (item.kind === 'begin') return item.head.length
  return item.kind === 'end' ? 0 : item.bytes.length
}

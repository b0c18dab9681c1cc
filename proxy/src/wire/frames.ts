import { BugError, PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { maxLength } from './bytes.ts'
import { classesOf, type Side } from './messages.ts'

/**
 * Framing: a stream of chunks cut at arbitrary places becomes messages.
 *
 *     chunk 1                chunk 2                  chunk 3
 *     [Z....][T.......][D..  ..][D....][D....][D...]  [D....][C....][Z
 *      message message run        run                  run    message  (held: 1 byte)
 *
 * - A message that lies in one chunk is a view of it; only one that spans chunks is copied.
 * - Messages of a `passing` type (rows, COPY data) are never held and never looked into: neighbours are one *run*.
 * - A message over `maxMessageBytes` is never held either: its head comes first, then its parts, and the consumer
 *   decides. The head has at least `settings.messageHeadBytes` of it, enough for the names of a Bind.
 * - Held are at most one unfinished message, growing as its bytes arrive (never by what its length promises), or its
 *   header: a header is checked whole before any byte of its message is given out.
 *
 * Ownership: every `bytes` and `head` is a view into the pushed chunk, or a fresh copy. Nobody here writes into it or
 * keeps it; it is good for as long as the chunk is, and keeps the chunk alive, so copy what outlives its handling.
 */
export type FrameEvent = MessageFrame | RunFrame | BeginFrame | PartFrame | EndFrame

/** A complete message: type byte, length and body. */
export interface MessageFrame {
  readonly kind: 'message'
  readonly type: number
  readonly bytes: Buffer
}

/** Neighbours of one passing type, unread. May begin and end within a message. */
export interface RunFrame {
  readonly kind: 'run'
  readonly type: number
  /** messages completed within this run, one that began earlier included */
  readonly count: number
  /** offset of the first message that begins here, or -1 */
  readonly firstBoundary: number
  readonly bytes: Buffer
}

/** A message of `length` bytes in all, over the limit, begins. `part`s follow, then `end`. */
export interface BeginFrame {
  readonly kind: 'begin'
  readonly type: number
  readonly length: number
  readonly head: Buffer
}

export interface PartFrame {
  readonly kind: 'part'
  readonly bytes: Buffer
}

export interface EndFrame {
  readonly kind: 'end'
}

export interface FramesOptions {
  readonly side: Side
  /** bytes. A longer message comes in parts, unless its type passes. */
  readonly maxMessageBytes: number
  readonly passing: ReadonlySet<number>
}

const headerBytes = 5
/** bytes. PQ_SMALL_MESSAGE_LIMIT: a longer Sync, Describe, Execute… is refused by servers too. */
const smallLength = 10_000
const end: EndFrame = { kind: 'end' }

const classes = { Frontend: classesOf('Frontend'), Backend: classesOf('Backend') }

export class Frames {
  readonly #side: Side
  readonly #classes: Uint8Array
  readonly #passes = new Uint8Array(256)
  #maxMessageBytes: number
  /** the passing type whose run goes on, 0 while a large message is being streamed */
  #runType = 0
  /** bytes still to come of the message that is being given out */
  #left = 0
  #held: Buffer | undefined
  #heldBytes = 0
  #wantedBytes = 0
  #broken: PeerProtocolError | undefined

  constructor(options: FramesOptions) {
    this.#side = options.side
    this.#classes = classes[options.side]
    this.#maxMessageBytes = options.maxMessageBytes
    this.setPassing(options.passing)
  }

  /** Holds from the next header on (a login has another limit than a session). */
  setMaxMessageBytes(maxMessageBytes: number): void {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Holds from the next header on. */
  setPassing(types: ReadonlySet<number>): void {
    this.#passes.fill(0)
    for (const type of types) this.#passes[type] = 1
  }

  /** True while a message has been given out in part: nothing else may be written behind it yet. */
  get withinMessage(): boolean {
    return this.#left > 0
  }

  /** bytes held for a message that is not complete. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /**
   * What this chunk completes. Raises PeerProtocolError for what is no message of this side; events of the same chunk
   * before it are dropped with it (no means no), and every later push raises the same.
   */
  push(chunk: Buffer): readonly FrameEvent[] {
    if (this.#broken !== undefined) throw this.#broken
    const events: FrameEvent[] = []
    let at = 0
    while (at < chunk.length) at = this.#step(chunk, at, events)
    return events
  }

  #step(chunk: Buffer, at: number, events: FrameEvent[]): number {
    if (this.#left > 0) return this.#runType !== 0 ? this.#run(chunk, at, events) : this.#part(chunk, at, events)
    if (this.#held !== undefined) return this.#fill(this.#held, chunk, at, events)
    if (chunk.length - at < headerBytes) return this.#hold(chunk, at, headerBytes)
    const type = chunk[at] ?? 0
    if (this.#passes[type] === 1) return this.#run(chunk, at, events)
    const total = this.#total(chunk, at)
    const wanted = this.#wanted(total)
    if (chunk.length - at < wanted) return this.#hold(chunk, at, wanted)
    const after = Math.min(at + total, chunk.length)
    if (total > this.#maxMessageBytes) this.#begin(type, total, slice(chunk, at, after), events)
    else events.push({ kind: 'message', type, bytes: slice(chunk, at, after) })
    return after
  }

  /** The whole length of the message whose header is at `at`, checked. */
  #total(bytes: Buffer, at: number): number {
    const kind = this.#classes[bytes[at] ?? 0] ?? 0
    if (kind === 0) throw this.#violation(`invalid ${this.#side.toLowerCase()} message type ${bytes[at]}`)
    const length = bytes.readUInt32BE(at + 1)
    if (length < 4 || length > maxLength || (kind === 2 && length > smallLength))
      throw this.#violation('invalid message length')
    return length + 1
  }

  /** How many bytes to hold before a message can be given out. */
  #wanted(total: number): number {
    if (total <= this.#maxMessageBytes) return total
    return Math.min(total, Math.max(headerBytes, Math.min(settings.messageHeadBytes, this.#maxMessageBytes)))
  }

  #run(chunk: Buffer, start: number, events: FrameEvent[]): number {
    const type = this.#left > 0 ? this.#runType : (chunk[start] ?? 0)
    let at = start + this.#left
    let count = this.#left > 0 && at <= chunk.length ? 1 : 0
    const firstBoundary = at < chunk.length && chunk.length - at >= headerBytes && chunk[at] === type ? at - start : -1
    while (chunk.length - at >= headerBytes && chunk[at] === type) {
      at += this.#total(chunk, at)
      if (at <= chunk.length) count++
    }
    const after = Math.min(at, chunk.length)
    this.#left = at - after
    this.#runType = type
    events.push({ kind: 'run', type, count, firstBoundary, bytes: slice(chunk, start, after) })
    return after
  }

  #begin(type: number, length: number, head: Buffer, events: FrameEvent[]): void {
    events.push({ kind: 'begin', type, length, head })
    this.#runType = 0
    this.#left = length - head.length
    if (this.#left === 0) events.push(end)
  }

  #part(chunk: Buffer, at: number, events: FrameEvent[]): number {
    const after = Math.min(at + this.#left, chunk.length)
    events.push({ kind: 'part', bytes: slice(chunk, at, after) })
    this.#left -= after - at
    if (this.#left === 0) events.push(end)
    return after
  }

  #hold(chunk: Buffer, at: number, wanted: number): number {
    this.#held = Buffer.allocUnsafe(Math.min(wanted, Math.max(chunk.length - at, settings.messageGrowthBytes)))
    this.#heldBytes = chunk.copy(this.#held, 0, at)
    this.#wantedBytes = wanted
    return chunk.length
  }

  #fill(held: Buffer, chunk: Buffer, at: number, events: FrameEvent[]): number {
    const after = Math.min(at + this.#wantedBytes - this.#heldBytes, chunk.length)
    const room = this.#grown(held, this.#heldBytes + after - at)
    chunk.copy(room, this.#heldBytes, at, after)
    this.#heldBytes += after - at
    if (this.#heldBytes === this.#wantedBytes) this.#filled(room, events)
    return after
  }

  /** Room for `needed` bytes: doubled as they come, so that a promised length costs its sender the bytes. */
  #grown(held: Buffer, needed: number): Buffer {
    if (needed <= held.length) return held
    const size = Math.max(needed, held.length * 2, settings.messageGrowthBytes)
    const grown = Buffer.allocUnsafe(Math.min(this.#wantedBytes, size))
    held.copy(grown, 0, 0, this.#heldBytes)
    this.#held = grown
    return grown
  }

  /** What was waited for is there: a header, which says how much more to wait for, or what can be given out. */
  #filled(held: Buffer, events: FrameEvent[]): void {
    const type = held[0] ?? 0
    const total = this.#total(held, 0)
    const passes = this.#heldBytes === headerBytes && this.#passes[type] === 1
    if (!passes && this.#heldBytes < this.#wanted(total)) {
      this.#wantedBytes = this.#wanted(total)
      return
    }
    const bytes = held.subarray(0, this.#heldBytes)
    this.#held = undefined
    this.#heldBytes = 0
    if (passes) this.#run(bytes, 0, events)
    else if (total > this.#maxMessageBytes) this.#begin(type, total, bytes, events)
    else events.push({ kind: 'message', type, bytes })
  }

  #violation(message: string): PeerProtocolError {
    this.#broken = new PeerProtocolError(message)
    return this.#broken
  }
}

/** The offset in a run behind its `completed`-th completed message: where to cut when no more may pass. */
export function cutRun(run: RunFrame, completed: number): number {
  if (completed < 0 || completed > run.count) throw new BugError(`a run of ${run.count} messages has no ${completed}th`)
  if (completed === 0) return 0
  const beganEarlier = run.firstBoundary !== 0
  if (beganEarlier && run.firstBoundary === -1) return run.bytes.length
  let at = run.firstBoundary
  for (let passed = beganEarlier ? 1 : 0; passed < completed; passed++) at += 1 + run.bytes.readUInt32BE(at + 1)
  return at
}

function slice(chunk: Buffer, start: number, after: number): Buffer {
  return start === 0 && after === chunk.length ? chunk : chunk.subarray(start, after)
}

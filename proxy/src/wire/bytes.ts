import { BugError, PeerProtocolError } from '../errors.ts'
import { assertUtf8 } from './utf8.ts'

/** bytes. What PostgreSQL allows as a message's length word; no larger one is read or written (MaxAllocSize). */
export const maxLength = 0x3fffffff

/** bytes. From here on checking a string before decoding it costs less than it can save. */
const longBytes = 1024

/**
 * Reads one message, from its body to its end and never beyond: each read checks what is left, and `finish` refuses a
 * body that has more than was read. Slices are views into the message and live as long as it does.
 */
export class Reader {
  readonly #bytes: Buffer
  #at: number

  /** `at` is where the body begins: 5 behind a type byte and a length. */
  constructor(bytes: Buffer, at = 5) {
    if (at > bytes.length) throw insufficient()
    this.#bytes = bytes
    this.#at = at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4))
  }

  /** The next `length` bytes, as a view. */
  slice(length: number): Buffer {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** All that is left, as a view. */
  rest(): Buffer {
    return this.slice(this.left)
  }

  /** A value with its length before it; -1 stands for NULL. */
  value(): Buffer | null {
    const length = this.int32()
    return length === -1 ? null : this.slice(length)
  }

  /** `count` values read by `read`. Each takes at least `size` bytes: a count that cannot fit allocates nothing. */
  list<T>(count: number, size: number, read: () => T): readonly T[] {
    if (count * size > this.left) throw insufficient()
    const values: T[] = []
    for (let index = 0; index < count; index++) values.push(read())
    return values
  }

  /** A string up to its NUL that must be UTF-8: names and SQL, where a replaced byte would change what is meant. */
  string(): string {
    const start = this.#at
    const end = this.#terminator()
    // A replacement character tells of bad bytes; in a long text they would make decoding slow, so look first.
    const long = end - start > longBytes
    if (long) assertUtf8(this.#bytes.subarray(start, end))
    const text = this.#bytes.toString('utf8', start, end)
    if (!long && text.includes('\ufffd')) assertUtf8(this.#bytes.subarray(start, end))
    return text
  }

  /** A string up to its NUL that is only shown (messages of a server with another encoding). */
  text(): string {
    const start = this.#at
    return this.#bytes.toString('utf8', start, this.#terminator())
  }

  /** The message must be used up. */
  finish(): void {
    if (this.#at !== this.#bytes.length) throw new PeerProtocolError('invalid message format')
  }

  #terminator(): number {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end === -1) throw new PeerProtocolError('invalid string in message')
    this.#at = end + 1
    return end
  }

  #take(length: number): number {
    const start = this.#at
    if (length < 0 || length > this.#bytes.length - start) throw insufficient()
    this.#at = start + length
    return start
  }
}

/** Writes one message; `finish` fills in its length. The buffer it returns belongs to the caller. */
export class Writer {
  #bytes: Buffer
  #at: number
  readonly #lengthAt: number

  /** Without a type: a startup packet. `size` is a guess of the bytes needed. */
  constructor(type: number | undefined, size = 64) {
    this.#bytes = Buffer.allocUnsafe(size + 5)
    this.#lengthAt = type === undefined ? 0 : 1
    if (type !== undefined) this.#bytes[0] = type
    this.#at = this.#lengthAt + 4
  }

  uint8(value: number): this {
    const at = this.#room(1)
    this.#bytes.writeUInt8(value, at)
    return this
  }

  int16(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeInt16BE(value, at)
    return this
  }

  uint16(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeUInt16BE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeInt32BE(value, at)
    return this
  }

  uint32(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeUInt32BE(value, at)
    return this
  }

  bytes(value: Buffer): this {
    const at = this.#room(value.length)
    value.copy(this.#bytes, at)
    return this
  }

  /** A value with its length before it; null is -1. */
  value(value: Buffer | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).bytes(value)
  }

  /** A count of 16 bits, then each element by `write`. */
  list<T>(values: readonly T[], write: (value: T) => unknown): this {
    this.uint16(values.length)
    for (const value of values) write(value)
    return this
  }

  /** A string and its NUL. A NUL inside would end it early and smuggle the rest in as the next field. */
  string(text: string): this {
    if (text.includes('\0')) throw new BugError('a string for the wire contains NUL')
    const length = Buffer.byteLength(text)
    const at = this.#room(length + 1)
    this.#bytes.write(text, at)
    this.#bytes[at + length] = 0
    return this
  }

  finish(): Buffer {
    const length = this.#at - this.#lengthAt
    if (length > maxLength) throw new BugError(`a message of ${length} bytes cannot be sent`)
    this.#bytes.writeUInt32BE(length, this.#lengthAt)
    return this.#bytes.subarray(0, this.#at)
  }

  /** Where the next `length` bytes go. May move to a larger buffer: ask before looking at `#bytes`. */
  #room(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) this.#grow(start + length)
    this.#at = start + length
    return start
  }

  #grow(needed: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(bytes, 0, 0, this.#at)
    this.#bytes = bytes
  }
}

function insufficient(): PeerProtocolError {
  return new PeerProtocolError('insufficient data left in message')
}

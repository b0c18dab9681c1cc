/**
 * Bytes for one socket. What is written while one event is handled goes out in one write: neighbouring views of one
 * chunk are one view again, small pieces are copied together, large ones are corked.
 */
import type { Duplex } from 'node:stream'
import { settings } from '../settings.ts'

export class Outbox {
  readonly #socket: Duplex
  #pieces: Buffer[] = []
  #bytes = 0

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  add(bytes: Buffer): void {
    const last = this.#pieces.at(-1)
    this.#bytes += bytes.length
    if (last !== undefined && areNeighbours(last, bytes)) {
      this.#pieces[this.#pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length)
    } else this.#pieces.push(bytes)
  }

  /** False: the peer is slow, and the other side must not be read until `drain`. */
  flush(): boolean {
    const pieces = this.#pieces
    if (pieces.length === 0) return true
    const bytes = this.#bytes
    this.#pieces = []
    this.#bytes = 0
    if (this.#socket.destroyed || !this.#socket.writable) return true
    const [first] = pieces
    if (pieces.length === 1 && first !== undefined) return this.#socket.write(first)
    if (bytes <= settings.maxCopiedWriteBytes) return this.#socket.write(Buffer.concat(pieces, bytes))
    return this.#writeMany(pieces)
  }

  #writeMany(pieces: readonly Buffer[]): boolean {
    this.#socket.cork()
    let isRoomy = true
    for (const piece of pieces) isRoomy = this.#socket.write(piece)
    this.#socket.uncork()
    return isRoomy
  }
}

function areNeighbours(a: Buffer, b: Buffer): boolean {
  return a.buffer === b.buffer && a.byteOffset + a.length === b.byteOffset
}

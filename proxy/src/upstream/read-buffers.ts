/**
 * Where a socket's bytes are read into. Node makes a buffer of 64 KiB for every read; a gateway through which gigabytes
 * stream would leave them all to the garbage collector. So a session has buffers of its own, and reads into one again
 * when nothing points into it any more: its owner knows, nobody else. They are never another session's: what is
 * overwritten too early is at worst that session's own data.
 *
 *     read 1 → A, passed on at once, free    read 2 → A, client is slow, lent    read 3 → B …    drained: A is free again
 */
import { settings } from '../settings.ts'

export class ReadBuffers {
  /** Whether nothing points into what was read so far. Until an owner says so, every read gets a buffer of its own. */
  isFree: () => boolean = () => false
  #current: Buffer = Buffer.allocUnsafeSlow(settings.minReadBytes)
  /** filled, and perhaps still pointed into */
  #lent: Buffer[] = []
  /** large ones that are free */
  #spare: Buffer[] = []

  get current(): Buffer {
    return this.#current
  }

  /** `bytes` were read into the current buffer. Called before anybody has seen them. */
  filled(bytes: number): Buffer {
    if (this.#lent.length > 0 && this.isFree()) this.#takeBack()
    return this.#current.subarray(0, bytes)
  }

  /** The buffer for the next read, after the last was seen: small while little comes, so that a session at rest holds little. */
  next(bytes: number): Buffer {
    const size = this.#sizeAfter(bytes)
    if (size === this.#current.length && this.isFree()) return this.#current
    if (size === settings.minReadBytes) this.#forget()
    else this.#lend(this.#current)
    this.#current = (size === settings.maxReadBytes ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size)
    return this.#current
  }

  #sizeAfter(bytes: number): number {
    if (bytes === this.#current.length) return settings.maxReadBytes
    return bytes < settings.minReadBytes ? settings.minReadBytes : this.#current.length
  }

  /** To be used again if it is free in time; beyond the few that are kept, it is its reader's alone. */
  #lend(buffer: Buffer): void {
    if (buffer.length < settings.maxReadBytes) return
    if (this.#lent.length + this.#spare.length < settings.maxSpareReads) this.#lent.push(buffer)
  }

  #takeBack(): void {
    this.#spare.push(...this.#lent)
    this.#lent = []
  }

  #forget(): void {
    this.#lent = []
    this.#spare = []
  }
}

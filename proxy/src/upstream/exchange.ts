/**
 * A socket to the database as a conversation: write, then await the next message. Used while a login lasts and by our
 * own query client; the sessions of agents have the gateway's pump instead.
 */
import type { Duplex } from 'node:stream'
import { PeerProtocolError } from '../errors.ts'
import { type FrameEvent, Frames, type MessageFrame } from '../wire/frames.ts'
import { backend } from '../wire/messages.ts'
import { UpstreamUnavailable } from './errors.ts'

export class Exchange {
  readonly #socket: Duplex
  readonly #frames: Frames
  readonly #maxBytes: number
  readonly #stopsAt: number | undefined
  #waiting: MessageFrame[] = []
  #receivedBytes = 0
  #takenBytes = 0
  #lastChunk: Buffer = Buffer.alloc(0)
  #ended: Error | undefined
  #wake: (() => void) | undefined

  /**
   * `maxBytes` bounds what may arrive from here on until `allow` resets the count. Before a `release`, reading stops at
   * the chunk that completes ReadyForQuery: what comes later stays in the socket for its next reader.
   */
  constructor(socket: Duplex, maxBytes: number, until: 'ReadyForQuery' | 'Close') {
    this.#socket = socket
    this.#stopsAt = until === 'ReadyForQuery' ? backend.ReadyForQuery : undefined
    this.#maxBytes = maxBytes
    this.#frames = new Frames({ side: 'Backend', maxMessageBytes: maxBytes, passing: new Set() })
    socket.on('data', this.#onData).on('error', this.#onError).on('close', this.#onClose)
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** The next message, in order. Rejects with UpstreamUnavailable when there will be none. */
  async next(): Promise<MessageFrame> {
    for (;;) {
      const message = this.#waiting.shift()
      if (message !== undefined) {
        this.#takenBytes += message.bytes.length
        return message
      }
      if (this.#ended !== undefined) throw this.#ended
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** A new answer begins: the bound counts from zero. */
  allow(): void {
    this.#receivedBytes -= this.#takenBytes
    this.#takenBytes = 0
  }

  /** Gives the socket up, paused and without listeners of ours, and returns what was read beyond the last message taken. */
  release(): Buffer {
    if (this.#ended !== undefined) throw this.#ended
    this.#socket.pause()
    this.#socket.off('data', this.#onData).off('error', this.#onError).off('close', this.#onClose)
    const beyond = this.#receivedBytes - this.#takenBytes
    // The message taken last, ReadyForQuery, was completed by the last chunk, so all that lies beyond it is in that chunk.
    return this.#lastChunk.subarray(this.#lastChunk.length - beyond)
  }

  /** Ends the conversation at once; `next` rejects with this error from now on, whatever was received. */
  fail(error: Error): void {
    this.#waiting = []
    this.#end(error)
  }

  /** No more will come; what came is still given out (an ErrorResponse, as a rule). */
  #end(error: Error): void {
    this.#ended ??= error
    this.#socket.destroy()
    this.#awake()
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#receivedBytes += chunk.length
    this.#lastChunk = chunk
    try {
      if (this.#receivedBytes > this.#maxBytes) throw tooMuch(this.#maxBytes)
      for (const event of this.#frames.push(chunk)) this.#take(whole(event, this.#maxBytes))
    } catch (error) {
      this.fail(blamePeer(error))
    }
    this.#awake()
  }

  #take(message: MessageFrame): void {
    this.#waiting.push(message)
    if (message.type === this.#stopsAt) this.#socket.pause()
  }

  readonly #onError = (error: Error): void => {
    this.#end(new UpstreamUnavailable('network', `the connection to the database failed: ${error.message}`))
  }

  readonly #onClose = (): void => {
    this.#end(new UpstreamUnavailable('network', 'the database closed the connection'))
  }

  #awake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

/** What a peer sent wrongly is an unavailable database, and no bug of ours. */
export function blamePeer(error: unknown): Error {
  if (!(error instanceof PeerProtocolError)) return error instanceof Error ? error : new Error('unknown failure')
  return new UpstreamUnavailable('protocol', `the database broke the protocol: ${error.message}`)
}

function whole(event: FrameEvent, maxBytes: number): MessageFrame {
  if (event.kind !== 'message') throw tooMuch(maxBytes)
  return event
}

function tooMuch(maxBytes: number): UpstreamUnavailable {
  return new UpstreamUnavailable('protocol', `the database answered more than ${maxBytes} bytes`)
}

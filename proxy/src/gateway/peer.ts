/** A client before its session begins: chunks by await, with a deadline, and nothing lost between owners. */

import type net from 'node:net'
import type { Duplex } from 'node:stream'
import { PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { type FrameEvent, Frames } from '../wire/frames.ts'
import { backend, frontend } from '../wire/messages.ts'

/** The client went away, or its time is up: nothing is to be said to it. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone'
}

/** The next chunk, read without leaving a listener behind. */
export async function readChunk(socket: Duplex, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted()
  const buffered = socket.read() as Buffer | null
  if (buffered !== null) return buffered
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const tryRead = (): void => {
    const chunk = socket.read() as Buffer | null
    if (chunk !== null) resolve(chunk)
  }
  const gone = (): void => reject(new PeerGone('the client closed the connection'))
  const abort = (): void => reject(signal.reason)
  socket.on('readable', tryRead).once('end', gone).once('close', gone).once('error', gone)
  signal.addEventListener('abort', abort)
  try {
    return await promise
  } finally {
    socket.off('readable', tryRead).off('end', gone).off('close', gone).off('error', gone)
    signal.removeEventListener('abort', abort)
  }
}

/** Frames of the client's, one at a time during the login, all that is left afterwards. */
export class PeerMessages {
  readonly frames: Frames
  readonly #socket: Duplex
  #read: FrameEvent[] = []

  constructor(socket: Duplex, rest: Buffer) {
    this.#socket = socket
    this.frames = new Frames({ side: 'Frontend', maxMessageBytes: settings.maxPasswordBytes, passing: new Set() })
    if (rest.length > 0) this.#read = [...this.frames.push(rest)]
  }

  /** The next message, which must be an authentication response. */
  async response(signal: AbortSignal): Promise<Buffer> {
    while (this.#read.length === 0) this.#read.push(...this.frames.push(await readChunk(this.#socket, signal)))
    const frame = this.#read.shift()
    if (frame?.kind !== 'message') throw new PeerProtocolError('authentication response is too long', '08P01')
    if (frame.type !== frontend.AuthenticationResponse)
      throw new PeerProtocolError(`expected password response, got message type ${frame.type}`)
    return frame.bytes
  }

  /** The login is over: from here on the frames are the session's. */
  release(maxMessageBytes: number): readonly FrameEvent[] {
    this.frames.setMaxMessageBytes(maxMessageBytes)
    this.frames.setPassing(new Set([frontend.CopyData]))
    return this.#read
  }
}

/** The server's frames: rows and COPY data pass unread. */
export function serverFrames(maxMessageBytes: number): Frames {
  return new Frames({ side: 'Backend', maxMessageBytes, passing: new Set([backend.DataRow, backend.CopyData]) })
}

export function isLoopback(socket: net.Socket): boolean {
  const address = socket.remoteAddress ?? ''
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
}

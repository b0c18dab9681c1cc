/**
 * From the first byte to the startup message: TLS by SSLRequest or directly, GSSAPI encryption declined, cancel requests
 * taken. Bytes that follow SSLRequest in the clear may have been injected, so they are refused.
 */
import type net from 'node:net'
import tls from 'node:tls'
import { PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { decodeStartup, StartupFrames, type StartupMessage, tlsHandshakeByte } from '../wire/startup.ts'
import { PeerGone, readChunk } from './peer.ts'

export interface Started {
  readonly is: 'Started'
  readonly socket: net.Socket | tls.TLSSocket
  readonly isEncrypted: boolean
  readonly startup: StartupMessage
  /** What was read behind the startup message. */
  readonly rest: Buffer
}

export type StartupOutcome =
  | Started
  | { readonly is: 'CancelRequest'; readonly processId: number; readonly secretKey: Buffer }

const alpnProtocol = 'postgresql'

/** Raises PeerProtocolError for what must be told to the client, PeerGone where nobody is left. */
export async function receiveStartup(
  raw: net.Socket,
  context: () => tls.SecureContext,
  signal: AbortSignal,
): Promise<StartupOutcome> {
  const first = await readChunk(raw, signal)
  if (first[0] === tlsHandshakeByte)
    return receiveEncrypted(await startTls(raw, first, context(), true, signal), signal)
  return receiveClear(raw, first, context, signal)
}

async function receiveClear(
  raw: net.Socket,
  first: Buffer,
  context: () => tls.SecureContext,
  signal: AbortSignal,
): Promise<StartupOutcome> {
  const frames = new StartupFrames()
  const asked = new Set<string>()
  let packet = frames.push(first) ?? (await nextPacket(raw, frames, signal))
  for (;;) {
    const decoded = decodeStartup(packet)
    const rest = frames.rest()
    if (decoded.is !== 'SSLRequest' && decoded.is !== 'GSSENCRequest') return outcome(raw, false, decoded, rest)
    if (asked.has(decoded.is)) throw new PeerProtocolError(`${decoded.is} sent twice`)
    if (rest.length > 0) throw new PeerProtocolError(`received unencrypted data after ${decoded.is}`)
    asked.add(decoded.is)
    raw.write(decoded.is === 'SSLRequest' ? 'S' : 'N')
    if (decoded.is === 'SSLRequest')
      return receiveEncrypted(await startTls(raw, undefined, context(), false, signal), signal)
    packet = await nextPacket(raw, frames, signal)
  }
}

async function nextPacket(socket: net.Socket, frames: StartupFrames, signal: AbortSignal): Promise<Buffer> {
  for (;;) {
    const packet = frames.push(await readChunk(socket, signal))
    if (packet !== undefined) return packet
  }
}

async function receiveEncrypted(socket: tls.TLSSocket, signal: AbortSignal): Promise<StartupOutcome> {
  const frames = new StartupFrames()
  let decoded = decodeStartup(await nextPacket(socket, frames, signal))
  if (decoded.is === 'GSSENCRequest') {
    socket.write('N')
    decoded = decodeStartup(await nextPacket(socket, frames, signal))
  }
  if (decoded.is === 'SSLRequest' || decoded.is === 'GSSENCRequest')
    throw new PeerProtocolError(`${decoded.is} inside TLS`)
  return outcome(socket, true, decoded, frames.rest())
}

function outcome(
  socket: net.Socket | tls.TLSSocket,
  isEncrypted: boolean,
  decoded: ReturnType<typeof decodeStartup>,
  rest: Buffer,
): StartupOutcome {
  if (decoded.is === 'CancelRequest') return decoded
  if (decoded.is !== 'Startup') throw new PeerProtocolError(`unexpected ${decoded.is}`)
  return { is: 'Started', socket, isEncrypted, startup: decoded, rest }
}

/** `first`: what was read of a direct TLS hello; there ALPN is the client's proof that it means us. */
async function startTls(
  raw: net.Socket,
  first: Buffer | undefined,
  secureContext: tls.SecureContext,
  isDirect: boolean,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  if (first !== undefined) raw.unshift(first)
  const socket = new tls.TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: [alpnProtocol] })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(signal.reason)
  socket
    .once('secure', resolve)
    .once('error', reject)
    .once('close', () => reject(new PeerGone('closed during TLS')))
  signal.addEventListener('abort', abort)
  try {
    await promise
  } catch (error) {
    socket.destroy()
    throw error instanceof PeerGone || signal.aborted ? error : new PeerGone('the TLS handshake failed')
  } finally {
    signal.removeEventListener('abort', abort)
  }
  socket.on('error', () => undefined)
  if (isDirect && socket.alpnProtocol !== alpnProtocol) {
    socket.destroy()
    throw new PeerGone('direct TLS without ALPN')
  }
  return socket
}

/** For the listener's raw sockets. */
export function prepareSocket(socket: net.Socket): void {
  socket.setNoDelay(true)
  socket.setKeepAlive(true, settings.clientKeepAliveMs)
  socket.on('error', () => undefined)
}

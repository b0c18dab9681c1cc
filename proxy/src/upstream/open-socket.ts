/**
 * A socket to the database, in TLS where the target wants it: TCP, SSLRequest, one byte of answer, TLS.
 */
import net from 'node:net'
import tls from 'node:tls'
import { settings } from '../settings.ts'
import { encodeSSLRequest } from '../wire/startup.ts'
import { serverEndPoint } from './channel-binding.ts'
import { UpstreamUnavailable } from './errors.ts'
import { ReadBuffers } from './read-buffers.ts'
import type { Channel } from './scram.ts'
import { secureContextOf } from './secure-context.ts'
import type { UpstreamTarget } from './target.ts'

export interface OpenSocket {
  readonly socket: net.Socket | tls.TLSSocket
  readonly channel: Channel
  /** Without TLS: what the socket reads into. */
  readonly reads?: ReadBuffers
}

/** Aborting destroys the socket, at any time until it is handed on. */
export async function openSocket(target: UpstreamTarget, signal: AbortSignal): Promise<OpenSocket> {
  if (target.tls.mode === 'Disable') {
    const reads = new ReadBuffers()
    const socket = await connectTcp(target, signal, reads)
    return { socket, channel: { encrypted: false }, reads }
  }
  const plain = await connectTcp(target, signal)
  try {
    await requestTls(plain, signal)
    const socket = await startTls(plain, target, signal)
    return { socket, channel: channelOf(socket) }
  } catch (error) {
    plain.destroy()
    throw error
  }
}

async function connectTcp(target: UpstreamTarget, signal: AbortSignal, reads?: ReadBuffers): Promise<net.Socket> {
  const { host, port } = target
  const socket: net.Socket = net.connect({
    ...(reads === undefined ? {} : { onread: readInto(reads, bytes => socket.emit('data', bytes)) }),
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: settings.upstreamKeepAliveMs,
  })
  await settled(socket, 'connect', signal, error => unavailable('network', `cannot reach ${host}:${port}`, error))
  return socket
}

/** Node gives what it reads into buffers of ours to a function; listeners get it as from any other socket. */
function readInto(reads: ReadBuffers, emit: (bytes: Buffer) => void): net.OnReadOpts {
  let last = 0
  return {
    buffer: () => (last === 0 ? reads.current : reads.next(last)),
    callback: bytes => {
      last = bytes
      emit(reads.filled(bytes))
      return true
    },
  }
}

/** Bytes behind the answer's one byte came in the clear and may have been injected, so they end the attempt. */
async function requestTls(socket: net.Socket, signal: AbortSignal): Promise<void> {
  socket.write(encodeSSLRequest())
  socket.once('data', () => socket.pause())
  const noAnswer = (error: Error) => unavailable('network', 'the database gave no answer to SSLRequest', error)
  const answer = await settled<Buffer>(socket, 'data', signal, noAnswer)
  if (answer.length === 1 && answer[0] === 0x53) return
  if (answer.length === 1 && answer[0] === 0x4e) throw new UpstreamUnavailable('tls', 'the database does not offer TLS')
  throw new UpstreamUnavailable('tls', 'the database gave an answer to SSLRequest that is none')
}

async function startTls(plain: net.Socket, target: UpstreamTarget, signal: AbortSignal): Promise<tls.TLSSocket> {
  const { mode, serverName } = target.tls
  const host = serverName ?? target.host
  const socket = tls.connect({
    socket: plain,
    host,
    // SNI carries names only (RFC 6066); an address is still checked against the certificate, as `host`.
    servername: net.isIP(host) === 0 ? host : '',
    secureContext: secureContextOf(target.tls),
    rejectUnauthorized: mode !== 'Require',
    ...(mode === 'VerifyFull' ? {} : { checkServerIdentity: () => undefined }),
  })
  await settled(socket, 'secureConnect', signal, error => unavailable('tls', `no TLS with ${target.host}`, error))
  return socket
}

function channelOf(socket: tls.TLSSocket): Channel {
  const certificate = socket.getPeerX509Certificate()
  const endPoint = certificate === undefined ? undefined : serverEndPoint(certificate)
  return { encrypted: true, ...(endPoint === undefined ? {} : { serverEndPoint: endPoint }) }
}

/** Waits for one event of a socket and yields what it carries; error, end and the signal destroy the socket. */
function settled<T>(
  socket: net.Socket,
  event: string,
  signal: AbortSignal,
  describe: (error: Error) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      socket.off(event, succeed).off('error', fail).off('close', closed)
      signal.removeEventListener('abort', abort)
    }
    const succeed = (value: T) => {
      finish()
      resolve(value)
    }
    const giveUp = (error: Error) => {
      finish()
      // What still comes of a socket that we gave up must not end the process.
      socket.on('error', () => undefined).destroy()
      reject(error)
    }
    const fail = (error: Error) => giveUp(describe(error))
    const closed = () => fail(new Error('connection closed'))
    const abort = () => giveUp(signal.reason)
    socket.once(event, succeed).once('error', fail).once('close', closed)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}

function unavailable(reason: 'network' | 'tls', what: string, error: Error): UpstreamUnavailable {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return new UpstreamUnavailable(
    reason,
    `${what}: ${code === undefined || error.message.includes(code) ? error.message : `${code} ${error.message}`}`,
  )
}

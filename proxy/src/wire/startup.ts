import { PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { Reader, Writer } from './bytes.ts'

/**
 * What comes before the first message with a type byte: a length, a code, a body. One packet is given out at a time,
 * because what follows it may be no packet at all: after SSLRequest it is the TLS hello, after a startup it is messages.
 */

export type StartupPacket =
  | { readonly is: 'SSLRequest' }
  | { readonly is: 'GSSENCRequest' }
  | { readonly is: 'CancelRequest'; readonly processId: number; readonly secretKey: Buffer }
  | StartupMessage

export interface StartupMessage {
  readonly is: 'Startup'
  /** always 3 */
  readonly major: number
  readonly minor: number
  /** Names as sent: `user`, `database`, `options` and `replication` count in this case only, settings in any. */
  readonly parameters: ReadonlyMap<string, string>
  /** Parameters whose name begins with `_pq_.`; what is unknown is echoed in NegotiateProtocolVersion. */
  readonly protocolOptions: ReadonlyMap<string, string>
}

const codes = { CancelRequest: 80877102, SSLRequest: 80877103, GSSENCRequest: 80877104 } as const
const newestMinor = 2
const empty = Buffer.alloc(0)

/** The first byte of a connection that begins with TLS itself, without SSLRequest. */
export const tlsHandshakeByte = 0x16

export class StartupFrames {
  #held: Buffer = empty

  /**
   * The next complete packet (length word included), or undefined until there is one. Bytes behind it stay: push an
   * empty chunk for the next packet, or take them with `rest()`.
   */
  push(chunk: Buffer): Buffer | undefined {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    if (this.#held.length < 4) return undefined
    const length = this.#held.readUInt32BE(0)
    if (length < 8 || length > settings.maxStartupPacketBytes)
      throw new PeerProtocolError('invalid length of startup packet')
    if (this.#held.length < length) return undefined
    const packet = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return packet
  }

  /** Takes away what was pushed behind the last packet. In the clear behind an SSLRequest there must be none. */
  rest(): Buffer {
    const rest = this.#held
    this.#held = empty
    return rest
  }
}

/** Decodes one packet of `StartupFrames`. */
export function decodeStartup(packet: Buffer): StartupPacket {
  const reader = new Reader(packet, 4)
  const code = reader.uint32()
  switch (code) {
    case codes.SSLRequest:
      return bare(reader, { is: 'SSLRequest' })
    case codes.GSSENCRequest:
      return bare(reader, { is: 'GSSENCRequest' })
    case codes.CancelRequest:
      return { is: 'CancelRequest', processId: reader.int32(), secretKey: secretKey(reader) }
    default:
      return decodeStartupMessage(reader, code >>> 16, code & 0xffff)
  }
}

/** A startup message of protocol 3.`minor`; protocol options go among the parameters. */
export function encodeStartup(minor: number, parameters: Iterable<readonly [string, string]>): Buffer {
  const writer = new Writer(undefined, 256).uint32(0x30000 + minor)
  for (const [name, value] of parameters) writer.string(name).string(value)
  return writer.uint8(0).finish()
}

export function encodeSSLRequest(): Buffer {
  return new Writer(undefined, 8).uint32(codes.SSLRequest).finish()
}

export function encodeGSSENCRequest(): Buffer {
  return new Writer(undefined, 8).uint32(codes.GSSENCRequest).finish()
}

export function encodeCancelRequest(processId: number, secretKey: Buffer): Buffer {
  return new Writer(undefined, 268).uint32(codes.CancelRequest).int32(processId).bytes(secretKey).finish()
}

/** The key of a BackendKeyData or CancelRequest: 4 bytes until protocol 3.0, up to 256 since 3.2. */
export function secretKey(reader: Reader): Buffer {
  if (reader.left < 4 || reader.left > 256) throw new PeerProtocolError('invalid length of cancel key')
  return reader.rest()
}

function bare(reader: Reader, packet: StartupPacket): StartupPacket {
  reader.finish()
  return packet
}

function decodeStartupMessage(reader: Reader, major: number, minor: number): StartupMessage {
  if (major !== 3) throw unsupported(major, minor)
  const parameters = new Map<string, string>()
  const protocolOptions = new Map<string, string>()
  // As the server does it: of two values for one name the last holds, and the terminator is the packet's last byte,
  // so that nothing is hidden behind it.
  for (let name = reader.string(); name !== ''; name = reader.string()) {
    const target = name.startsWith('_pq_.') ? protocolOptions : parameters
    target.set(name, reader.string())
  }
  if (reader.left > 0) throw new PeerProtocolError('invalid startup packet layout: expected terminator as last byte')
  return { is: 'Startup', major, minor, parameters, protocolOptions }
}

function unsupported(major: number, minor: number): PeerProtocolError {
  const asked = `unsupported frontend protocol ${major}.${minor}`
  return new PeerProtocolError(`${asked}: server supports 3.0 to 3.${newestMinor}`, '0A000')
}

import { PeerProtocolError } from '../errors.ts'
import { Reader } from './bytes.ts'
import { frontend } from './messages.ts'

/**
 * Messages of a client, decoded. Each decoder takes the whole message (type byte first), reads within it, and accepts
 * it only if it used it up. Buffers in the results are views into the message. The refusals are PostgreSQL's own, word
 * for word; a server answers them with an ERROR and goes on, since the next message is known to begin behind this one.
 */
export type FrontendMessage =
  | Bind
  | Close
  | CopyData
  | CopyFail
  | Describe
  | Execute
  | Parse
  | Query
  | AuthenticationResponse
  | { readonly is: 'CopyDone' | 'Flush' | 'FunctionCall' | 'Sync' | 'Terminate' }

export interface Query {
  readonly is: 'Query'
  readonly sql: string
}

export interface Parse {
  readonly is: 'Parse'
  /** '' is the unnamed statement */
  readonly statement: string
  readonly sql: string
  /** OIDs; 0 leaves the type to the server */
  readonly parameterTypes: readonly number[]
}

export interface Bind {
  readonly is: 'Bind'
  readonly portal: string
  readonly statement: string
  /** 0 text, 1 binary: none for text, one for all parameters, or one each */
  readonly parameterFormats: readonly number[]
  readonly parameters: readonly (Buffer | null)[]
  readonly resultFormats: readonly number[]
}

export interface Describe {
  readonly is: 'Describe'
  readonly target: Target
  readonly name: string
}

export interface Close {
  readonly is: 'Close'
  readonly target: Target
  readonly name: string
}

export type Target = 'Statement' | 'Portal'

export interface Execute {
  readonly is: 'Execute'
  readonly portal: string
  /** 0 or less: all rows */
  readonly maxRows: number
}

export interface CopyData {
  readonly is: 'CopyData'
  readonly data: Buffer
}

export interface CopyFail {
  readonly is: 'CopyFail'
  readonly message: string
}

/** Type `p`. What is in it depends on what was asked: see `decodePassword`, `decodeSASLInitialResponse`, `decodeSASLResponse`. */
export interface AuthenticationResponse {
  readonly is: 'AuthenticationResponse'
  readonly bytes: Buffer
}

/** Decodes any message of a client. FunctionCall is recognised, not read: it is always refused. */
export function decodeFrontend(type: number, bytes: Buffer): FrontendMessage {
  switch (type) {
    case frontend.Query:
      return decodeQuery(bytes)
    case frontend.Parse:
      return decodeParse(bytes)
    case frontend.Bind:
      return decodeBind(bytes)
    case frontend.Describe:
      return { is: 'Describe', ...decodeTarget(bytes, 'DESCRIBE') }
    case frontend.Execute:
      return decodeExecute(bytes)
    case frontend.Close:
      return { is: 'Close', ...decodeTarget(bytes, 'CLOSE') }
    case frontend.Sync:
      return bare(bytes, { is: 'Sync' })
    case frontend.Flush:
      return bare(bytes, { is: 'Flush' })
    case frontend.Terminate:
      return bare(bytes, { is: 'Terminate' })
    case frontend.CopyData:
      return { is: 'CopyData', data: bytes.subarray(5) }
    case frontend.CopyDone:
      return bare(bytes, { is: 'CopyDone' })
    case frontend.CopyFail:
      return whole(bytes, reader => ({ is: 'CopyFail', message: reader.string() }))
    case frontend.AuthenticationResponse:
      return { is: 'AuthenticationResponse', bytes }
    case frontend.FunctionCall:
      return { is: 'FunctionCall' }
    default:
      throw new PeerProtocolError(`invalid frontend message type ${type}`)
  }
}

export function decodeQuery(bytes: Buffer): Query {
  return whole(bytes, reader => ({ is: 'Query', sql: reader.string() }))
}

export function decodeParse(bytes: Buffer): Parse {
  return whole(bytes, reader => ({
    is: 'Parse',
    statement: reader.string(),
    sql: reader.string(),
    parameterTypes: reader.list(reader.uint16(), 4, () => reader.uint32()),
  }))
}

export function decodeBind(bytes: Buffer): Bind {
  return whole(bytes, reader => {
    const portal = reader.string()
    const statement = reader.string()
    const parameterFormats = formats(reader)
    const count = reader.uint16()
    if (parameterFormats.length > 1 && parameterFormats.length !== count)
      throw formatsMismatch(parameterFormats.length, count)
    const parameters = reader.list(count, 4, () => reader.value())
    return { is: 'Bind', portal, statement, parameterFormats, parameters, resultFormats: formats(reader) }
  })
}

/** The names of a Bind that is streamed, from its first bytes; undefined when they are not all there. */
export function decodeBindNames(head: Buffer): Pick<Bind, 'portal' | 'statement'> | undefined {
  const portalEnd = head.indexOf(0, 5)
  if (portalEnd === -1 || head.indexOf(0, portalEnd + 1) === -1) return undefined
  const reader = new Reader(head)
  return { portal: reader.string(), statement: reader.string() }
}

export function decodeDescribe(bytes: Buffer): Describe {
  return { is: 'Describe', ...decodeTarget(bytes, 'DESCRIBE') }
}

export function decodeClose(bytes: Buffer): Close {
  return { is: 'Close', ...decodeTarget(bytes, 'CLOSE') }
}

export function decodeExecute(bytes: Buffer): Execute {
  return whole(bytes, reader => ({ is: 'Execute', portal: reader.string(), maxRows: reader.int32() }))
}

/** The password of a PasswordMessage: a string that ends where the message does. */
export function decodePassword(bytes: Buffer): string {
  return whole(bytes, reader => reader.string())
}

export interface SASLInitialResponse {
  readonly mechanism: string
  /** null where the client sent none */
  readonly data: Buffer | null
}

export function decodeSASLInitialResponse(bytes: Buffer): SASLInitialResponse {
  return whole(bytes, reader => ({ mechanism: reader.string(), data: reader.value() }))
}

export function decodeSASLResponse(bytes: Buffer): Buffer {
  return new Reader(bytes).rest()
}

function decodeTarget(bytes: Buffer, message: string): { target: Target; name: string } {
  return whole(bytes, reader => {
    const kind = reader.uint8()
    if (kind !== 0x53 && kind !== 0x50) throw new PeerProtocolError(`invalid ${message} message subtype ${kind}`)
    return { target: kind === 0x53 ? 'Statement' : 'Portal', name: reader.string() }
  })
}

function formats(reader: Reader): readonly number[] {
  return reader.list(reader.uint16(), 2, () => reader.int16())
}

function formatsMismatch(formatCount: number, count: number): PeerProtocolError {
  return new PeerProtocolError(`bind message has ${formatCount} parameter formats but ${count} parameters`)
}

function bare<M extends FrontendMessage>(bytes: Buffer, message: M): M {
  return whole(bytes, () => message)
}

function whole<T>(bytes: Buffer, read: (reader: Reader) => T): T {
  const reader = new Reader(bytes)
  const value = read(reader)
  reader.finish()
  return value
}

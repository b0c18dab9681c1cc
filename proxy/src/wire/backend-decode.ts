import { PeerProtocolError } from '../errors.ts'
import { type Authentication, decodeAuthentication } from './authentication.ts'
import { Reader } from './bytes.ts'
import { decodeErrorFields, type ErrorField } from './error-fields.ts'
import { backend, messageName } from './messages.ts'
import { secretKey } from './startup.ts'

/**
 * Messages of a server, decoded. Each decoder takes the whole message (type byte first), reads within it, and accepts
 * it only if it used it up. Buffers in the results are views into the message. Text is shown, never trusted: what is
 * not UTF-8 gets replacement characters, the bytes that go on are the server's.
 */
export type BackendMessage =
  | Authentication
  | { readonly is: 'BackendKeyData'; readonly processId: number; readonly secretKey: Buffer }
  | { readonly is: 'CommandComplete'; readonly tag: string }
  | { readonly is: 'CopyData'; readonly data: Buffer }
  | CopyResponse
  | { readonly is: 'DataRow'; readonly values: readonly (Buffer | null)[] }
  | { readonly is: 'ErrorResponse' | 'NoticeResponse'; readonly fields: readonly ErrorField[] }
  | { readonly is: 'FunctionCallResponse' }
  | NegotiateProtocolVersion
  | {
      readonly is: 'NotificationResponse'
      readonly processId: number
      readonly channel: string
      readonly payload: string
    }
  | { readonly is: 'ParameterDescription'; readonly types: readonly number[] }
  | { readonly is: 'ParameterStatus'; readonly name: string; readonly value: string }
  | { readonly is: 'ReadyForQuery'; readonly status: TransactionStatus }
  | { readonly is: 'RowDescription'; readonly fields: readonly RowField[] }
  | { readonly is: BareName }

export type BareName =
  | 'BindComplete'
  | 'CloseComplete'
  | 'CopyDone'
  | 'EmptyQueryResponse'
  | 'NoData'
  | 'ParseComplete'
  | 'PortalSuspended'

/** I idle, T in a transaction block, E in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E'

export interface CopyResponse {
  readonly is: 'CopyInResponse' | 'CopyOutResponse' | 'CopyBothResponse'
  /** 0 text or CSV, 1 binary */
  readonly format: number
  readonly columnFormats: readonly number[]
}

export interface NegotiateProtocolVersion {
  readonly is: 'NegotiateProtocolVersion'
  /** the newest version that the server speaks, as servers send it: major << 16 | minor */
  readonly version: number
  readonly unrecognized: readonly string[]
}

export interface RowField {
  readonly name: string
  /** 0 where the column is no plain column of a relation */
  readonly tableOid: number
  readonly attributeNumber: number
  readonly typeOid: number
  readonly typeSize: number
  readonly typeModifier: number
  /** 0 text, 1 binary */
  readonly format: number
}

/** Decodes any message of a server. */
export function decodeBackend(type: number, bytes: Buffer): BackendMessage {
  switch (type) {
    case backend.Authentication:
      return decodeAuthentication(bytes)
    case backend.BackendKeyData:
      return whole(bytes, reader => ({ is: 'BackendKeyData', processId: reader.int32(), secretKey: secretKey(reader) }))
    case backend.CommandComplete:
      return { is: 'CommandComplete', tag: decodeCommandComplete(bytes) }
    case backend.CopyData:
      return { is: 'CopyData', data: bytes.subarray(5) }
    case backend.CopyInResponse:
    case backend.CopyOutResponse:
    case backend.CopyBothResponse:
      return decodeCopyResponse(type, bytes)
    case backend.DataRow:
      return { is: 'DataRow', values: decodeDataRow(bytes) }
    case backend.ErrorResponse:
      return { is: 'ErrorResponse', fields: decodeErrorFields(bytes) }
    case backend.NoticeResponse:
      return { is: 'NoticeResponse', fields: decodeErrorFields(bytes) }
    case backend.FunctionCallResponse:
      return { is: 'FunctionCallResponse' }
    case backend.NegotiateProtocolVersion:
      return decodeNegotiateProtocolVersion(bytes)
    case backend.NotificationResponse:
      return decodeNotificationResponse(bytes)
    case backend.ParameterDescription:
      return { is: 'ParameterDescription', types: decodeParameterDescription(bytes) }
    case backend.ParameterStatus:
      return decodeParameterStatus(bytes)
    case backend.ReadyForQuery:
      return { is: 'ReadyForQuery', status: decodeReadyForQuery(bytes) }
    case backend.RowDescription:
      return { is: 'RowDescription', fields: decodeRowDescription(bytes) }
    default:
      return decodeBare(type, bytes)
  }
}

export function decodeReadyForQuery(bytes: Buffer): TransactionStatus {
  const status = whole(bytes, reader => String.fromCharCode(reader.uint8()))
  if (status === 'I' || status === 'T' || status === 'E') return status
  throw new PeerProtocolError('invalid transaction status in ReadyForQuery')
}

export function decodeCommandComplete(bytes: Buffer): string {
  return whole(bytes, reader => reader.text())
}

/** The rows that a command tag counts: `SELECT 3`, `INSERT 0 3`; undefined for a tag without a count. */
export function rowsOfTag(tag: string): number | undefined {
  const count = /^[A-Z ]+?(?: 0)? (\d{1,15})$/.exec(tag)?.[1]
  return count === undefined ? undefined : Number(count)
}

export function decodeRowDescription(bytes: Buffer): readonly RowField[] {
  return whole(bytes, reader => reader.list(reader.uint16(), 19, () => rowField(reader)))
}

export function decodeParameterDescription(bytes: Buffer): readonly number[] {
  return whole(bytes, reader => reader.list(reader.uint16(), 4, () => reader.uint32()))
}

export function decodeDataRow(bytes: Buffer): readonly (Buffer | null)[] {
  return whole(bytes, reader => reader.list(reader.uint16(), 4, () => reader.value()))
}

export function decodeParameterStatus(bytes: Buffer): BackendMessage & { readonly is: 'ParameterStatus' } {
  return whole(bytes, reader => ({ is: 'ParameterStatus', name: reader.text(), value: reader.text() }))
}

function decodeNotificationResponse(bytes: Buffer): BackendMessage {
  return whole(bytes, reader => {
    const processId = reader.int32()
    return { is: 'NotificationResponse', processId, channel: reader.text(), payload: reader.text() }
  })
}

function decodeNegotiateProtocolVersion(bytes: Buffer): NegotiateProtocolVersion {
  return whole(bytes, reader => {
    const version = reader.uint32()
    const unrecognized = reader.list(reader.uint32(), 1, () => reader.text())
    return { is: 'NegotiateProtocolVersion', version, unrecognized }
  })
}

function decodeCopyResponse(type: number, bytes: Buffer): CopyResponse {
  const is = type === backend.CopyInResponse ? 'CopyInResponse' : copyOutOrBoth(type)
  return whole(bytes, reader => {
    const format = reader.uint8()
    return { is, format, columnFormats: reader.list(reader.uint16(), 2, () => reader.int16()) }
  })
}

function copyOutOrBoth(type: number): 'CopyOutResponse' | 'CopyBothResponse' {
  return type === backend.CopyOutResponse ? 'CopyOutResponse' : 'CopyBothResponse'
}

function rowField(reader: Reader): RowField {
  return {
    name: reader.text(),
    tableOid: reader.uint32(),
    attributeNumber: reader.int16(),
    typeOid: reader.uint32(),
    typeSize: reader.int16(),
    typeModifier: reader.int32(),
    format: reader.int16(),
  }
}

const bareNames: readonly BareName[] = [
  'BindComplete',
  'CloseComplete',
  'CopyDone',
  'EmptyQueryResponse',
  'NoData',
  'ParseComplete',
  'PortalSuspended',
]

function decodeBare(type: number, bytes: Buffer): BackendMessage {
  const name = messageName('Backend', type)
  const is = bareNames.find(bare => bare === name)
  if (is === undefined) throw new PeerProtocolError(`invalid backend message type ${type}`)
  return whole(bytes, () => ({ is }))
}

function whole<T>(bytes: Buffer, read: (reader: Reader) => T): T {
  const reader = new Reader(bytes)
  const value = read(reader)
  reader.finish()
  return value
}

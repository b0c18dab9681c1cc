import type { BareName, CopyResponse, RowField, TransactionStatus } from './backend-decode.ts'
import { Writer } from './bytes.ts'
import { type ErrorFields, encodeErrorFields } from './error-fields.ts'
import { backend } from './messages.ts'

/** Messages of a server, encoded: what the gateway itself says to a client. Each call returns a buffer of its own. */

export function encodeErrorResponse(fields: ErrorFields): Buffer {
  return encodeErrorFields(backend.ErrorResponse, fields)
}

export function encodeNoticeResponse(fields: ErrorFields): Buffer {
  return encodeErrorFields(backend.NoticeResponse, fields)
}

export function encodeReadyForQuery(status: TransactionStatus): Buffer {
  return new Writer(backend.ReadyForQuery, 1).uint8(status.charCodeAt(0)).finish()
}

export function encodeParameterStatus(name: string, value: string): Buffer {
  return new Writer(backend.ParameterStatus).string(name).string(value).finish()
}

export function encodeBackendKeyData(processId: number, secretKey: Buffer): Buffer {
  return new Writer(backend.BackendKeyData).int32(processId).bytes(secretKey).finish()
}

/** `version` is the newest one spoken, major << 16 | minor; `unrecognized` must echo every unknown `_pq_.` option. */
export function encodeNegotiateProtocolVersion(version: number, unrecognized: readonly string[]): Buffer {
  const writer = new Writer(backend.NegotiateProtocolVersion).uint32(version).uint32(unrecognized.length)
  for (const option of unrecognized) writer.string(option)
  return writer.finish()
}

export function encodeCommandComplete(tag: string): Buffer {
  return new Writer(backend.CommandComplete).string(tag).finish()
}

export function encodeRowDescription(fields: readonly RowField[]): Buffer {
  const writer = new Writer(backend.RowDescription, 40 * fields.length + 2)
  return writer.list(fields, field => writeField(writer, field)).finish()
}

/** Values in text format. */
export function encodeDataRow(values: readonly (string | Buffer | null)[]): Buffer {
  const writer = new Writer(backend.DataRow)
  return writer.list(values, value => writer.value(typeof value === 'string' ? Buffer.from(value) : value)).finish()
}

export function encodeParameterDescription(types: readonly number[]): Buffer {
  const writer = new Writer(backend.ParameterDescription)
  return writer.list(types, type => writer.uint32(type)).finish()
}

export function encodeNotificationResponse(processId: number, channel: string, payload: string): Buffer {
  return new Writer(backend.NotificationResponse).int32(processId).string(channel).string(payload).finish()
}

export function encodeCopyResponse(response: CopyResponse): Buffer {
  const writer = new Writer(backend[response.is]).uint8(response.format)
  return writer.list(response.columnFormats, format => writer.int16(format)).finish()
}

export function encodeParseComplete(): Buffer {
  return encodeBare('ParseComplete')
}

export function encodeBindComplete(): Buffer {
  return encodeBare('BindComplete')
}

export function encodeCloseComplete(): Buffer {
  return encodeBare('CloseComplete')
}

export function encodeNoData(): Buffer {
  return encodeBare('NoData')
}

export function encodePortalSuspended(): Buffer {
  return encodeBare('PortalSuspended')
}

export function encodeEmptyQueryResponse(): Buffer {
  return encodeBare('EmptyQueryResponse')
}

/** A message that is nothing but its type. */
export function encodeBare(name: BareName): Buffer {
  return new Writer(backend[name], 0).finish()
}

function writeField(writer: Writer, field: RowField): void {
  writer.string(field.name).uint32(field.tableOid).int16(field.attributeNumber)
  writer.uint32(field.typeOid).int16(field.typeSize).int32(field.typeModifier).int16(field.format)
}

import { BugError, PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { Reader, Writer } from './bytes.ts'

/** ErrorResponse and NoticeResponse: a list of fields, each a letter and a string, then a NUL. */

export interface ErrorField {
  /** one character: S severity, V the same untranslated, C SQLSTATE, M message, D detail, H hint, P position … */
  readonly code: string
  readonly value: string
}

/** What we say ourselves. `severity` becomes both S and V. */
export interface ErrorFields {
  readonly severity: Severity
  readonly sqlState: string
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  /** in characters, from 1 */
  readonly position?: number | undefined
  readonly internalPosition?: number | undefined
  readonly internalQuery?: string | undefined
  readonly where?: string | undefined
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly dataType?: string | undefined
  readonly constraint?: string | undefined
}

export type Severity = 'ERROR' | 'FATAL' | 'PANIC' | 'WARNING' | 'NOTICE' | 'DEBUG' | 'INFO' | 'LOG'

/** In the order in which a server sends them. */
const letters = [
  ['S', 'severity'],
  ['V', 'severity'],
  ['C', 'sqlState'],
  ['M', 'message'],
  ['D', 'detail'],
  ['H', 'hint'],
  ['P', 'position'],
  ['p', 'internalPosition'],
  ['q', 'internalQuery'],
  ['W', 'where'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
] as const satisfies readonly (readonly [string, keyof ErrorFields])[]

export function encodeErrorFields(type: number, fields: ErrorFields): Buffer {
  const given = letters.map(([code, name]) => ({ code, value: fields[name] }))
  return encodeErrorList(
    type,
    given.flatMap(({ code, value }) => (value === undefined ? [] : [{ code, value: String(value) }])),
  )
}

/** Any fields in the order given. */
export function encodeErrorList(type: number, fields: readonly ErrorField[]): Buffer {
  const writer = new Writer(type, 256)
  for (const { code, value } of fields) writeField(writer, code, value)
  return writer.uint8(0).finish()
}

/** All fields in their order, unknown ones too. Text that is not UTF-8 is shown with replacement characters. */
export function decodeErrorFields(bytes: Buffer): readonly ErrorField[] {
  const fields: ErrorField[] = []
  readFields(bytes, (code, reader) => fields.push({ code, value: reader.text() }))
  return fields
}

/** The first field with this code. */
export function errorField(fields: readonly ErrorField[], code: string): string | undefined {
  return fields.find(field => field.code === code)?.value
}

/**
 * The same message with some fields changed (`{ P: '7' }`) or removed (`{ D: undefined }`). All others stay byte for
 * byte and in their place; a changed field that was not there comes last.
 */
export function editErrorFields(bytes: Buffer, changes: Readonly<Record<string, string | undefined>>): Buffer {
  const writer = new Writer(bytes[0], bytes.length)
  const added = new Map(Object.entries(changes))
  readFields(bytes, (code, reader, at) => {
    reader.text()
    if (!Object.hasOwn(changes, code)) writer.bytes(bytes.subarray(at, bytes.length - reader.left))
    else if (changes[code] !== undefined) writeField(writer, code, changes[code])
    added.delete(code)
  })
  for (const [code, value] of added) if (value !== undefined) writeField(writer, code, value)
  return writer.uint8(0).finish()
}

function readFields(bytes: Buffer, read: (code: string, reader: Reader, at: number) => void): void {
  const reader = new Reader(bytes)
  let count = 0
  for (let code = reader.uint8(); code !== 0; code = reader.uint8()) {
    if (++count > settings.maxErrorFields) throw new PeerProtocolError('too many fields in one error or notice')
    read(String.fromCharCode(code), reader, bytes.length - reader.left - 1)
  }
  reader.finish()
}

function writeField(writer: Writer, code: string, value: string): void {
  const byte = code.charCodeAt(0)
  if (code.length !== 1 || byte === 0 || byte > 255) throw new BugError('the code of an error field is one byte')
  writer.uint8(byte).string(value)
}

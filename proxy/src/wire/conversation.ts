import { BugError } from '../errors.ts'
import * as backend from './backend.ts'
import { encodeErrorList } from './error-fields.ts'
import * as frontend from './frontend.ts'
import { backend as backendTypes } from './messages.ts'
import { type Line, parseLine, type Value } from './notation.ts'
import { type Direction, sideOf } from './print.ts'
import { encodeCancelRequest, encodeGSSENCRequest, encodeSSLRequest, encodeStartup } from './startup.ts'

/**
 * Reads conversations as `print.ts` writes them, so that golden files are input as well. What is hidden there is given
 * here: `Password "t"`, `SASLInitialResponse "OAUTHBEARER" "…"`, `SASLResponse "…"`, `BackendKeyData 7 key=x'00000001'`.
 * `Raw x'51…'` stands for any bytes. Empty lines and lines that begin with `#` say nothing.
 */
export interface Turn {
  readonly direction: Direction
  readonly bytes: Buffer
  /** the line without its direction, as written */
  readonly text: string
}

export function parseConversation(text: string): readonly Turn[] {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'))
  return lines.map(line => {
    const direction = directionOf(line)
    return { direction, bytes: parseMessage(direction, line.slice(3)), text: line.slice(3) }
  })
}

/** The bytes of one line without its direction. */
export function parseMessage(direction: Direction, text: string): Buffer {
  const line = parseLine(text)
  const known = sideOf(direction) === 'Frontend' ? frontendLines : backendLines
  const encode = known[line.name] ?? rawLines[line.name]
  if (encode === undefined) throw new BugError(`no message is called ${line.name}`)
  return encode(line)
}

type Encoders = Readonly<Record<string, (line: Line) => Buffer>>

const rawLines: Encoders = { Raw: line => bytes(line.values[0]) }

const frontendLines: Encoders = {
  SSLRequest: encodeSSLRequest,
  GSSENCRequest: encodeGSSENCRequest,
  CancelRequest: line => encodeCancelRequest(number(line.values[0]), bytes(line.named.get('key'))),
  Startup: line =>
    encodeStartup(
      minorOf(line),
      [...line.named].map(([name, value]) => [name, string(value)]),
    ),
  Password: line => frontend.encodePassword(string(line.values[0])),
  SASLInitialResponse: line =>
    frontend.encodeSASLInitialResponse(string(line.values[0]), bytesOrNull(line.values[1] ?? null)),
  SASLResponse: line => frontend.encodeSASLResponse(bytes(line.values[0])),
  Query: line => frontend.encodeQuery(string(line.values[0])),
  Parse: line =>
    frontend.encodeParse(string(line.values[0]), string(line.values[1]), list(line.named.get('types')).map(number)),
  Bind: line =>
    frontend.encodeBind({
      portal: string(line.values[0]),
      statement: string(line.values[1]),
      parameterFormats: list(line.named.get('formats')).map(number),
      parameters: list(line.named.get('values')).map(bytesOrNull),
      resultFormats: list(line.named.get('results')).map(number),
    }),
  Describe: line => frontend.encodeDescribe(target(line), string(line.values[1])),
  Close: line => frontend.encodeClose(target(line), string(line.values[1])),
  Execute: line => frontend.encodeExecute(string(line.values[0]), number(line.named.get('rows') ?? 0)),
  Sync: frontend.encodeSync,
  Flush: frontend.encodeFlush,
  Terminate: frontend.encodeTerminate,
  CopyData: line => frontend.encodeCopyData(bytes(line.values[0])),
  CopyDone: frontend.encodeCopyDone,
  CopyFail: line => frontend.encodeCopyFail(string(line.values[0])),
}

const backendLines: Encoders = {
  ErrorResponse: line => encodeErrorList(backendTypes.ErrorResponse, errorFields(line)),
  NoticeResponse: line => encodeErrorList(backendTypes.NoticeResponse, errorFields(line)),
  RowDescription: line => backend.encodeRowDescription(line.values.map(rowField)),
  DataRow: line => backend.encodeDataRow(line.values.map(bytesOrNull)),
  CopyData: line => frontend.encodeCopyData(bytes(line.values[0])),
  CommandComplete: line => backend.encodeCommandComplete(string(line.values[0])),
  ReadyForQuery: line => backend.encodeReadyForQuery(status(line)),
  ParameterStatus: line => backend.encodeParameterStatus(string(line.values[0]), string(line.values[1])),
  ParameterDescription: line => backend.encodeParameterDescription(line.values.map(number)),
  BackendKeyData: line => backend.encodeBackendKeyData(number(line.values[0]), bytes(line.named.get('key'))),
  NegotiateProtocolVersion: line =>
    backend.encodeNegotiateProtocolVersion(0x30000 + minorOf(line), line.values.slice(1).map(string)),
  NotificationResponse: line =>
    backend.encodeNotificationResponse(number(line.values[0]), string(line.values[1]), string(line.values[2])),
  CopyInResponse: copyResponse,
  CopyOutResponse: copyResponse,
  CopyBothResponse: copyResponse,
  AuthenticationOk: () => backend.encodeAuthentication({ is: 'AuthenticationOk' }),
  AuthenticationCleartextPassword: () => backend.encodeAuthentication({ is: 'AuthenticationCleartextPassword' }),
  AuthenticationKerberosV5: () => backend.encodeAuthentication({ is: 'AuthenticationKerberosV5' }),
  AuthenticationSCMCredential: () => backend.encodeAuthentication({ is: 'AuthenticationSCMCredential' }),
  AuthenticationGSS: () => backend.encodeAuthentication({ is: 'AuthenticationGSS' }),
  AuthenticationSSPI: () => backend.encodeAuthentication({ is: 'AuthenticationSSPI' }),
  AuthenticationMD5Password: line =>
    backend.encodeAuthentication({ is: 'AuthenticationMD5Password', salt: bytes(line.values[0]) }),
  AuthenticationSASL: line =>
    backend.encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: line.values.map(string) }),
  AuthenticationSASLContinue: authenticationData,
  AuthenticationSASLFinal: authenticationData,
  AuthenticationGSSContinue: authenticationData,
  BindComplete: backend.encodeBindComplete,
  CloseComplete: backend.encodeCloseComplete,
  CopyDone: () => backend.encodeBare('CopyDone'),
  EmptyQueryResponse: backend.encodeEmptyQueryResponse,
  NoData: backend.encodeNoData,
  ParseComplete: backend.encodeParseComplete,
  PortalSuspended: backend.encodePortalSuspended,
}

function authenticationData(line: Line): Buffer {
  const is =
    line.name === 'AuthenticationSASLContinue' || line.name === 'AuthenticationSASLFinal'
      ? line.name
      : 'AuthenticationGSSContinue'
  return backend.encodeAuthentication({ is, data: bytes(line.values[0]) })
}

function copyResponse(line: Line): Buffer {
  const is = line.name === 'CopyInResponse' || line.name === 'CopyOutResponse' ? line.name : 'CopyBothResponse'
  const columnFormats = list(line.named.get('columns')).map(number)
  return backend.encodeCopyResponse({ is, format: number(line.values[0]), columnFormats })
}

function errorFields(line: Line): readonly backend.ErrorField[] {
  return [...line.named].map(([code, value]) => ({ code, value: string(value) }))
}

function rowField(value: Value): backend.RowField {
  const [name, ...numbers] = list(value)
  const [tableOid = 0, attributeNumber = 0, typeOid = 0, typeSize = 0, typeModifier = -1, format = 0] =
    numbers.map(number)
  return { name: string(name), tableOid, attributeNumber, typeOid, typeSize, typeModifier, format }
}

function directionOf(line: string): Direction {
  const direction = line.slice(0, 2)
  if (direction === 'C>' || direction === 'C<' || direction === 'U>' || direction === 'U<') return direction
  throw new BugError(`no direction in the line ${line}`)
}

function minorOf(line: Line): number {
  return Number(/^3\.(\d+)$/.exec(word(line.values[0]))?.[1])
}

function target(line: Line): frontend.Target {
  return word(line.values[0]) === 'Portal' ? 'Portal' : 'Statement'
}

function status(line: Line): backend.TransactionStatus {
  const letter = word(line.values[0])
  return letter === 'T' || letter === 'E' ? letter : 'I'
}

function word(value: Value | undefined): string {
  if (value instanceof Object && 'word' in value) return value.word
  throw new BugError('a word is expected here')
}

function string(value: Value | undefined): string {
  if (typeof value === 'string') return value
  throw new BugError('a string is expected here')
}

function number(value: Value | undefined): number {
  if (typeof value === 'number') return value
  throw new BugError('a number is expected here')
}

function list(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value
  throw new BugError('a list is expected here')
}

function bytesOrNull(value: Value): Buffer | null {
  return value === null ? null : bytes(value)
}

function bytes(value: Value | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(string(value))
}

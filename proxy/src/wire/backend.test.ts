import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BugError, PeerProtocolError } from '../errors.ts'
import * as wire from './backend.ts'
import { Writer } from './bytes.ts'
import { encodeErrorList } from './error-fields.ts'
import { encodeCopyData } from './frontend.ts'
import { backend } from './messages.ts'
import { bytes, int32, property, rowField, text, uint32, value } from './test/arbitraries.ts'
import { message } from './test/message.ts'

function decode(bytes: Buffer): wire.BackendMessage {
  return wire.decodeBackend(bytes[0] ?? 0, bytes)
}

const insufficient = 'insufficient data left in message'
const noString = 'invalid string in message'
const leftover = 'invalid message format'

describe('malformed messages are refused', () => {
  const cases: readonly [name: string, bytes: Buffer, error: string][] = [
    ['an ErrorResponse without its end', message(backend.ErrorResponse, 'Mno\0'), insufficient],
    ['an ErrorResponse with an open field', message(backend.ErrorResponse, 'Mno'), noString],
    ['an ErrorResponse with more behind its end', message(backend.ErrorResponse, 'Mno\0\0x'), leftover],
    [
      'a transaction status of its own',
      message(backend.ReadyForQuery, 'X'),
      'invalid transaction status in ReadyForQuery',
    ],
    ['a ReadyForQuery of two', message(backend.ReadyForQuery, 'II'), leftover],
    ['a key of 3 bytes', message(backend.BackendKeyData, 0, 0, 0, 1, 'abc'), 'invalid length of cancel key'],
    [
      'a key of 257 bytes',
      message(backend.BackendKeyData, 0, 0, 0, 1, 'k'.repeat(257)),
      'invalid length of cancel key',
    ],
    [
      'an unknown authentication',
      message(backend.Authentication, 0, 0, 0, 99),
      'authentication method 99 not supported',
    ],
    ['AuthenticationOk with a body', message(backend.Authentication, 0, 0, 0, 0, 0), leftover],
    ['a short salt', message(backend.Authentication, 0, 0, 0, 5, 'abc'), insufficient],
    ['a list of mechanisms without its end', message(backend.Authentication, 0, 0, 0, 10, 'SCRAM-SHA-256\0'), noString],
    ['a RowDescription that promises 65,535 fields', message(backend.RowDescription, 255, 255, 'a\0'), insufficient],
    ['a DataRow that promises a value', message(backend.DataRow, 0, 1, 0, 0, 0, 5, 'abc'), insufficient],
    [
      'a version list of 4 billion',
      message(backend.NegotiateProtocolVersion, 0, 3, 0, 2, 255, 255, 255, 255),
      insufficient,
    ],
    ['a CopyInResponse without columns', message(backend.CopyInResponse, 0), insufficient],
    ['a ParseComplete with a body', message(backend.ParseComplete, 0), leftover],
    ['a message of a client', message(0x51, 'SELECT 1\0'), 'invalid backend message type 81'],
  ]
  it.each(cases)('%s', (_name, bytes, error) => {
    expect(() => decode(bytes)).toThrow(new PeerProtocolError(error))
  })
})

describe('encode, then decode: the same', () => {
  const sasl = fc.array(
    text.filter(name => name !== ''),
    { maxLength: 4 },
  )
  const cases: readonly [name: string, property: ReturnType<typeof property>][] = [
    [
      'RowDescription',
      property(fc.array(rowField), fields =>
        expect(decode(wire.encodeRowDescription(fields))).toEqual({ is: 'RowDescription', fields }),
      ),
    ],
    [
      'DataRow',
      property(fc.array(value), values =>
        expect(decode(wire.encodeDataRow(values))).toEqual({ is: 'DataRow', values }),
      ),
    ],
    [
      'ParameterDescription',
      property(fc.array(uint32), types =>
        expect(decode(wire.encodeParameterDescription(types))).toEqual({ is: 'ParameterDescription', types }),
      ),
    ],
    [
      'ParameterStatus',
      property(text, v =>
        expect(decode(wire.encodeParameterStatus('n', v))).toEqual({ is: 'ParameterStatus', name: 'n', value: v }),
      ),
    ],
    [
      'NotificationResponse',
      property(int32, processId =>
        expect(decode(wire.encodeNotificationResponse(processId, 'c', 'p'))).toEqual({
          is: 'NotificationResponse',
          processId,
          channel: 'c',
          payload: 'p',
        }),
      ),
    ],
    [
      'BackendKeyData',
      property(fc.uint8Array({ minLength: 4, maxLength: 256 }), key =>
        expect(decode(wire.encodeBackendKeyData(5, Buffer.from(key)))).toEqual({
          is: 'BackendKeyData',
          processId: 5,
          secretKey: Buffer.from(key),
        }),
      ),
    ],
    [
      'CommandComplete',
      property(text, tag => expect(decode(wire.encodeCommandComplete(tag))).toEqual({ is: 'CommandComplete', tag })),
    ],
    [
      'NegotiateProtocolVersion',
      property(sasl, unrecognized =>
        expect(decode(wire.encodeNegotiateProtocolVersion(0x30002, unrecognized))).toEqual({
          is: 'NegotiateProtocolVersion',
          version: 0x30002,
          unrecognized,
        }),
      ),
    ],
    [
      'AuthenticationSASL',
      property(sasl, mechanisms =>
        expect(decode(wire.encodeAuthentication({ is: 'AuthenticationSASL', mechanisms }))).toEqual({
          is: 'AuthenticationSASL',
          mechanisms,
        }),
      ),
    ],
    [
      'AuthenticationSASLContinue',
      property(bytes, data =>
        expect(decode(wire.encodeAuthentication({ is: 'AuthenticationSASLContinue', data }))).toEqual({
          is: 'AuthenticationSASLContinue',
          data,
        }),
      ),
    ],
    ['CopyData', property(bytes, data => expect(decode(encodeCopyData(data))).toEqual({ is: 'CopyData', data }))],
    [
      'errors',
      property(fc.array(fc.record({ code: fc.constantFrom('S', 'M', 'D', 'z', '\xff'), value: text })), fields =>
        expect(decode(encodeErrorList(backend.ErrorResponse, fields))).toEqual({ is: 'ErrorResponse', fields }),
      ),
    ],
  ]
  it.each(cases)('%s', (_name, property) => fc.assert(property))

  it.each(['CopyInResponse', 'CopyOutResponse', 'CopyBothResponse'] as const)('%s', is => {
    const response = { is, format: 1, columnFormats: [1, 1] }
    expect(decode(wire.encodeCopyResponse(response))).toEqual(response)
  })

  it.each([
    'BindComplete',
    'CloseComplete',
    'CopyDone',
    'EmptyQueryResponse',
    'NoData',
    'ParseComplete',
    'PortalSuspended',
  ] as const)('%s', is => {
    expect(decode(wire.encodeBare(is))).toEqual({ is })
  })
})

describe('editErrorFields', () => {
  const error = wire.encodeErrorResponse({
    severity: 'ERROR',
    sqlState: '23505',
    message: 'taken',
    detail: 'Key (ssn)=(123)',
    position: 8,
  })

  it('refuses a code that is no byte', () => {
    expect(() => wire.editErrorFields(error, { PP: '1' })).toThrow(BugError)
  })

  it('changes, removes and adds, and keeps the rest in place', () => {
    const edited = wire.editErrorFields(error, { D: undefined, P: '3', H: 'ask', W: undefined })
    expect(wire.decodeErrorFields(edited).map(field => field.code + field.value)).toEqual([
      'SERROR',
      'VERROR',
      'C23505',
      'Mtaken',
      'P3',
      'Hask',
    ])
    expect(wire.errorField(wire.decodeErrorFields(edited), 'C')).toBe('23505')
  })

  it('nothing to change: byte for byte, whatever the server wrote', () => {
    const field = fc.tuple(
      fc.integer({ min: 1, max: 255 }),
      fc.uint8Array().map(raw => raw.filter(byte => byte !== 0)),
    )
    fc.assert(
      fc.property(fc.array(field), fields => {
        const writer = new Writer(backend.NoticeResponse)
        for (const [code, raw] of fields) writer.uint8(code).bytes(Buffer.from(raw)).uint8(0)
        const notice = writer.uint8(0).finish()
        expect(wire.editErrorFields(notice, {}).equals(notice)).toBe(true)
      }),
    )
  })
})

describe('rowsOfTag', () => {
  it.each([
    ['BEGIN', undefined],
    ['CREATE TABLE', undefined],
    ['SELECT 12', 12],
    ['INSERT 0 3', 3],
    ['INSERT 0 0', 0],
    ['COPY 7', 7],
    ['SELECT x', undefined],
  ])('%s', (tag, rows) => expect(wire.rowsOfTag(tag)).toBe(rows))
})

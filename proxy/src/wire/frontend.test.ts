import fc from 'fast-check'
import { serialize } from 'pg-protocol'
import { describe, expect, it } from 'vitest'
import { BugError, PeerProtocolError } from '../errors.ts'
import * as wire from './frontend.ts'
import { frontend } from './messages.ts'
import { bind, bytes, int32, parse, property, text, value } from './test/arbitraries.ts'
import { message } from './test/message.ts'

const insufficient = 'insufficient data left in message'
const noString = 'invalid string in message'
const leftover = 'invalid message format'

describe('malformed messages are refused', () => {
  const cases: readonly [name: string, bytes: Buffer, error: string, sqlState?: string][] = [
    ['a Query without its NUL', message(frontend.Query, 'SELECT 1'), noString],
    ['a Query with more behind its NUL', message(frontend.Query, 'SELECT 1\0; DROP TABLE t\0'), leftover],
    ['a Query that is not UTF-8', message(frontend.Query, 'SELECT \xe9\0'), invalidUtf8('0xe9'), '22021'],
    ['an overlong character', message(frontend.Query, "SELECT '\xc0\xa7'\0"), invalidUtf8('0xc0 0xa7'), '22021'],
    ['a surrogate', message(frontend.Query, 'x\xed\xa0\x80\0'), invalidUtf8('0xed 0xa0 0x80'), '22021'],
    ['a character broken off', message(frontend.Query, '\xc3\xa9\xf0\x9f\0'), invalidUtf8('0xf0 0x9f'), '22021'],
    [
      'a statement name that is not UTF-8',
      message(frontend.Parse, '\xff\0SELECT 1\0', 0, 0),
      invalidUtf8('0xff'),
      '22021',
    ],
    ['a Parse that promises 65,535 types', message(frontend.Parse, '\0SELECT 1\0', 255, 255, 0, 0), insufficient],
    ['a Parse with half a type', message(frontend.Parse, '\0SELECT 1\0', 0, 1, 0, 0), insufficient],
    ['a Parse with more behind it', message(frontend.Parse, '\0SELECT 1\0', 0, 0, 1), leftover],
    ['a Bind of nothing', message(frontend.Bind), noString],
    [
      'a Bind value beyond the message',
      message(frontend.Bind, '\0\0', 0, 0, 0, 1, 0, 0, 0, 9, 'x', 0, 0),
      insufficient,
    ],
    ['a Bind value of length -2', message(frontend.Bind, '\0\0', 0, 0, 0, 1, 255, 255, 255, 254, 0, 0), insufficient],
    [
      'a Bind with two formats for one value',
      message(frontend.Bind, '\0\0', 0, 2, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255, 0, 0),
      'bind message has 2 parameter formats but 1 parameters',
    ],
    ['a Bind without result formats', message(frontend.Bind, '\0\0', 0, 0, 0, 0), insufficient],
    ['a Bind with more behind it', message(frontend.Bind, '\0\0', 0, 0, 0, 0, 0, 0, 0), leftover],
    ['a Describe of something else', message(frontend.Describe, 'T\0'), 'invalid DESCRIBE message subtype 84'],
    ['a Close of something else', message(frontend.Close, 0, 0), 'invalid CLOSE message subtype 0'],
    ['an Execute without a row limit', message(frontend.Execute, '\0'), insufficient],
    ['a Sync with a body', message(frontend.Sync, 0), leftover],
    ['a Terminate with a body', message(frontend.Terminate, 0), leftover],
    ['a message of a server', message(0x5a, 'I'), 'invalid frontend message type 90'],
  ]
  it.each(cases)('%s', (_name, bytes, error, sqlState = '08P01') => {
    expect(refusal(() => wire.decodeFrontend(bytes[0] ?? 0, bytes))).toEqual([error, sqlState])
  })

  it('a password with a second string behind it', () => {
    const smuggled = message(frontend.AuthenticationResponse, 'secret\0more\0')
    expect(refusal(() => wire.decodePassword(smuggled))).toEqual([leftover, '08P01'])
    const short = message(frontend.AuthenticationResponse, 'OAUTHBEARER\0', 0, 0, 0, 9, 'n,,')
    expect(refusal(() => wire.decodeSASLInitialResponse(short))).toEqual([insufficient, '08P01'])
  })

  it('we never write a NUL into a name', () => {
    expect(() => wire.encodeParse('s\0SELECT 1', '')).toThrow(BugError)
  })
})

describe('encode, then decode: the same', () => {
  const decode = (bytes: Buffer) => wire.decodeFrontend(bytes[0] ?? 0, bytes)
  const cases: readonly [name: string, property: ReturnType<typeof property>][] = [
    ['Query', property(text, sql => expect(decode(wire.encodeQuery(sql))).toEqual({ is: 'Query', sql }))],
    [
      'Parse',
      property(parse, p =>
        expect(decode(wire.encodeParse(p.statement, p.sql, p.parameterTypes))).toEqual({ is: 'Parse', ...p }),
      ),
    ],
    ['Bind', property(bind, b => expect(decode(wire.encodeBind(b))).toEqual({ is: 'Bind', ...b }))],
    [
      'Describe',
      property(text, name =>
        expect(decode(wire.encodeDescribe('Portal', name))).toEqual({ is: 'Describe', target: 'Portal', name }),
      ),
    ],
    [
      'Close',
      property(text, name =>
        expect(decode(wire.encodeClose('Statement', name))).toEqual({ is: 'Close', target: 'Statement', name }),
      ),
    ],
    [
      'Execute',
      property(int32, maxRows =>
        expect(decode(wire.encodeExecute('p', maxRows))).toEqual({ is: 'Execute', portal: 'p', maxRows }),
      ),
    ],
    ['CopyData', property(bytes, data => expect(decode(wire.encodeCopyData(data))).toEqual({ is: 'CopyData', data }))],
    ['CopyFail', property(text, m => expect(decode(wire.encodeCopyFail(m))).toEqual({ is: 'CopyFail', message: m }))],
    ['password', property(text, p => expect(wire.decodePassword(wire.encodePassword(p))).toBe(p))],
    [
      'SASLInitialResponse',
      property(value, data =>
        expect(wire.decodeSASLInitialResponse(wire.encodeSASLInitialResponse('M', data))).toEqual({
          mechanism: 'M',
          data,
        }),
      ),
    ],
    [
      'SASLResponse',
      property(bytes, data => expect(wire.decodeSASLResponse(wire.encodeSASLResponse(data))).toEqual(data)),
    ],
  ]
  it.each(cases)('%s', (_name, property) => fc.assert(property))

  it('the names of a Bind, from its head', () => {
    const head = wire.encodeBind({ portal: 'p', statement: 'längere', parameters: [Buffer.alloc(10)] })
    expect(wire.decodeBindNames(head)).toEqual({ portal: 'p', statement: 'längere' })
    expect(wire.decodeBindNames(head.subarray(0, 10))).toBeUndefined()
  })
})

describe('the same bytes as node-postgres', () => {
  const cases: readonly [name: string, ours: Buffer, theirs: Buffer][] = [
    ['Query', wire.encodeQuery('SELECT 1'), serialize.query('SELECT 1')],
    ['Parse', wire.encodeParse('s', 'SELECT $1', [23]), serialize.parse({ name: 's', text: 'SELECT $1', types: [23] })],
    ['Describe', wire.encodeDescribe('Portal', 'p'), serialize.describe({ type: 'P', name: 'p' })],
    ['Close', wire.encodeClose('Statement', 's'), serialize.close({ type: 'S', name: 's' })],
    ['Execute', wire.encodeExecute('p', 9), serialize.execute({ portal: 'p', rows: 9 })],
    ['Sync', wire.encodeSync(), serialize.sync()],
    ['Flush', wire.encodeFlush(), serialize.flush()],
    ['Terminate', wire.encodeTerminate(), serialize.end()],
    ['CopyData', wire.encodeCopyData(Buffer.from('x')), serialize.copyData(Buffer.from('x'))],
    ['CopyDone', wire.encodeCopyDone(), serialize.copyDone()],
    ['CopyFail', wire.encodeCopyFail('no'), serialize.copyFail('no')],
    ['password', wire.encodePassword('pw'), serialize.password('pw')],
    [
      'SASLInitialResponse',
      wire.encodeSASLInitialResponse('M', Buffer.from('x')),
      serialize.sendSASLInitialResponseMessage('M', 'x'),
    ],
    ['SASLResponse', wire.encodeSASLResponse(Buffer.from('x')), serialize.sendSCRAMClientFinalMessage('x')],
  ]
  it.each(cases)('%s', (_name, ours, theirs) => expect(ours.toString('hex')).toBe(theirs.toString('hex')))

  it('Bind, as they send it', () => {
    const theirs = serialize.bind({ portal: 'p', statement: 's', values: ['1', null, Buffer.from([0])], binary: true })
    expect(wire.decodeBind(theirs)).toEqual({
      is: 'Bind',
      portal: 'p',
      statement: 's',
      parameterFormats: [0, 0, 1],
      parameters: [Buffer.from('1'), null, Buffer.from([0])],
      resultFormats: [1],
    })
  })
})

function invalidUtf8(shown: string): string {
  return `invalid byte sequence for encoding "UTF8": ${shown}`
}

function refusal(act: () => unknown): readonly string[] {
  try {
    act()
  } catch (error) {
    if (error instanceof PeerProtocolError) return [error.message, error.sqlState]
    throw error
  }
  return []
}

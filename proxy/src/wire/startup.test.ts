import fc from 'fast-check'
import { serialize } from 'pg-protocol'
import { describe, expect, it } from 'vitest'
import { settings } from '../settings.ts'
import * as startup from './startup.ts'
import { cut, sizes, text } from './test/arbitraries.ts'

const v3 = [0, 3, 0, 0]
const layout = 'invalid startup packet layout: expected terminator as last byte'

/** A packet with this body; a string is its characters. */
function packet(...body: readonly (number | string)[]): Buffer {
  const bytes = Buffer.concat(
    body.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length + 4)
  return Buffer.concat([length, bytes])
}

describe('what is no start', () => {
  const cases: readonly [name: string, bytes: Buffer, error: string][] = [
    ['bytes behind the terminator', packet(...v3, 'user\0a\0\0role\0postgres\0'), layout],
    ['another terminator behind it', packet(...v3, 'user\0a\0\0\0'), layout],
    ['no terminator', packet(...v3, 'user\0a\0'), 'invalid string in message'],
    ['no parameters, no terminator', packet(...v3), 'invalid string in message'],
    ['a value without an end', packet(...v3, 'user\0a'), 'invalid string in message'],
    ['a name that is not UTF-8', packet(...v3, 'user\0\xff\0\0'), 'invalid byte sequence for encoding "UTF8": 0xff'],
    ['protocol 2', packet(0, 2, 0, 0, 'user\0a\0\0'), 'unsupported frontend protocol 2.0: server supports 3.0 to 3.2'],
    ['an SSLRequest with a body', packet(4, 210, 22, 47, 0), 'invalid message format'],
    [
      'a CancelRequest with a key of 3 bytes',
      packet(4, 210, 22, 46, 0, 0, 0, 1, 'abc'),
      'invalid length of cancel key',
    ],
    [
      'a CancelRequest with a key of 257 bytes',
      packet(4, 210, 22, 46, 0, 0, 0, 1, 'k'.repeat(257)),
      'invalid length of cancel key',
    ],
    ['a CancelRequest without a key', packet(4, 210, 22, 46, 0, 0), 'insufficient data left in message'],
  ]
  it.each(cases)('%s', (_name, bytes, error) => {
    expect(() => startup.decodeStartup(bytes)).toThrow(
      expect.objectContaining({ name: 'PeerProtocolError', message: error }),
    )
  })

  it.each([
    ['longer than a server takes', [0, 0, 0x27, 0x11]],
    ['shorter than a code', [0, 0, 0, 7]],
    ['a TLS hello', [startup.tlsHandshakeByte, 3, 1, 2]],
    ['HTTP', [...Buffer.from('GET ')]],
  ])('a packet that is %s', (_name, bytes) => {
    expect(() => new startup.StartupFrames().push(Buffer.from(bytes))).toThrow('invalid length of startup packet')
  })
})

describe('packets', () => {
  const parameters = [
    ['user', 'agent'],
    ['options', '-c search_path=public'],
    ['_pq_.grease', 'x'],
    ['user', 'last'],
  ] as const

  it('a startup message: of two values the last holds, protocol options apart', () => {
    expect(startup.decodeStartup(startup.encodeStartup(2, parameters))).toEqual({
      is: 'Startup',
      major: 3,
      minor: 2,
      parameters: new Map([
        ['user', 'last'],
        ['options', '-c search_path=public'],
      ]),
      protocolOptions: new Map([['_pq_.grease', 'x']]),
    })
  })

  it('any parameters survive', () => {
    const named = fc.uniqueArray(
      fc.tuple(
        text.filter(name => name !== '' && !name.startsWith('_pq_.')),
        text,
      ),
      { selector: pair => pair[0] },
    )
    fc.assert(
      fc.property(named, pairs => {
        const bytes = startup.encodeStartup(0, pairs)
        if (bytes.length > settings.maxStartupPacketBytes) return
        expect(startup.decodeStartup(bytes)).toMatchObject({ minor: 0, parameters: new Map(pairs) })
      }),
    )
  })

  it('requests, as node-postgres sends them', () => {
    expect(startup.encodeSSLRequest()).toEqual(serialize.requestSsl())
    expect(startup.decodeStartup(serialize.requestSsl())).toEqual({ is: 'SSLRequest' })
    expect(startup.decodeStartup(startup.encodeGSSENCRequest())).toEqual({ is: 'GSSENCRequest' })
    expect(startup.encodeCancelRequest(7, Buffer.from([0, 0, 0, 9]))).toEqual(serialize.cancel(7, 9))
    expect(startup.decodeStartup(serialize.startup({ user: 'a' }))).toMatchObject({ is: 'Startup', minor: 0 })
  })

  it.each([4, 32, 256])('a cancel key of %i bytes', length => {
    const key = Buffer.alloc(length, 7)
    expect(startup.decodeStartup(startup.encodeCancelRequest(-1, key))).toEqual({
      is: 'CancelRequest',
      processId: -1,
      secretKey: key,
    })
  })

  it('one at a time, however they are cut; what follows is left', () => {
    const [ssl, start, rest] = [
      startup.encodeSSLRequest(),
      startup.encodeStartup(0, parameters),
      Buffer.from('what follows'),
    ]
    fc.assert(
      fc.property(sizes, chunkSizes => {
        const frames = new startup.StartupFrames()
        const packets: Buffer[] = []
        for (const chunk of cut(Buffer.concat([ssl, start, rest]), chunkSizes)) {
          for (let next = packets.length < 2 ? frames.push(chunk) : undefined; next !== undefined; ) {
            packets.push(next)
            next = packets.length < 2 ? frames.push(Buffer.alloc(0)) : undefined
          }
        }
        expect(packets.map(bytes => bytes.toString('hex'))).toEqual([ssl.toString('hex'), start.toString('hex')])
        expect(rest.toString().startsWith(frames.rest().toString())).toBe(true)
        expect(frames.rest().length).toBe(0)
      }),
    )
  })
})

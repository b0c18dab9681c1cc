/** Whatever a server says during the login, in whatever pieces, the login ends in a session or in an error of ours. */
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAuthentication } from '../wire/authentication.ts'
import * as say from '../wire/backend-encode.ts'
import { UpstreamRefused, UpstreamUnavailable } from './errors.ts'
import { Exchange } from './exchange.ts'
import { logIn } from './log-in.ts'
import { ScramKeys } from './scram-keys.ts'
import type { UpstreamLogin } from './target.ts'

const login: UpstreamLogin = {
  ...{ role: 'agent', password: 'hunter2', database: 'orders', parameters: {} },
  protocol: { major: 3, minor: 2 },
}
const keys = new ScramKeys()

/** A server that says these chunks at once; null at their end: it leaves then. */
async function against(chunks: readonly (Buffer | null)[], more: Partial<UpstreamLogin> = {}) {
  const sent: Buffer[] = []
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      sent.push(chunk)
      done()
    },
  })
  const exchange = new Exchange(socket, 100_000, 'ReadyForQuery')
  for (const chunk of chunks) socket.push(chunk)
  socket.on('end', () => socket.destroy())
  const loggedIn = await logIn(exchange, { ...login, ...more }, { encrypted: false }, keys).catch(
    (error: unknown) => error,
  )
  return {
    loggedIn,
    sent: Buffer.concat(sent),
    rest: () => Buffer.concat([exchange.release(), socket.read() ?? Buffer.alloc(0)]),
  }
}

const ok = encodeAuthentication({ is: 'AuthenticationOk' })
const greeting = [
  ok,
  say.encodeParameterStatus('server_version', '18.0'),
  say.encodeBackendKeyData(7, Buffer.from('key!')),
]
const ready = say.encodeReadyForQuery('I')
const vocabulary = [
  ...[...greeting, ready, say.encodeReadyForQuery('T'), say.encodeParameterStatus('', '')],
  encodeAuthentication({ is: 'AuthenticationCleartextPassword' }),
  encodeAuthentication({ is: 'AuthenticationMD5Password', salt: Buffer.from('salt') }),
  encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: ['SCRAM-SHA-256'] }),
  encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: [] }),
  encodeAuthentication({ is: 'AuthenticationSASLContinue', data: Buffer.from('r=x,s=c2FsdA==,i=1') }),
  encodeAuthentication({ is: 'AuthenticationSASLFinal', data: Buffer.from('v=AAAA') }),
  say.encodeNoticeResponse({ severity: 'NOTICE', sqlState: '00000', message: 'hello' }),
  say.encodeErrorResponse({ severity: 'FATAL', sqlState: '28000', message: 'no' }),
  say.encodeNegotiateProtocolVersion(0x30000, []),
  say.encodeCommandComplete('SELECT 1'),
  say.encodeDataRow(['x']),
]
const conversation = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...vocabulary) },
    fc.uint8Array({ maxLength: 12 }).map(bytes => Buffer.from(bytes)),
  ),
  { maxLength: 12 },
)

test('nothing a server says raises anything else, or learns the password', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, fc.integer({ min: 1, max: 40 }), async (messages, size) => {
      const all = Buffer.concat(messages)
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
        all.subarray(at * size, (at + 1) * size),
      )
      const { loggedIn, sent } = await against([...chunks, null])
      if (loggedIn instanceof Error)
        expect(loggedIn instanceof UpstreamRefused || loggedIn instanceof UpstreamUnavailable).toBe(true)
      expect(sent.includes('hunter2')).toBe(false)
      expect(String(loggedIn)).not.toContain('hunter2')
    }),
    { numRuns: 500, seed: 3 },
  )
})

test('any split of a login gives the same session, and nothing behind it is lost', async () => {
  const behind = say.encodeParameterStatus('TimeZone', 'UTC').subarray(0, 9)
  const all = Buffer.concat([...greeting, ready, behind])
  for (let size = 1; size <= all.length; size++) {
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
      all.subarray(at * size, (at + 1) * size),
    )
    const { loggedIn, rest } = await against(chunks)
    expect(loggedIn).toMatchObject({
      processId: 7,
      secretKey: Buffer.from('key!'),
      protocol: { major: 3, minor: 2 },
      transactionStatus: 'I',
    })
    expect(rest()).toEqual(behind)
  }
})

test('a password that cannot be read is no error of the database, and its path stays here', async () => {
  const password = () => Promise.reject(new Error('ENOENT /run/secrets/agent'))
  const { loggedIn } = await against(
    [encodeAuthentication({ is: 'AuthenticationMD5Password', salt: Buffer.from('salt') })],
    { password },
  )
  expect(loggedIn).toMatchObject({ reason: 'authentication', message: 'the password for the database cannot be read' })
})

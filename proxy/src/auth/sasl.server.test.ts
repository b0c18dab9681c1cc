/** OAUTHBEARER against the client that it was made for: libpq 18, with a token from a hook. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import net from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresBinaries } from '../../test/postgres-server.ts'
import { encodeAuthentication } from '../wire/authentication.ts'
import { encodeErrorResponse, encodeReadyForQuery } from '../wire/backend-encode.ts'
import { Frames } from '../wire/frames.ts'
import { decodeSASLInitialResponse, decodeSASLResponse } from '../wire/frontend.ts'
import { StartupFrames } from '../wire/startup.ts'
import { tokenInvalid } from './refusals.ts'
import { oauthBearer, oauthBearerMechanism, type SaslStep } from './sasl.ts'

const discovery = { openidConfiguration: 'https://idp.example.com/.well-known/openid-configuration', scope: 'openid' }
const newest = postgresBinaries.find(({ major }) => major >= 18)?.binaries ?? '/nonexistent'
const library = `${newest}/../lib/libpq.so.5`
const run = promisify(execFile)
const python = await run('python3', ['--version']).catch(() => undefined)
const canRun = python !== undefined && existsSync(library)
const connections: string[] = []

const server = net.createServer(socket => {
  const exchange = oauthBearer(discovery)
  const startup = new StartupFrames()
  const frames = new Frames({ side: 'Frontend', maxMessageBytes: 100_000, passing: new Set() })
  const perform = (step: SaslStep): void => {
    connections.push(step.do)
    if (step.do === 'challenge')
      socket.write(encodeAuthentication({ is: 'AuthenticationSASLContinue', data: step.bytes }))
    else if (step.do === 'fail')
      socket.end(encodeErrorResponse({ severity: 'FATAL', sqlState: '28000', message: step.reason.text }))
    else if (step.token === 'good-token')
      socket.write(Buffer.concat([encodeAuthentication({ is: 'AuthenticationOk' }), encodeReadyForQuery('I')]))
    else perform(exchange.refused(tokenInvalid('signature', 'not this one')))
  }
  let state: 'startup' | 'initial' | 'response' = 'startup'
  socket
    .on('error', () => undefined)
    .on('data', chunk => {
      if (state === 'startup') {
        if (startup.push(chunk) === undefined) return
        state = 'initial'
        socket.write(encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: [oauthBearerMechanism] }))
        return
      }
      for (const frame of frames.push(chunk)) {
        if (frame.kind !== 'message' || frame.type !== 0x70) return
        const bytes =
          state === 'initial'
            ? (decodeSASLInitialResponse(frame.bytes).data ?? undefined)
            : decodeSASLResponse(frame.bytes)
        state = 'response'
        perform(exchange.receive(bytes))
      }
    })
})

let port = 0
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => void server.close())

async function connect(token: string, issuer: string): Promise<string> {
  connections.length = 0
  const where = `host=127.0.0.1 port=${port} user=agent dbname=orders sslmode=disable gssencmode=disable`
  const conninfo = `${where} oauth_issuer=${issuer} oauth_client_id=sallyport`
  const { stdout } = await run('python3', [
    `${import.meta.dirname}/../../test/libpq-oauth.py`,
    library,
    conninfo,
    token,
  ])
  return stdout
}

/** On a machine without Python this is skipped, except under CI. */
const maybe = canRun || process.env.CI === 'true' ? test : test.skip

maybe('a refused token: libpq answers the challenge and shows our message', async () => {
  const said = await connect('bad-token', 'https://idp.example.com')
  expect(said).toContain('status 1')
  expect(said).toContain('not this one')
})

maybe('an issuer that the client does not trust: it sends no token', async () => {
  const said = await connect('good-token', 'https://other.example')
  expect(said).toContain('status 1')
  expect(connections).not.toContain('verify')
})

maybe('a good token', async () => {
  const said = await connect('good-token', 'https://idp.example.com')
  expect(said).toContain('status 0')
  // libpq asks for discovery first, on a connection of its own.
  expect(connections).toEqual(['challenge', 'fail', 'verify'])
})

maybe('discovery: the client finds out where tokens are from, and comes again', async () => {
  const said = await connect('good-token', discovery.openidConfiguration)
  expect(said).toContain('status 0')
})

/** Who comes in, as whom, for how long, and what the database is told of them; on real servers. */
import net from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeQuery } from '../src/wire/frontend.ts'
import { encodeCancelRequest } from '../src/wire/startup.ts'
import { passwords } from './cluster.ts'
import {
  allow,
  allowAll,
  type PolicyParts,
  readOnly,
  startGateway,
  type TestGateway,
  type TestToken,
} from './gateway.ts'
import { printReceived, RawClient } from './raw-client.ts'
import { connect, majors, type Postgres, postgres } from './servers.ts'

const writers: PolicyParts = {
  name: 'writes',
  role: 'agent_rw',
  subjects: [{ kind: 'Group', name: 'idp:writers' }],
  rules: [allow('work', ['Read', 'Write'], ['public.*'])],
}

describe.each(majors)('logins, PostgreSQL %i', major => {
  let server: Postgres
  let gateway: TestGateway
  beforeAll(async () => {
    server = await postgres(major)
    gateway = await startGateway({
      postgres: server,
      policies: [readOnly, writers],
      spec: { handOn: { claims: ['sub', 'tenant'] }, upstream: upstream(server) },
    })
  })
  afterAll(() => gateway?.stop())

  const refusal = async (who: TestToken | string, user = 'agent_ro', more: object = {}) => {
    const password = typeof who === 'string' ? who : await gateway.token(who)
    const client = await RawClient.connect({ port: gateway.port, user, database: 'shop', password, ...more })
    client.close()
    return printReceived(client.take()).at(-1) ?? '(nothing)'
  }
  const client = async (who: TestToken = {}, user = 'agent_ro') =>
    connect({
      connectionString: gateway.url('shop', user, await gateway.token(who)),
      ssl: { rejectUnauthorized: false },
    })

  const nobody: readonly (readonly [string, TestToken | string, string, RegExp])[] = [
    ['no token', '', 'agent_ro', /C="28(000|P01)"/],
    ['what is no token', passwords.agent_ro ?? '', 'agent_ro', /C="28(000|P01)"/],
    ['a token of another audience', { claims: { aud: 'other' } }, 'agent_ro', /C="28(000|P01)"/],
    ['a token of another issuer', { claims: { iss: 'https://evil.example.com' } }, 'agent_ro', /C="28(000|P01)"/],
    [
      'a token that has expired',
      { claims: { exp: Math.floor(Date.now() / 1000) - 60 } },
      'agent_ro',
      /C="28(000|P01)"/,
    ],
    [
      'a token that lives too long',
      { claims: { exp: Math.floor(Date.now() / 1000) + 90_000 } },
      'agent_ro',
      /C="28(000|P01)"/,
    ],
    ['somebody whom no policy selects', { groups: ['strangers'] }, 'agent_ro', /C="(28000|42501)".*code=/],
  ]
  it.each(nobody)('lets in nobody with %s', async (_, who, user, expected) => {
    expect(await refusal(who, user)).toMatch(expected)
    expect(await refusal(who, user)).not.toContain(typeof who === 'string' && who !== '' ? who : 'eyJ')
  })

  it('passes on what the database says of a database that is not there', async () => {
    const told = await refusal({}, 'agent_ro', { database: 'nosuch' })
    expect(told).toMatch(/S="FATAL".*C="3D000" M="database \\"nosuch\\" does not exist"/)
  })

  it('refuses a startup setting that the agent may not have, replication and an identity of its own', async () => {
    for (const options of ['-c role=postgres', '-c sallyport.username=root', '-c session_authorization=postgres'])
      expect(await refusal({}, 'agent_ro', { parameters: { options } })).toMatch(/S="FATAL"/)
    expect(await refusal({}, 'agent_ro', { parameters: { replication: 'database' } })).toMatch(/S="FATAL"/)
  })

  it('works under the role of the policy, whatever user is asked for, with its password, over verified TLS', async () => {
    const session = await client({}, 'postgres')
    expect((await session.query('SELECT current_user, session_user')).rows).toEqual([
      { current_user: 'agent_ro', session_user: 'agent_ro' },
    ])
    expect((await session.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows).toEqual([
      { ssl: true },
    ])
    await session.end()
  })

  it('hands its claims on, for good, and lets nobody set them', async () => {
    const session = await client({ sub: 'ada', claims: { tenant: 'acme', secret: 's' } })
    const claims = async () =>
      JSON.parse((await session.query("SELECT current_setting('request.jwt.claims') AS c")).rows[0].c)
    expect(await claims()).toEqual({ sub: 'ada', tenant: 'acme' })
    for (const attempt of [
      "SET request.jwt.claims = '{}'",
      'RESET request.jwt.claims',
      "SELECT set_config('request.jwt.claims', '{}', false)",
      "SELECT set_config('request.' || 'jwt.claims', '{}', false)",
    ])
      await expect(session.query(attempt)).rejects.toMatchObject({ code: '42501' })
    await session.query('RESET ALL')
    await session.query('DISCARD ALL')
    expect(await claims()).toEqual({ sub: 'ada', tenant: 'acme' })
    await session.end()
  })

  it('reads what its policy allows, and writes where another does', async () => {
    const reader = await client()
    const writer = await client({ groups: ['agents', 'writers'] }, 'agent_rw')
    await expect(reader.query('DELETE FROM orders')).rejects.toMatchObject({ code: '42501', detail: /code=\w+/ })
    await expect(reader.query('SELECT * FROM api_keys')).rejects.toMatchObject({ code: '42501', message: /payments/ })
    expect((await reader.query('SELECT count(*)::int AS n FROM orders')).rows).toEqual([{ n: 4 }])
    expect((await writer.query('UPDATE orders SET note = note')).rowCount).toBe(4)
    await reader.end()
    await writer.end()
  })

  it('answers two tenants with the same text each from their own policy', async () => {
    const [reader, writer] = [await client(), await client({ groups: ['writers'] }, 'agent_rw')]
    for (let times = 0; times < 3; times++) {
      await expect(reader.query('UPDATE customers SET name = name')).rejects.toMatchObject({ code: '42501' })
      expect((await writer.query('UPDATE customers SET name = name')).rowCount).toBe(3)
    }
    await reader.end()
    await writer.end()
  })

  it('ends with its token', async () => {
    const password = await gateway.token({ claims: { exp: Math.floor(Date.now() / 1000) + 2 } })
    const session = await RawClient.connect({ port: gateway.port, user: 'agent_ro', database: 'shop', password })
    expect(session.received.at(-1)?.name).toBe('ReadyForQuery')
    expect(await session.untilClosed(15_000)).toBe(true)
    expect(printReceived(session.take()).at(-1)).toMatch(/S="FATAL".*C="57P01"/)
  })
})

describe('a policy that changes', () => {
  it('bites at the next statement of a running session within two seconds, prepared ones too, and a bad file does not', async () => {
    const server = await postgres(18)
    const gateway = await startGateway({ postgres: server, policies: [allowAll] })
    const session = await connect({ connectionString: gateway.url('shop', 'agent_all', await gateway.token()) })
    const read = () => session.query({ name: 'read', text: 'SELECT count(*) FROM customers' }).then(() => 'read', code)
    expect(await read()).toBe('read')
    await gateway.setPolicies([{ ...allowAll, rules: [allow('orders', ['*'], ['public.orders'])] }])
    await expect.poll(read, { timeout: 2000, interval: 50 }).toBe('42501')
    await gateway.setPolicies([{ ...allowAll, misspelt: true } as PolicyParts])
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(await read()).toBe('42501')
    await gateway.setPolicies([allowAll])
    await expect.poll(read, { timeout: 2000, interval: 50 }).toBe('read')
    await gateway.setPolicies([])
    await expect.poll(read, { timeout: 2000, interval: 50 }).not.toBe('read')
    await session.end().catch(() => undefined)
    await gateway.stop()
  })

  it('and a cancel request with a key that nobody has does nothing', async () => {
    const server = await postgres(18)
    const gateway = await startGateway({ postgres: server, policies: [allowAll] })
    const options = { port: gateway.port, user: 'agent_all', database: 'shop', password: await gateway.token() }
    const session = await RawClient.connect(options)
    session.take()
    session.send(encodeQuery('SELECT pg_sleep(0.5)'))
    net.connect(gateway.port, '127.0.0.1').end(encodeCancelRequest(1, Buffer.from('00000001', 'hex')))
    expect(await session.until('ReadyForQuery')).toBe(true)
    expect(session.received.some(({ name }) => name === 'DataRow')).toBe(true)
    session.close()
    await gateway.stop()
  })
})

/** The upstream of the test's gateway, but over TLS that is verified. */
function upstream({ host, port }: Postgres) {
  const credentials = Object.keys(passwords).map(role => ({ role, passwordSecretRef: { name: 'agents', key: role } }))
  const certificateAuthority = { configMapKeyRef: { name: 'ca', key: 'ca.crt' } }
  return { host, port, credentials, tls: { mode: 'VerifyFull' as const, certificateAuthority } }
}

function code(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error)
}

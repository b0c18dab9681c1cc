/** The gateway's own login against real servers: each method, each TLS mode, and each way for a server to be wrong. */
import net from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testAuthority } from '../../test/certificates.ts'
import { type PostgresServer, postgresBinaries, startPostgres } from '../../test/postgres-server.ts'
import { connectUpstream, sendCancel } from './connect.ts'
import { openQueryClient } from './query-client.ts'
import { ScramKeys } from './scram-keys.ts'
import type { ConnectOptions, UpstreamLogin, UpstreamTarget, UpstreamTls } from './target.ts'

const authority = testAuthority()
const certificate = authority.issue('localhost', ['localhost', '127.0.0.1'])
const clientCertificate = authority.issue('by_certificate')
const foreign = testAuthority('another authority')
const scramKeys = new ScramKeys()
const options: ConnectOptions = { timeoutMs: 5_000, scramKeys }
const password = 'p\u00e4ss w\u00f6rd \u2168'

const plain: UpstreamTls = { mode: 'Disable' }
const verified: UpstreamTls = { mode: 'VerifyFull', certificateAuthority: authority.certificate }

function loginAs(role: string, more: Partial<UpstreamLogin> = {}): UpstreamLogin {
  return { role, password, database: 'postgres', parameters: {}, protocol: { major: 3, minor: 2 }, ...more }
}

const hba = [
  'local   all all                          trust',
  'host    all postgres          all        trust',
  'host    all by_scram          all        scram-sha-256',
  'host    all by_md5            all        md5',
  'host    all in_the_clear      all        password',
  'host    all by_trust          all        trust',
  'hostssl all by_certificate    all        cert',
  'host    all by_ident          all        ident',
]

const setUp = `
  SET password_encryption = 'scram-sha-256';
  CREATE ROLE by_scram LOGIN PASSWORD '${password}';
  CREATE ROLE in_the_clear LOGIN PASSWORD '${password}';
  SET password_encryption = 'md5';
  CREATE ROLE by_md5 LOGIN PASSWORD '${password}';
  CREATE ROLE by_trust LOGIN; CREATE ROLE by_certificate LOGIN; CREATE ROLE by_ident LOGIN`

describe.each(postgresBinaries)('PostgreSQL $major', ({ major, binaries }) => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      hba,
      configuration: { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key', ssl_ca_file: 'ca.crt' },
      files: { 'server.crt': certificate.certificate, 'server.key': certificate.key, 'ca.crt': authority.certificate },
    })
    const client = await openQueryClient(to(plain), loginAs('postgres'), options)
    await client.query(setUp)
    client.close()
  })
  afterAll(() => server.stop())

  const to = (tls: UpstreamTls, host = 'localhost'): UpstreamTarget => ({ host, port: server.port, tls })

  /** Logs in and asks the server who that is and over what. */
  async function whoIs(tls: UpstreamTls, login: UpstreamLogin, host?: string) {
    const client = await openQueryClient(to(tls, host), login, options)
    const [row] = await client.query('SELECT current_user, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())')
    client.close()
    return row?.join(' ')
  }

  describe('refused', () => {
    test.each(['by_scram', 'by_md5'])('a wrong password: %s', async role => {
      const refused = expect(connectUpstream(to(plain), loginAs(role, { password: 'guess' }), options)).rejects
      await refused.toMatchObject({ name: 'UpstreamRefused', sqlState: '28P01', fields: { S: 'FATAL' } })
    })

    test('no password at all', async () => {
      const { password: _, ...without } = loginAs('by_scram')
      await expect(connectUpstream(to(plain), without, options)).rejects.toMatchObject({ reason: 'authentication' })
    })

    test('the password never goes out in the clear without TLS', async () => {
      const attempt = connectUpstream(to(plain), loginAs('in_the_clear'), options)
      await expect(attempt).rejects.toThrow('in the clear on a connection without TLS')
    })

    test('a database that is not there', async () => {
      const attempt = connectUpstream(to(plain), loginAs('by_trust', { database: 'nowhere' }), options)
      await expect(attempt).rejects.toMatchObject({ sqlState: '3D000' })
    })

    test('a certificate of another authority', async () => {
      const tls = { ...verified, certificateAuthority: foreign.certificate }
      await expect(connectUpstream(to(tls), loginAs('by_scram'), options)).rejects.toMatchObject({ reason: 'tls' })
      await expect(
        connectUpstream(to({ ...tls, mode: 'VerifyCA' }), loginAs('by_scram'), options),
      ).rejects.toMatchObject({ reason: 'tls' })
    })

    test('a certificate for another name, and for another address', async () => {
      const named = connectUpstream(to({ ...verified, serverName: 'orders' }), loginAs('by_scram'), options)
      await expect(named).rejects.toMatchObject({ reason: 'tls' })
      await expect(connectUpstream(to(verified, '::1'), loginAs('by_scram'), options)).rejects.toMatchObject({
        reason: 'tls',
      })
    })

    test('a client without the certificate that the server asks for', async () => {
      await expect(connectUpstream(to(verified), loginAs('by_certificate'), options)).rejects.toMatchObject({
        name: 'UpstreamRefused',
      })
    })

    test.each(['', 'no certificate'])('a certificate authority that is none: "%s"', async certificateAuthority => {
      const attempt = connectUpstream(to({ ...verified, certificateAuthority }), loginAs('by_trust'), options)
      await expect(attempt).rejects.toMatchObject({ reason: 'tls' })
    })

    test('a client certificate that cannot be read', async () => {
      const tls = { ...verified, clientCertificate: { certificate: 'no', key: 'secret' } }
      const error: unknown = await connectUpstream(to(tls), loginAs('by_trust'), options).catch(failure => failure)
      expect(error).toMatchObject({ reason: 'tls' })
      expect(String(error)).not.toContain('secret')
    })

    test('no error carries the password', async () => {
      for (const role of ['by_scram', 'in_the_clear']) {
        const login = loginAs(role, { password: 'hunter2-hunter2' })
        const error: unknown = await connectUpstream(to(plain), login, options).catch(failure => failure)
        expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
      }
    })
  })

  const methods = ['by_scram', 'by_md5', 'in_the_clear', 'by_trust'].filter(role => role !== 'by_md5' || major < 19)
  test.each(methods)('logs in over TLS: %s', async role => {
    expect(await whoIs(verified, loginAs(role))).toBe(`${role} t`)
  })

  test.each(['by_scram', 'by_md5', 'by_trust'])('logs in without TLS: %s', async role => {
    expect(await whoIs(plain, loginAs(role))).toBe(`${role} f`)
  })

  test('logs in by client certificate', async () => {
    expect(await whoIs({ ...verified, clientCertificate }, loginAs('by_certificate'))).toBe('by_certificate t')
  })

  const modes: [string, UpstreamTls, string][] = [
    ['Require checks nothing', { mode: 'Require' }, '127.0.0.1'],
    ['Require with another authority', { mode: 'Require', certificateAuthority: foreign.certificate }, '127.0.0.1'],
    [
      'VerifyCA checks no name',
      { mode: 'VerifyCA', certificateAuthority: authority.certificate, serverName: 'orders' },
      'localhost',
    ],
    ['VerifyFull by name', verified, 'localhost'],
    ['VerifyFull by address', verified, '127.0.0.1'],
    ['VerifyFull by server name', { ...verified, serverName: 'localhost' }, '::1'],
  ]
  test.each(modes)('%s', async (_name, tls, host) => {
    expect(await whoIs(tls, loginAs('by_scram'), host)).toBe('by_scram t')
  })

  test('the password is read when the server asks for it', async () => {
    let asked = 0
    const read = async () => {
      asked++
      return password
    }
    await whoIs(plain, loginAs('by_trust', { password: read }))
    expect(asked).toBe(0)
    await whoIs(plain, loginAs('by_scram', { password: read }))
    expect(asked).toBe(1)
  })

  test('hands over a paused socket, the parameters and the key', async () => {
    const login = loginAs('by_scram', {
      parameters: { application_name: 'ours', options: '-c sallyport.username=alice' },
    })
    const upstream = await connectUpstream(to(verified), login, options)
    expect(upstream).toMatchObject({
      transactionStatus: 'I',
      rest: Buffer.alloc(0),
      protocol: { major: 3, minor: major >= 18 ? 2 : 0 },
    })
    expect(upstream.parameters.get('application_name')).toBe('ours')
    expect(upstream.secretKey).toHaveLength(major >= 18 ? 32 : 4)
    expect(upstream.socket.isPaused()).toBe(true)
    expect(upstream.socket.listenerCount('data') + upstream.socket.listenerCount('error')).toBe(0)
    upstream.socket.destroy()
  })

  test.each([plain, verified])('cancels over the same kind of connection: $mode', async tls => {
    const client = await openQueryClient(to(plain), loginAs('postgres'), options)
    const victim = await connectUpstream(to(tls), loginAs('by_scram'), options)
    const answer: Buffer[] = []
    victim.socket.on('data', chunk => answer.push(chunk)).resume()
    victim.socket.write(
      Buffer.from(`5100000019${Buffer.from('SELECT pg_sleep(30)\0').toString('hex')}`, 'hex').fill(0x18, 4, 5),
    )
    const running = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`
    while ((await client.query(running))[0]?.[0] !== '1') await new Promise(resolve => setTimeout(resolve, 10))
    await sendCancel(to(tls), victim.processId, Buffer.alloc(victim.secretKey.length), 5_000)
    expect((await client.query(running))[0]?.[0]).toBe('1')
    await sendCancel(to(tls), victim.processId, victim.secretKey, 5_000)
    while (!Buffer.concat(answer).includes('57014')) await new Promise(resolve => setTimeout(resolve, 10))
    victim.socket.destroy()
    client.close()
  })

  /** Somebody between us and the database, with a certificate of their own and a channel to each side. */
  async function between(change: (answer: Buffer) => Buffer): Promise<{ target: UpstreamTarget; stop(): void }> {
    const { certificate: cert, key } = foreign.issue('localhost')
    const relay = net.createServer(client => {
      client.once('data', () => {
        client.write('S')
        const near = new tls.TLSSocket(client, { isServer: true, cert, key })
        const far = net.connect(server.port, '127.0.0.1', () => far.write(Buffer.from('0000000804d2162f', 'hex')))
        far.once('data', () => {
          const inner = tls.connect({ socket: far, rejectUnauthorized: false })
          near.on('data', chunk => inner.write(chunk)).on('error', () => far.destroy())
          inner.on('data', chunk => near.write(change(chunk))).on('error', () => near.destroy())
        })
      })
    })
    await new Promise<void>(resolve => relay.listen(0, '127.0.0.1', resolve))
    const address = relay.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return { target: { host: '127.0.0.1', port, tls: { mode: 'Require' } }, stop: () => relay.close() }
  }

  const withoutPlus = (answer: Buffer) => {
    const at = answer.indexOf('SCRAM-SHA-256-PLUS\0')
    if (at === -1) return answer
    const changed = Buffer.concat([answer.subarray(0, at), answer.subarray(at + 19)])
    changed.writeUInt32BE(answer.readUInt32BE(at - 8) - 19, at - 8)
    return changed
  }

  const tampering: [string, (answer: Buffer) => Buffer, string][] = [
    ['channel binding finds another certificate', answer => answer, 'channel binding'],
    ['channel binding taken out of the offer', withoutPlus, 'channel binding'],
  ]
  test.each(tampering)('somebody in between: %s', async (_name, change, words) => {
    const { target, stop } = await between(change)
    const attempt = connectUpstream(target, loginAs('by_scram'), options)
    await expect(attempt).rejects.toMatchObject({ name: 'UpstreamRefused', message: expect.stringContaining(words) })
    // Without a password to bind, the relay works: it is the binding that finds it.
    const upstream = await connectUpstream(target, loginAs('by_trust'), options)
    upstream.socket.destroy()
    stop()
  })

  test('the query client: errors leave it usable, queries queue, its end is told', async () => {
    const client = await openQueryClient(to(plain), loginAs('postgres'), options)
    const [one, bad, two] = await Promise.allSettled([
      client.query('SELECT 1, NULL'),
      client.query('SELECT 1/0'),
      client.query('SELECT 2; SELECT 3'),
    ])
    expect(one).toMatchObject({ value: [['1', null]] })
    expect(bad).toMatchObject({ reason: { sqlState: '22012' } })
    expect(two).toMatchObject({ value: [['2'], ['3']] })
    await expect(client.query('COPY (SELECT 1) TO STDOUT')).rejects.toMatchObject({ reason: 'protocol' })
    await client.closed
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ name: 'UpstreamUnavailable' })
  })

  test('the query client: an answer is bounded in size and time', async () => {
    const client = await openQueryClient(to(plain), loginAs('postgres'), options)
    const big = client.query(`SELECT repeat('x', 1000000) FROM generate_series(1, 100)`)
    await expect(big).rejects.toMatchObject({ reason: 'protocol' })
    const slow = await openQueryClient(to(plain), loginAs('postgres'), { ...options, queryTimeoutMs: 100 })
    await expect(slow.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('a server that is killed ends the client, not the process', async () => {
    const client = await openQueryClient(to(plain), loginAs('postgres'), options)
    const other = await openQueryClient(to(plain), loginAs('postgres'), options)
    const pid = (await client.query('SELECT pg_backend_pid()'))[0]?.[0]
    await other.query(`SELECT pg_terminate_backend(${pid})`)
    await client.closed
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ name: 'UpstreamUnavailable' })
    other.close()
  })
})

describe('servers that are none', () => {
  /** Answers each connection with these bytes, one chunk per received chunk. */
  async function against(chunks: readonly (Buffer | string)[], tls: UpstreamTls, timeoutMs = 500): Promise<unknown> {
    const sockets = new Set<net.Socket>()
    const server = net.createServer(socket => {
      sockets.add(socket)
      const left = [...chunks]
      socket
        .on('error', () => undefined)
        .on('data', () => {
          const chunk = left.shift()
          if (chunk !== undefined) socket.write(chunk)
        })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const target = { host: '127.0.0.1', port, tls }
    const outcome: unknown = await connectUpstream(target, loginAs('role'), { timeoutMs, scramKeys }).catch(
      error => error,
    )
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
    return outcome
  }

  const message = (type: string, body: string) => {
    const bytes = Buffer.alloc(5 + body.length, body, 'latin1')
    bytes.write(`${type}\0\0\0\0`, 'latin1')
    bytes.writeUInt32BE(4 + body.length, 1)
    bytes.write(body, 5, 'latin1')
    return bytes
  }
  const ok = message('R', '\0\0\0\0')
  const sasl = message('R', '\0\0\0\x0aSCRAM-SHA-256\0\0')

  const cases: [string, readonly (Buffer | string)[], UpstreamTls, object][] = [
    ['says nothing', [], plain, { reason: 'timeout' }],
    ['says nothing to SSLRequest', [], verified, { reason: 'timeout' }],
    ['offers no TLS', ['N'], verified, { reason: 'tls' }],
    ['offers no TLS, and Require asks for it', ['N'], { mode: 'Require' }, { reason: 'tls' }],
    ['sends bytes in the clear behind its S', ['S1234'], verified, { reason: 'tls' }],
    ['answers SSLRequest with an error', ['E\0\0\0\x09SFATAL\0'], verified, { reason: 'tls' }],
    [
      'says S and then speaks no TLS',
      ['S', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
      { mode: 'Require' },
      { reason: 'tls' },
    ],
    ['is a web server', ['HTTP/1.1 400 Bad Request\r\n\r\n'], plain, { reason: 'protocol' }],
    [
      'is never done',
      Array.from({ length: 1 }, () =>
        Buffer.concat([ok, ...Array.from({ length: 20_000 }, () => message('S', `a\0${'b'.repeat(60)}\0`))]),
      ),
      plain,
      { reason: 'protocol' },
    ],
    ['promises a gigabyte', [Buffer.from('5240000000', 'hex')], plain, { name: 'UpstreamUnavailable' }],
    ['asks for a method that we do not speak', [message('R', '\0\0\0\x07')], plain, { reason: 'authentication' }],
    ['asks for a method that nobody knows', [message('R', '\0\0\0\x63')], plain, { reason: 'protocol' }],
    ['is ready before it has authenticated', [message('Z', 'I')], plain, { reason: 'protocol' }],
    ['begins within a transaction', [Buffer.concat([ok, message('Z', 'T')])], plain, { reason: 'protocol' }],
    ['skips its own proof', [sasl, ok], plain, { reason: 'protocol' }],
    ['offers no mechanism of ours', [message('R', '\0\0\0\x0aOAUTHBEARER\0\0')], plain, { reason: 'authentication' }],
    [
      'wants a billion rounds',
      [sasl, message('R', '\0\0\0\x0br=x,s=c2FsdA==,i=1000000000')],
      plain,
      { reason: 'authentication' },
    ],
    ['sends rows', [Buffer.concat([ok, message('D', '\0\0')])], plain, { reason: 'protocol' }],
    ['negotiates upwards', [message('v', '\0\x03\0\x09\0\0\0\0')], plain, { reason: 'protocol' }],
    [
      'refuses without SQLSTATE',
      [message('E', 'SFATAL\0Mno\0\0')],
      plain,
      { name: 'UpstreamRefused', sqlState: 'XX000' },
    ],
  ]
  test.each(cases)('%s', async (_name, chunks, tls, expected) => {
    expect(await against(chunks, tls)).toMatchObject(expected)
  })

  test('nobody listens', async () => {
    const target = { host: '127.0.0.1', port: 1, tls: plain }
    await expect(connectUpstream(target, loginAs('role'), options)).rejects.toMatchObject({ reason: 'network' })
    await expect(
      connectUpstream({ ...target, host: 'no.such.host.invalid' }, loginAs('role'), options),
    ).rejects.toMatchObject({ reason: 'network' })
  })

  test('a cancel request that nobody takes ends in time', async () => {
    const server = net.createServer(socket => socket.on('error', () => undefined).resume())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    // The other side reads and closes when we do: that counts as taken.
    await sendCancel({ host: '127.0.0.1', port, tls: plain }, 1, Buffer.alloc(4), 500)
    server.close()
  })
})

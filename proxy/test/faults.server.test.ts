/** What goes wrong outside: each fault ends what it must, nothing else, in bounded time and memory. */
import { readFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeCopyData, encodeQuery } from '../src/wire/frontend.ts'
import { encodeSSLRequest, encodeStartup } from '../src/wire/startup.ts'
import { allowAll, startGateway, type TestGateway } from './gateway.ts'
import { freePort } from './postgres-server.ts'
import { printReceived, RawClient } from './raw-client.ts'
import { type Postgres, postgres, startPostgres } from './servers.ts'

const mebibyte = 1_048_576
const limits = { loginTimeout: '1s', maxSessions: 200, maxSessionsPerSubject: 200, drainTimeout: '3s' }

describe('a gateway under faults', () => {
  let server: Postgres
  let gateway: TestGateway
  let token: string
  beforeAll(async () => {
    server = await postgres(18)
    gateway = await startGateway({ postgres: server, policies: [allowAll], ownProcess: true, limits })
    token = await gateway.token()
  })
  afterAll(() => gateway?.stop())

  const login = (more: object = {}): Promise<RawClient> =>
    RawClient.connect({ port: gateway.port, user: 'agent_all', database: 'shop', password: token, ...more })

  it('closes a connection that says nothing, also within TLS and after SSLRequest', async () => {
    for (const first of [undefined, encodeSSLRequest(), Buffer.from([0x16, 3, 1])]) {
      const socket = net.connect(gateway.port, '127.0.0.1').on('error', () => undefined)
      if (first !== undefined) socket.write(first)
      expect(await secondsUntilClosed(socket)).toBeLessThan(3)
    }
  })

  it('closes a login that trickles', async () => {
    const socket = net.connect(gateway.port, '127.0.0.1').on('error', () => undefined)
    const startup = encodeStartup(0, Object.entries({ user: 'agent_all', database: 'shop' }))
    let sent = 0
    const trickle = setInterval(() => socket.write(startup.subarray(sent, ++sent)), 100)
    expect(await secondsUntilClosed(socket)).toBeLessThan(3)
    clearInterval(trickle)
  })

  it('closes a login that has its password to say and does not', async () => {
    const socket = net.connect(gateway.port, '127.0.0.1').on('error', () => undefined)
    socket.write(encodeStartup(0, Object.entries({ user: 'agent_all', database: 'shop' })))
    expect(await secondsUntilClosed(socket)).toBeLessThan(3)
  })

  it('undoes a COPY whose client is gone', async () => {
    const client = await login()
    client.send(encodeQuery('BEGIN; COPY api_keys FROM STDIN'))
    await client.until('CopyInResponse')
    client.send(encodeCopyData(Buffer.from('70000\tgone\n')))
    await delay(100)
    client.close()
    await expect
      .poll(() => count(server, "pg_stat_activity WHERE query LIKE '%COPY api_keys%' AND pid <> pg_backend_pid()"), {
        timeout: 5000,
      })
      .toBe(0)
    expect(await count(server, 'api_keys WHERE id = 70000')).toBe(0)
  })

  it('passes on that a session was terminated, and ends it', async () => {
    const client = await login()
    client.take()
    client.send(encodeQuery('SELECT pg_backend_pid()'))
    await client.until('ReadyForQuery')
    const pid = /DataRow "(\d+)"/.exec(printReceived(client.take()).join())?.[1]
    client.send(encodeQuery('SELECT n, pg_sleep(0.01) FROM generate_series(1, 1000000) n'))
    await delay(100)
    await server.sql(`SELECT pg_terminate_backend(${pid})`)
    expect(await client.untilClosed()).toBe(true)
    expect(printReceived(client.take()).at(-1)).toContain('C="57P01"')
  })

  it('holds little for a client that reads slowly, and loses nothing', async () => {
    const client = await login()
    client.send(encodeQuery('SELECT count(*) FROM customers'))
    await client.until('ReadyForQuery', 5000, 2)
    client.take()
    const before = residentBytes(gateway.processId)
    client.socket.pause()
    client.send(encodeQuery("SELECT repeat('x', 1000) FROM generate_series(1, 150000)"))
    let peak = 0
    for (let times = 0; times < 20; times++) {
      await delay(50)
      peak = Math.max(peak, residentBytes(gateway.processId))
    }
    expect(peak - before).toBeLessThan(48 * mebibyte)
    client.socket.resume()
    expect(await client.until('ReadyForQuery', 30_000)).toBe(true)
    expect(client.received.filter(({ name }) => name === 'DataRow')).toHaveLength(150_000)
    client.close()
  })

  it('stops reading a client that sends more than a busy server takes', async () => {
    const client = await login()
    const before = residentBytes(gateway.processId)
    client.send(encodeQuery('SELECT pg_sleep(1)'))
    const flood = Buffer.concat(Array.from({ length: 2000 }, () => encodeQuery(`SELECT length('${'x'.repeat(1000)}')`)))
    for (let times = 0; times < 20; times++) client.send(flood)
    let peak = 0
    for (let times = 0; times < 8; times++) {
      await delay(100)
      peak = Math.max(peak, residentBytes(gateway.processId))
    }
    client.close()
    expect(peak - before).toBeLessThan(80 * mebibyte)
  })

  it('answers a thousand connections at once: sessions up to the limit, a reason to the others', async () => {
    const patient = { ...limits, loginTimeout: '30s' }
    const own = await startGateway({ postgres: server, policies: [allowAll], ownProcess: true, limits: patient })
    const options = { port: own.port, user: 'agent_all', database: 'shop', password: await own.token() }
    const started = Date.now()
    const clients = await Promise.all(Array.from({ length: 1000 }, () => RawClient.connect(options)))
    const ends = clients.map(client => printReceived(client.take()).at(-1) ?? '(nothing)')
    for (const client of clients) client.close()
    const kinds = Object.groupBy(ends, end => / C="(\w+)"/.exec(end)?.[1] ?? end)
    const counts = Object.fromEntries(Object.entries(kinds).map(([kind, lines]) => [kind, lines?.length]))
    expect(counts).toEqual({ 'ReadyForQuery I': 200, '53300': 800 })
    expect(Date.now() - started).toBeLessThan(30_000)
    await expect.poll(async () => (await RawClient.connect(options)).received.at(-1)?.name).toBe('ReadyForQuery')
    await own.stop()
  })

  it('cuts a session whose server dies in the middle of a result, and lives on', async () => {
    const own = await startPostgres(18)
    const through = await startGateway({ postgres: own, policies: [allowAll] })
    const options = { port: through.port, user: 'agent_all', database: 'shop', password: await through.token() }
    const [busy, idle] = [await RawClient.connect(options), await RawClient.connect(options)]
    busy.send(encodeQuery("SELECT n, repeat('x', 100) FROM generate_series(1, 10000000) n"))
    await busy.until('DataRow')
    await own.stop()
    expect(await busy.untilClosed()).toBe(true)
    expect(await idle.untilClosed()).toBe(true)
    const late = await RawClient.connect(options)
    expect(printReceived(late.take()).at(-1)).toMatch(
      /ErrorResponse S="FATAL" .*cannot be reached|ErrorResponse S="FATAL" .*code=/,
    )
    await through.stop()
  })

  it('ends idle sessions on SIGTERM and lets a transaction finish', async () => {
    const own = await startGateway({ postgres: server, policies: [allowAll], ownProcess: true, limits })
    const options = { port: own.port, user: 'agent_all', database: 'shop', password: await own.token() }
    const [idle, busy] = [await RawClient.connect(options), await RawClient.connect(options)]
    busy.send(encodeQuery('BEGIN'))
    await busy.until('ReadyForQuery', 5000, 2)
    own.kill('SIGTERM')
    expect(await idle.untilClosed(3000)).toBe(true)
    expect(printReceived(idle.take()).at(-1)).toContain('C="57P01"')
    expect(busy.isClosed).toBe(false)
    busy.send(encodeQuery('COMMIT'))
    expect(await busy.untilClosed(3000)).toBe(true)
    expect(printReceived(busy.take()).filter(line => line.startsWith('CommandComplete'))).toEqual([
      'CommandComplete "BEGIN"',
      'CommandComplete "COMMIT"',
    ])
    await own.stop()
  })
})

describe('an identity provider that is down', () => {
  it('refuses while its keys are unknown, and knows them still when it is down again', async () => {
    const server = await postgres(18)
    const port = await freePort()
    const issuer = `http://127.0.0.1:${port}`
    const gateway = await startGateway({ postgres: server, policies: [allowAll], issuer })
    const login = async () => {
      const password = await gateway.token()
      const client = await RawClient.connect({ port: gateway.port, user: 'agent_all', database: 'shop', password })
      client.close()
      return printReceived(client.take()).at(-1)
    }
    expect(await login()).toMatch(/ErrorResponse S="FATAL" .*C="28(000|P01)"/)
    const provider = http.createServer((request, response) => {
      const isKeys = request.url === '/keys'
      response.end(isKeys ? gateway.keySet : JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }))
    })
    await new Promise<void>(resolve => provider.listen(port, '127.0.0.1', resolve))
    await expect.poll(login, { timeout: 60_000, interval: 1000 }).toBe('ReadyForQuery I')
    provider.closeAllConnections()
    await new Promise(resolve => provider.close(resolve))
    expect(await login()).toBe('ReadyForQuery I')
    await gateway.stop()
  })
})

function secondsUntilClosed(socket: net.Socket): Promise<number> {
  const started = performance.now()
  socket.resume()
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('still open after 10 s')), 10_000)
    socket.once('close', () => {
      clearTimeout(late)
      resolve((performance.now() - started) / 1000)
    })
  })
}

async function count(server: Postgres, from: string): Promise<number> {
  return Number((await server.sql(`SELECT count(*) FROM ${from}`))[0]?.[0])
}

function residentBytes(processId: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]
  return Number(kib) * 1024
}

function delay(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/**
 * What a hostile session may send costs the others nothing that they would notice: while it sends, the p99 of their small
 * statements and the gateway's memory are measured. The figures are printed; the bounds here are wide, the bench's are not.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  encodeBind,
  encodeClose,
  encodeExecute,
  encodeFlush,
  encodeParse,
  encodeQuery,
  encodeSync,
} from '../../src/wire/frontend.ts'
import { startGateway, type TestGateway } from '../gateway.ts'
import { RawClient, type RawOptions } from '../raw-client.ts'
import { postgres } from '../servers.ts'
import type { Times } from './bystander.ts'
import { attacked } from './stage.ts'
import { pause, send } from './talk.ts'

/** ms. A wait counts as far as the thread that all sessions share was busy: the rest is the machine’s. */
const maxP99Ms = 500
/** ms that nobody should wait for a small statement, even once. */
const maxWorstMs = 1_500
/** MB over what it was before. */
const maxGrowthMb = 150

let gateway: TestGateway
let token: string
beforeAll(async () => {
  const server = await postgres(18, 'liveness')
  gateway = await startGateway({ postgres: server, policies: [attacked], ownProcess: true, logLevel: 'silent' })
  token = await gateway.token()
})
afterAll(() => gateway?.stop())

const sync = encodeSync()
const deep = (open: string, close: string, count: number) => `SELECT ${open.repeat(count)}1${close.repeat(count)}`

const texts: Readonly<Record<string, string>> = {
  'parentheses 30,000 deep': deep('(', ')', 30_000),
  'CASE 2,000 deep': deep('CASE WHEN true THEN ', ' END', 2_000),
  'subqueries 3,000 deep': deep('(SELECT ', ')', 3_000),
  'subqueries in FROM 3,000 deep': `SELECT * FROM ${'(SELECT * FROM '.repeat(3_000)} customers ${') s'.repeat(3_000)}`,
  'arrays 5,000 deep': deep('ARRAY[', ']', 5_000),
  'NOT 16,000 times': `SELECT ${'NOT '.repeat(16_000)} true`,
  '64 kB of +': `SELECT 1 ${'+ 1 '.repeat(16_000)}`,
  '64 kB of signs': `SELECT ${'-'.repeat(63)}1 ${'+'.repeat(60_000)} 1`,
  '64 kB of AND': `SELECT 1 WHERE true ${'AND true '.repeat(7_000)}`,
  '64 kB of ||': `SELECT 'a' ${"|| 'a' ".repeat(9_000)}`,
  '64 kB of casts': `SELECT 1 ${'::int'.repeat(12_000)}`,
  '64 kB of operators of the user': `SELECT 1 ${'%% 1 '.repeat(12_000)}`,
  '64 kB of comments': `SELECT 1 ${'/*'.repeat(32_000)}`,
  '64 kB of closed comments': `SELECT 1 ${'/**/'.repeat(16_000)}`,
  '64 kB of columns': `SELECT ${'id,'.repeat(16_000)} id FROM customers`,
  '64 kB of stars': `SELECT ${'c.*,'.repeat(15_000)} 1 FROM customers c`,
  '9,000 joins': `SELECT 1 FROM customers ${', customers'.repeat(5_800)}`,
  '3,000 joins with ON': `SELECT 1 FROM customers a ${'JOIN animals ON true '.repeat(3_000)}`,
  '3,000 NATURAL JOINs': `SELECT 1 FROM customers ${'NATURAL JOIN animals '.repeat(3_000)}`,
  '5,000 CTEs': `WITH ${Array.from({ length: 3_000 }, (_, n) => `c${n} AS (SELECT 1)`).join(',')} SELECT 1`,
  '1,500 CTEs that read one another': `WITH c0 AS (SELECT 1) ${Array.from({ length: 1_200 }, (_, n) => `,c${n + 1} AS (SELECT * FROM c${n})`).join('')} SELECT * FROM c1200`,
  '5,000 UNIONs': `SELECT 1 ${'UNION SELECT 1 '.repeat(4_000)}`,
  '20,000 statements': 'SELECT 1;'.repeat(7_000),
  '3,000 SETs and names': 'SET search_path = evil;SELECT 1 FROM t;'.repeat(1_500),
  '2,000 savepoints': `BEGIN;${'SAVEPOINT a;SELECT * FROM customers;ROLLBACK TO a;'.repeat(1_100)}`,
  '60 kB of a string': `SELECT '${'x'.repeat(60_000)}`,
  '60 kB of a dollar quote': `SELECT $a$${'$a'.repeat(30_000)}`,
  '60 kB of Unicode escapes': `SELECT U&'${'\\0061'.repeat(12_000)}'`,
  '60 kB of emoji': `SELECT '${'😀'.repeat(15_000)}', nowhere`,
  'a list of 12,000 numbers': `SELECT 1 WHERE 1 IN (${'1,'.repeat(12_000)}1)`,
  'VALUES of 10,000 rows': `VALUES ${'(1),'.repeat(10_000)}(1)`,
  'a name of 60 kB': `SELECT "${'x'.repeat(60_000)}"`,
  'JSON paths of 60 kB': `SELECT '{}'::jsonb ${"-> 'a' ".repeat(8_000)}`,
}

const messages: Readonly<Record<string, (client: RawClient) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      async (client: RawClient) => {
        for (let n = 0; n < 2; n++) await send(client, encodeQuery(`${text} --${n}`))
      },
    ]),
  ),
  '100,000 Binds to one Sync': async client => {
    await send(client, encodeParse('s', 'SELECT 1'), sync)
    const one = Buffer.concat([encodeBind({ statement: 's' }), encodeExecute('')])
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => one))
    for (let n = 0; n < 100; n++) {
      client.send(many)
      await pause(0)
    }
    client.take()
    client.send(sync)
    await client.until('ReadyForQuery', 30_000)
  },
  'a pipeline of 20,000 units': async client => {
    const unit = Buffer.concat([encodeParse('', 'SELECT 1'), encodeBind({}), encodeExecute(''), sync])
    client.send(Buffer.concat(Array.from({ length: 20_000 }, () => unit)))
    await client.untilClosed(5_000)
  },
  '50,000 refused units': async client => {
    const unit = Buffer.concat([encodeParse('', 'DELETE FROM orders'), sync])
    client.send(Buffer.concat(Array.from({ length: 50_000 }, () => unit)))
    await client.until('ReadyForQuery', 20_000, 50_000)
  },
  '100,000 Syncs': async client => {
    client.send(Buffer.concat(Array.from({ length: 100_000 }, () => sync)))
    await client.until('ReadyForQuery', 15_000, 100_000)
  },
  '100,000 Flushes': async client => {
    client.send(Buffer.concat(Array.from({ length: 100_000 }, () => encodeFlush())))
    await send(client, sync)
  },
  'a Bind of 9 MB': async client => {
    await send(client, encodeParse('s', 'SELECT length($1::text)'), sync)
    await send(
      client,
      encodeBind({ statement: 's', parameters: [Buffer.alloc(9_000_000, 'x')] }),
      encodeExecute(''),
      sync,
    )
  },
  'a Bind of 65,535 parameters': async client => {
    const parameters = Array.from({ length: 65_535 }, () => Buffer.from('1'))
    await send(
      client,
      encodeParse('s', 'SELECT $65535::int'),
      encodeBind({ statement: 's', parameters }),
      encodeExecute(''),
      sync,
    )
  },
  '1,001 prepared statements': async client => {
    const many = Array.from({ length: 1_001 }, (_, n) => encodeParse(`s${n}`, `SELECT ${n}`))
    await send(client, ...many, sync)
    expect(client.take().some(message => message.bytes.includes('TooManyStatements'))).toBe(true)
  },
  '1,001 portals': async client => {
    const many = Array.from({ length: 1_001 }, (_, n) => encodeBind({ portal: `p${n}`, statement: 's' }))
    await send(client, encodeParse('s', 'SELECT 1'), ...many, sync)
    expect(client.take().some(message => message.bytes.includes('TooManyPortals'))).toBe(true)
  },
  '100,000 Closes of what is not there': async client => {
    const many = Array.from({ length: 100_000 }, (_, n) => encodeClose('Statement', `x${n}`))
    await send(client, Buffer.concat(many), sync)
  },
  '300,000 bytes, one by one': async client => {
    const query = encodeQuery(`SELECT '${'x'.repeat(20_000)}'`)
    for (const byte of query) client.send(Buffer.from([byte]))
    await client.until('ReadyForQuery', 10_000)
  },
  'a message that promises 1 GB and stops': async client => {
    client.send(Buffer.from([0x51, 0x3f, 0xff, 0xff, 0xff, 0x53]))
    await pause(300)
  },
  'a length of zero': async client => {
    client.send(Buffer.from([0x51, 0, 0, 0, 0]))
    await client.untilClosed(2_000)
  },
  'a result that nobody reads': async client => {
    client.socket.pause()
    client.send(encodeQuery('SELECT repeat($$x$$, 1000) FROM generate_series(1, 200000)'))
    await pause(1_500)
    client.close()
  },
}

describe('beside a hostile session', () => {
  let other: Worker
  beforeAll(async () => {
    other = new Worker(new URL('bystander.ts', import.meta.url), { workerData: login() })
    await once(other, 'message')
  })
  afterAll(() => other?.terminate())

  const times = async (): Promise<Times> => {
    const told = once(other, 'message')
    other.postMessage('tell')
    return (await told)[0]
  }

  it.each(Object.entries(messages))('%s: the others go on', async (name, attack) => {
    const hostile = await RawClient.connect(login())
    await times()
    const [memory, busy] = [await residentMb(), await busyMs()]
    await attack(hostile)
    const { p99, worst, count } = await times()
    const [growth, took] = [(await residentMb()) - memory, (await busyMs()) - busy]
    hostile.close()
    const figures = `p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(1)} ms of ${count}`
    console.log(`${name}: ${figures}, ${took} ms of CPU, ${growth.toFixed(0)} MB more`)
    expect(Math.min(p99, took), 'p99, ms').toBeLessThan(maxP99Ms)
    expect(Math.min(worst, took), 'worst, ms').toBeLessThan(maxWorstMs)
    expect(growth, 'MB').toBeLessThan(maxGrowthMb)
  })

  it('is there still, and lets others in', async () => {
    const client = await RawClient.connect(login())
    await send(client, encodeQuery('SELECT count(*) FROM customers'))
    expect(client.take().some(message => message.name === 'DataRow')).toBe(true)
    client.close()
  })
})

function login(): RawOptions {
  return { port: gateway.port, user: 'agent_all', database: 'shop', password: token }
}

async function residentMb(): Promise<number> {
  const status = await readFile(`/proc/${gateway.processId}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** CPU time of the thread that all sessions share. */
async function busyMs(): Promise<number> {
  const stat = await readFile(`/proc/${gateway.processId}/task/${gateway.processId}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

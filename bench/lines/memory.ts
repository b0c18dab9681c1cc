/** Resident memory: of a gateway at rest, of sessions that only wait, and while a slow client reads 1 GiB. */
import { setTimeout as pause } from 'node:timers/promises'
import { encodeQuery } from '../../proxy/src/wire/frontend.ts'
import { Client } from '../client.ts'
import { atMost, digits, type Figure } from '../figure.ts'
import { peakResidentMiB, settledMiB } from '../process.ts'
import type { World } from '../world.ts'

const line = 'resident memory'
const sessions = 500
/** milliseconds without work in which Node gives back what it can */
const restMs = 4_000

export async function measureMemory(world: World): Promise<readonly Figure[]> {
  return [...(await idle(world, false)), ...(await idle(world, true)).slice(1), await streaming(world)]
}

async function idle(world: World, encrypted: boolean): Promise<readonly Figure[]> {
  const gateway = await world.gateway(false)
  // What one login and one statement load is part of a gateway at rest, and no part of a session.
  const first = await Client.connect(gateway.peer, { encrypted })
  await first.ask(encodeQuery('SELECT abalance FROM pgbench_accounts WHERE aid = 1'))
  const atRest = await settledMiB(gateway.processId, restMs)
  const clients: Client[] = []
  while (clients.length < sessions) {
    const some = Array.from({ length: 10 }, () => Client.connect(gateway.peer, { encrypted }))
    clients.push(...(await Promise.all(some)))
  }
  const full = await settledMiB(gateway.processId, 2 * restMs)
  for (const client of [first, ...clients]) client.close()
  await gateway.stop()
  return [
    { line, name: 'at rest', unit: 'MiB', target: atMost(110), value: atRest, note: 'no parser worker, one session' },
    {
      line,
      name: `each idle session, ${encrypted ? 'TLS' : 'plain'}`,
      unit: 'KiB',
      target: atMost(encrypted ? 100 : 40),
      value: ((full - atRest) * 1024) / sessions,
      note: `${sessions} sessions: ${digits(full)} MiB, one: ${digits(atRest)} MiB`,
    },
  ]
}

const gigabyte = encodeQuery("SELECT repeat('x', 1017) FROM generate_series(1, 1048576)")

async function streaming(world: World): Promise<Figure> {
  const gateway = await world.gateway(false)
  const client = await Client.connect(gateway.peer)
  await client.ask(encodeQuery("SELECT repeat('x', 1017) FROM generate_series(1, 20000)"))
  const before = await settledMiB(gateway.processId, restMs)
  const start = performance.now()
  let bytes = 0
  const peak = await peakResidentMiB(gateway.processId, async () => {
    const isOver = new AbortController()
    const slow = readSlowly(client, isOver.signal)
    bytes = await client.ask(gigabyte)
    isOver.abort()
    await slow
  })
  const seconds = (performance.now() - start) / 1000
  client.close()
  await gateway.stop()
  return {
    line,
    name: 'more while 1 GiB streams to a slow reader',
    unit: 'MiB',
    target: atMost(16),
    value: peak - before,
    note: `${digits(peak)} MiB, before ${digits(before)} MiB; ${digits(bytes / 2 ** 30)} GiB in ${digits(seconds)} s`,
  }
}

/** Reads for a moment, then looks away for three: the gateway always has more than its client takes. */
async function readSlowly({ socket }: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    socket.pause()
    await pause(6)
    socket.resume()
    await pause(2)
  }
  socket.resume()
}

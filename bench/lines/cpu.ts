/** CPU of a transaction, with a policy on, beside PgBouncer's in session mode. */
import { atMost, digits, type Figure, skipped } from '../figure.ts'
import { transactions } from '../pgbench.ts'
import { cpuMs } from '../process.ts'
import { interleave, median, perRound } from '../statistics.ts'
import type { GatewayPeer, World } from '../world.ts'

const line = 'CPU a transaction, pgbench -S -M prepared, c=16'
const clients = 16
const perClient = 1_500

export async function measureCpu(world: World, rounds: number): Promise<readonly Figure[]> {
  if (world.pgbench === undefined) return skipped(line, 'pgbench is not installed (apt-get install postgresql)')
  const pgbench = { program: world.pgbench, directory: world.directory }
  const [gateway, bouncer] = [await world.gateway(false), await world.pgbouncer()]
  const rates: Record<string, number[]> = { gateway: [], pgbouncer: [] }
  /** microseconds a transaction, the sixteen logins included */
  const cost =
    ({ processId, peer }: GatewayPeer, each: number) =>
    async () => {
      const before = cpuMs(processId)
      rates[peer.name]?.push(await transactions(pgbench, peer, each))
      return ((cpuMs(processId) - before) * 1000) / (clients * each)
    }
  await cost(gateway, perClient)() // compiled before it counts
  const measured = await interleave(rounds, {
    gateway: cost(gateway, perClient),
    bouncer: bouncer === undefined ? async () => Number.NaN : cost(bouncer, perClient),
  })
  for (const peer of [gateway, bouncer]) await peer?.stop()
  const own = median(measured.gateway)
  const tps = `${digits(median(rates.gateway ?? []))} transactions a second`
  const absolute: Figure = { line, name: 'gateway', unit: 'µs', value: own, note: tps }
  if (bouncer === undefined)
    return [absolute, ...skipped(line, 'pgbouncer is not installed (apt-get install pgbouncer)')]
  return [
    {
      line,
      name: 'over PgBouncer',
      unit: '×',
      target: atMost(3),
      value: perRound(measured.gateway, measured.bouncer, (a, b) => a / b),
      note: `${digits(own)} µs, PgBouncer ${digits(median(measured.bouncer))} µs`,
    },
    absolute,
  ]
}

/** What a gateway adds to a prepared primary-key SELECT, one client: the p50 over direct. */
import { atMost, digits, type Figure, skipped } from '../figure.ts'
import { latencies, type Peer } from '../pgbench.ts'
import { interleave, median, perRound } from '../statistics.ts'
import type { World } from '../world.ts'

const line = 'latency added, prepared primary-key SELECT, c=1, p50'

export async function measureLatency(world: World, rounds: number): Promise<readonly Figure[]> {
  if (world.pgbench === undefined) return skipped(line, 'pgbench is not installed (apt-get install postgresql)')
  const pgbench = { program: world.pgbench, directory: world.directory }
  const [plain, encrypted, bouncer] = [await world.gateway(false), await world.gateway(true), await world.pgbouncer()]
  const p50 = (peer: Peer, isEncrypted: boolean) => async () => median(await latencies(pgbench, peer, isEncrypted, 1))
  const contenders = {
    direct: p50(world.direct, false),
    gateway: p50(plain.peer, false),
    directTls: p50(world.direct, true),
    gatewayTls: p50(encrypted.peer, true),
    bouncer: bouncer === undefined ? async () => Number.NaN : p50(bouncer.peer, false),
  }
  await contenders.gateway() // compiled before it counts
  await contenders.gatewayTls()
  const measured = await interleave(rounds, contenders)
  for (const peer of [plain, encrypted, bouncer]) await peer?.stop()
  const added = (name: string, of: keyof typeof measured, over: keyof typeof measured): Figure => ({
    line,
    name,
    unit: 'ms',
    value: perRound(measured[of], measured[over], (a, b) => (a - b) / 1000),
    note: `${digits(median(measured[of]))} µs, direct ${digits(median(measured[over]))} µs`,
  })
  return [
    { ...added('both plain', 'gateway', 'direct'), target: atMost(0.1) },
    { ...added('both TLS', 'gatewayTls', 'directTls'), target: atMost(0.1) },
    ...(bouncer === undefined ? [] : [added('PgBouncer, both plain', 'bouncer', 'direct')]),
  ]
}

/** Connections a second with a token, beside direct ones with a password by SCRAM. */
import { atLeast, digits, type Figure, skipped } from '../figure.ts'
import { connects, type Peer } from '../pgbench.ts'
import { interleave, median, perRound } from '../statistics.ts'
import type { World } from '../world.ts'

const line = 'connections a second, with a token'
const connections = 160

export async function measureConnects(world: World, rounds: number): Promise<readonly Figure[]> {
  if (world.pgbench === undefined) return skipped(line, 'pgbench is not installed (apt-get install postgresql)')
  const pgbench = { program: world.pgbench, directory: world.directory }
  const gateway = await world.gateway(false)
  const figures: Figure[] = []
  for (const clients of [1, 8]) {
    const rate = (peer: Peer) => () => connects(pgbench, peer, clients, connections / clients)
    await rate(gateway.peer)() // compiled before it counts
    const measured = await interleave(rounds, { direct: rate(world.direct), gateway: rate(gateway.peer) })
    figures.push({
      line,
      name: clients === 1 ? 'one after another' : `${clients} at once`,
      unit: '×',
      target: atLeast(0.8),
      value: perRound(measured.gateway, measured.direct, (a, b) => a / b),
      note: `${digits(median(measured.gateway))}/s, direct with SCRAM ${digits(median(measured.direct))}/s`,
    })
  }
  await gateway.stop()
  return figures
}

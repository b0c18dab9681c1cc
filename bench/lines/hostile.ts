/** One session that means harm, and how long the others wait for their statements of 1 ms. */
import { fork } from 'node:child_process'
import { encodeBind, encodeExecute, encodeParse, encodeSync } from '../../proxy/src/wire/frontend.ts'
import { Client } from '../client.ts'
import { atMost, digits, type Figure } from '../figure.ts'
import { percentile } from '../statistics.ts'
import type { World } from '../world.ts'
import { type Attack, attacks } from './attacks.ts'

const line = 'other sessions’ 1 ms statements beside a hostile one, p99'
const others = 4
const seconds = 4

const prepare = Buffer.concat([encodeParse('nap', 'SELECT pg_sleep(0.001)'), encodeSync()])
const nap = Buffer.concat([encodeBind({ statement: 'nap' }), encodeExecute(''), encodeSync()])

export async function measureHostile(world: World): Promise<readonly Figure[]> {
  const gateway = await world.gateway(false)
  const clients = await Promise.all(Array.from({ length: others }, () => Client.connect(gateway.peer)))
  for (const client of clients) await client.ask(prepare)
  await naps(clients, 1) // compiled before it counts
  const figures: Figure[] = [figure('undisturbed', await naps(clients, seconds))]
  for (const attack of Object.keys(attacks) as Attack[]) {
    const attacker = fork(new URL('./attacker.ts', import.meta.url).pathname, [attack, JSON.stringify(gateway.peer)])
    await new Promise(resolve => attacker.once('message', resolve).once('exit', resolve))
    figures.push({ ...figure(attack, await naps(clients, seconds)), target: atMost(25) })
    attacker.kill('SIGKILL')
  }
  for (const client of clients) client.close()
  await gateway.stop()
  return figures
}

function figure(name: string, times: readonly number[]): Figure {
  const [p50, worst] = [percentile(times, 50), Math.max(...times)]
  const note = `p50 ${digits(p50)} ms, longest ${digits(worst)} ms of ${times.length}`
  return { line, name, unit: 'ms', value: percentile(times, 99), note }
}

/** Each client asks again as soon as it is answered. */
async function naps(clients: readonly Client[], forSeconds: number): Promise<readonly number[]> {
  const times: number[] = []
  const until = performance.now() + forSeconds * 1000
  const run = async (client: Client): Promise<void> => {
    for (let start = performance.now(); start < until; start = performance.now()) {
      await client.ask(nap)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(clients.map(run))
  return times
}

/** 500,000 rows of 6 columns: the time until the last has come, over direct. */
import { encodeBind, encodeExecute, encodeParse, encodeQuery, encodeSync } from '../../proxy/src/wire/frontend.ts'
import { Client } from '../client.ts'
import { atMost, digits, type Figure } from '../figure.ts'
import { interleave, median, perRound } from '../statistics.ts'
import type { World } from '../world.ts'

const line = '500,000 rows × 6 columns, time'
const sql = 'SELECT id, customer, total, created, reference, paid FROM orders'

const requests = {
  text: encodeQuery(sql),
  binary: Buffer.concat([encodeParse('', sql), encodeBind({ resultFormats: [1] }), encodeExecute(''), encodeSync()]),
  COPY: encodeQuery('COPY orders TO STDOUT'),
}

export async function measureBulk(world: World, rounds: number): Promise<readonly Figure[]> {
  const gateway = await world.gateway(false)
  const direct = await Client.connect({ ...world.direct, user: 'bench_direct' })
  const through = await Client.connect(gateway.peer)
  const figures: Figure[] = []
  for (const [format, request] of Object.entries(requests)) {
    let bytes = 0
    const time = (client: Client) => async () => {
      const start = performance.now()
      bytes = await client.ask(request)
      return performance.now() - start
    }
    await time(through)()
    await time(direct)()
    const measured = await interleave(rounds, { direct: time(direct), gateway: time(through) })
    figures.push({
      line,
      name: format,
      unit: '×',
      target: atMost(1.15),
      value: perRound(measured.gateway, measured.direct, (a, b) => a / b),
      note: `${digits(median(measured.gateway))} ms, direct ${digits(median(measured.direct))} ms; ${digits(bytes / 1e6)} MB`,
    })
  }
  direct.close()
  through.close()
  await gateway.stop()
  return figures
}

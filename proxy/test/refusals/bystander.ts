/** A session that asks small things and takes the time, in a thread of its own: what the hostile client does must not slow the clock. */
import { parentPort, workerData } from 'node:worker_threads'
import { encodeBind, encodeExecute, encodeParse, encodeSync } from '../../src/wire/frontend.ts'
import { RawClient, type RawOptions } from '../raw-client.ts'

export interface Times {
  readonly p99: number
  readonly worst: number
  readonly count: number
}

const client = await RawClient.connect(workerData as RawOptions)
const small = Buffer.concat([encodeParse('', 'SELECT 1'), encodeBind({}), encodeExecute(''), encodeSync()])
let times: number[] = []
let isAsked = false
parentPort?.on('message', () => {
  isAsked = true
})
parentPort?.postMessage('ready')

while (!client.isClosed) {
  client.take()
  const startedAt = performance.now()
  client.send(small)
  await client.until('ReadyForQuery', 60_000)
  times.push(performance.now() - startedAt)
  if (isAsked && times.length >= 20) tell()
  await new Promise(resolve => setTimeout(resolve, 2))
}
parentPort?.close()

/** What was since the last time. */
function tell(): void {
  times.sort((a, b) => a - b)
  const told: Times = {
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    worst: times.at(-1) ?? 0,
    count: times.length,
  }
  parentPort?.postMessage(told)
  times = []
  isAsked = false
}

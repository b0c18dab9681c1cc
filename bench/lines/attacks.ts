/** What a hostile session sends, again and again, each time as a text that was never seen before. */
import { encodeBind, encodeExecute, encodeParse, encodeQuery, encodeSync } from '../../proxy/src/wire/frontend.ts'

/** bytes of one statement; the gateway's limit is 64 KiB. */
const size = 64_000

export const attacks = {
  'deep nesting': n => encodeQuery(`SELECT ${wrapped(`${n}`, '(', ')', size / 2)}`),
  'nested calls': n => encodeQuery(`SELECT ${wrapped(`${n}`, 'abs(', ')', size / 5)}`),
  'nested subqueries': n => encodeQuery(`SELECT ${wrapped(`${n}`, '(SELECT ', ')', size / 9)}`),
  '64 kB of operators': n => encodeQuery(`SELECT ${n}${'+1'.repeat(size / 2)}`),
  '64 kB of signs': n => encodeQuery(`SELECT ${n}${'+-'.repeat(size / 2)}1`),
  '64 kB of conditions': n =>
    encodeQuery(`SELECT 1 FROM pgbench_branches WHERE bid = ${n}${' OR bid = 1'.repeat(size / 11)}`),
  'short texts that are deep': n =>
    Buffer.concat(many(200, i => encodeQuery(`SELECT ${wrapped(`${n}${i}`, '(', ')', 1400)}`))),
  'pipeline of new statements': n =>
    pipeline(many(2_000, i => encodeParse('', `SELECT ${n} + ${i} FROM orders WHERE id = 1`))),
  'pipeline of 10,000 runs': () => pipeline([encodeParse('', 'SELECT 1'), ...many(10_000, () => run)]),
  'syncs alone': () => Buffer.concat(many(5_000, encodeSync)),
} as const satisfies Record<string, (n: number) => Buffer>

export type Attack = keyof typeof attacks

const run = Buffer.concat([encodeBind({}), encodeExecute('')])

function pipeline(messages: readonly Buffer[]): Buffer {
  return Buffer.concat([...messages, encodeSync()])
}

function wrapped(inner: string, open: string, close: string, depth: number): string {
  return open.repeat(depth) + inner + close.repeat(depth)
}

function many(count: number, make: (index: number) => Buffer): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

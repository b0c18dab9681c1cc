/**
 * `make bench-parsers`: libpg-query beside node-sql-parser on the same statements. Accepted: it parsed. Right: the tables
 * are those that PostgreSQL would open, reads as reads and writes as writes. Fewer: it parsed, and a table is missing or
 * a write is called a read; that is what must never happen. The figures of docs/adr/0008-parser.md.
 */
import { Worker } from 'node:worker_threads'
import type { Answer, ParserName, Question } from './parsers.ts'
import { ordinary, type Sample, tricky } from './statements.ts'

const timeoutMs = 5_000

interface Reply {
  readonly answer: Answer
  readonly microseconds: readonly number[]
}

class Bench {
  #worker: Worker | undefined

  /** Undefined: it did not answer in time. */
  async ask(question: Question): Promise<Reply | undefined> {
    const worker = this.#worker ?? (await this.#start())
    const reply = await next(worker, () => worker.postMessage(question))
    if (reply === undefined) await this.close()
    return reply
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(new URL('./parsers.ts', import.meta.url), { resourceLimits: { stackSizeMb: 8 } })
    await new Promise(resolve => worker.once('message', resolve))
    this.#worker = worker
    return worker
  }
}

function next(worker: Worker, send: () => void): Promise<Reply | undefined> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs)
    worker.once('message', reply => {
      clearTimeout(timer)
      resolve(reply)
    })
    worker.removeAllListeners('error').once('error', () => resolve(undefined))
    send()
  })
}

async function row(
  bench: Bench,
  parser: ParserName,
  samples: readonly Sample[],
  verbose: boolean,
): Promise<readonly string[]> {
  const times: number[] = []
  let [accepted, right, fewer] = [0, 0, 0]
  for (const { sql, tables } of samples) {
    const reply = await bench.ask({ parser, sql, times: 200 })
    if (reply === undefined || 'error' in reply.answer) {
      if (verbose) console.log(`${parser}: ${sql}\n  ${reply === undefined ? 'no answer' : 'not accepted'}`)
      continue
    }
    times.push(...reply.microseconds.slice(100)) // the others were to warm up
    const found = reply.answer.tables
    accepted += 1
    if (String(found) === String(tables)) right += 1
    else if (tables.some(table => !found.includes(table))) fewer += 1
    if (verbose && String(found) !== String(tables)) console.log(`${parser}: ${sql}\n  ${found} instead of ${tables}`)
  }
  const of = (number: number) => `${number} of ${samples.length}`
  times.sort((a, b) => a - b)
  return [of(accepted), of(right), String(fewer), at(times, 0.5), at(times, 0.99)]
}

function at(sorted: readonly number[], part: number): string {
  return (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(0)
}

/** 151 characters that a backtracking parser takes very long to refuse. */
const unclosed = `SELECT ${'('.repeat(143)}1`

async function hang(bench: Bench, parser: ParserName): Promise<string> {
  await bench.ask({ parser, sql: 'SELECT 1', times: 0 })
  const began = performance.now()
  const reply = await bench.ask({ parser, sql: unclosed, times: 0 })
  return reply === undefined ? `no answer in ${timeoutMs / 1000} s` : `${(performance.now() - began).toFixed(1)} ms`
}

const verbose = process.argv.includes('--verbose')
const bench = new Bench()
console.log(
  '| statements | parser | accepted | right | fewer | p50 µs | p99 µs |\n| --- | --- | --- | --- | --- | --- | --- |',
)
for (const [name, samples] of [
  ['ordinary', ordinary],
  ['tricky', tricky],
] as const)
  for (const parser of ['libpg-query', 'node-sql-parser'] as const)
    console.log(`| ${name} | ${parser} | ${(await row(bench, parser, samples, verbose)).join(' | ')} |`)
for (const parser of ['libpg-query', 'node-sql-parser'] as const)
  console.log(`\n143 parentheses that nobody closes, ${parser}: ${await hang(bench, parser)}`)
await bench.close()

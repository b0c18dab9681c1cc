/**
 * Workers for long statements: one works, one is warm behind it. A statement that takes too long, or throws, ends its
 * worker and is refused; the spare goes on with the next. The queue is bounded, and idle workers end.
 */
import { Worker } from 'node:worker_threads'
import { settings } from '../settings.ts'
import type { Answer, Job } from './work.ts'

/** Undefined: the worker did not answer; the statement is refused. `Full`: too many wait. */
export type Reply = Answer | 'Failed' | 'TimedOut' | 'Full'

interface Waiting {
  readonly job: Job
  readonly reply: (reply: Reply) => void
}

export interface PoolOptions {
  readonly script?: URL
  readonly timeoutMs?: number
  readonly idleMs?: number
}

export class Pool {
  readonly #script: URL
  readonly #timeoutMs: number
  readonly #idleMs: number
  readonly #queue: Waiting[] = []
  #active: Worker | undefined
  #spare: Worker | undefined
  #current: Waiting | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor({ script, timeoutMs, idleMs }: PoolOptions = {}) {
    this.#script = script ?? new URL('./worker.ts', import.meta.url)
    this.#timeoutMs = timeoutMs ?? settings.parseTimeoutMs
    this.#idleMs = idleMs ?? settings.idleParserMs
  }

  /** Never rejects. */
  ask(job: Job): Promise<Reply> {
    if (this.#closed || this.#queue.length >= settings.maxQueuedParses) return Promise.resolve('Full')
    return new Promise(reply => {
      this.#queue.push({ job, reply })
      this.#next()
    })
  }

  /** Ends the workers; what waits is refused. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const { reply } of this.#queue.splice(0)) reply('Failed')
    this.#current?.reply('Failed')
    this.#current = undefined
    await this.#endWorkers()
  }

  #next(): void {
    if (this.#current !== undefined) return
    const waiting = this.#queue.shift()
    if (waiting === undefined) {
      this.#rest()
      return
    }
    this.#current = waiting
    clearTimeout(this.#timer)
    this.#active ??= this.#take()
    this.#active.postMessage(waiting.job)
    this.#timer = setTimeout(() => this.#fail('TimedOut'), this.#timeoutMs)
  }

  /** The spare becomes the worker, and another spare is started. */
  #take(): Worker {
    const worker = this.#spare ?? this.#start()
    this.#spare = this.#start()
    return worker
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { resourceLimits: { stackSizeMb: settings.parserStackMb } })
    worker.unref()
    worker.on('message', (answer: Answer | 'ready') => {
      if (answer !== 'ready' && worker === this.#active) this.#done(answer)
    })
    worker.on('error', () => this.#lost(worker))
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #done(reply: Reply): void {
    clearTimeout(this.#timer)
    const { reply: answer } = this.#current ?? {}
    this.#current = undefined
    answer?.(reply)
    this.#next()
  }

  #lost(worker: Worker): void {
    if (worker === this.#spare) this.#spare = undefined
    if (worker === this.#active) this.#fail('Failed')
  }

  #fail(why: 'Failed' | 'TimedOut'): void {
    const worker = this.#active
    this.#active = undefined
    void worker?.terminate()
    if (this.#current !== undefined) this.#done(why)
  }

  /** Nothing waits: the workers may end after a while. */
  #rest(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#endWorkers(), this.#idleMs)
    this.#timer.unref()
  }

  async #endWorkers(): Promise<void> {
    const workers = [this.#active, this.#spare]
    this.#active = undefined
    this.#spare = undefined
    await Promise.all(workers.map(worker => worker?.terminate()))
  }
}

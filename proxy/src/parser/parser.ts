/**
 * Text to facts. Short statements are parsed where they arrive, in tens of microseconds; long ones in a worker, where a
 * deep one can end nothing but the worker. Either way the guards come first, and whatever goes wrong is a refusal.
 */
import { settings } from '../settings.ts'
import type { Analysis } from '../sql/facts.ts'
import { guard } from '../sql/guards.ts'
import type { Splice, SqlRefusal } from '../sql/resolved.ts'
import { Instance, type Token } from './instance.ts'
import { Pool, type PoolOptions, type Reply } from './pool.ts'
import { type Answer, type Job, type Proof, perform } from './work.ts'

export type { Analysis } from '../sql/facts.ts'
export type { Proof } from './work.ts'

export interface Parser {
  /** The facts of each statement in the text (none for an empty one), or why not. Never throws, never rejects. */
  analyse(text: string): Analysis | Promise<Analysis>
  /** Whether `spliced` is `text` with these splices done and nothing else changed; both are parsed. */
  prove(text: string, spliced: string, splices: readonly Splice[]): Proof | Promise<Proof>
  /** The lexer's tokens; undefined where the text cannot be lexed or is refused by the guards. For short texts. */
  tokens(text: string): readonly Token[] | undefined
  /** How many instances, here and in workers, had to be thrown away. */
  readonly discarded: number
  close(): Promise<void>
}

export interface ParserOptions extends PoolOptions {
  /** UTF-16 units. Up to here a text is parsed where it arrives. */
  readonly maxInlineLength?: number
}

/** Loads the grammar; a worker is started with the first long statement. */
export async function openParser(options: ParserOptions = {}): Promise<Parser> {
  const maxInlineLength = options.maxInlineLength ?? settings.maxInlineStatementLength
  return new TwoWayParser(await Instance.create(), new Pool(options), maxInlineLength)
}

class TwoWayParser implements Parser {
  #instance: Instance | undefined
  readonly #pool: Pool
  readonly #maxInlineLength: number
  #closed = false
  discarded = 0

  constructor(instance: Instance, pool: Pool, maxInlineLength: number) {
    this.#instance = instance
    this.#pool = pool
    this.#maxInlineLength = maxInlineLength
  }

  analyse(text: string): Analysis | Promise<Analysis> {
    const refused = guard(text)
    if (refused !== undefined) return { error: refused }
    const job = { do: 'analyse', text } as const
    const answer = this.#isShort(text) ? this.#here(job) : undefined
    return answer === undefined ? this.#ask(job).then(analysisOf) : analysisOf(answer)
  }

  prove(text: string, spliced: string, splices: readonly Splice[]): Proof | Promise<Proof> {
    const refused = guard(text) ?? guard(spliced)
    if (refused !== undefined) return { problem: refused.message }
    const job = { do: 'prove', text, spliced, splices } as const
    const answer = this.#isShort(text) && this.#isShort(spliced) ? this.#here(job) : undefined
    return answer === undefined ? this.#ask(job).then(proofOf) : proofOf(answer)
  }

  tokens(text: string): readonly Token[] | undefined {
    if (this.#instance === undefined || !this.#isShort(text) || guard(text) !== undefined) return undefined
    try {
      return this.#instance.tokens(text)
    } catch {
      this.#discard()
      return undefined
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#instance = undefined
    await this.#pool.close()
  }

  /** What counts is how deep a text can nest, and a level takes at least one unit. */
  #isShort(text: string): boolean {
    return text.length <= this.#maxInlineLength
  }

  /** Nothing where a worker, with its larger stack, must try. */
  #here(job: Job): Answer | undefined {
    if (this.#instance === undefined) return undefined
    try {
      const answer = perform(job, this.#instance)
      return isTooComplex(answer) ? undefined : answer
    } catch {
      this.#discard()
      return undefined
    }
  }

  async #ask(job: Job): Promise<Reply> {
    const reply = await this.#pool.ask(job)
    if (reply === 'Failed' || reply === 'TimedOut') this.discarded++
    return reply
  }

  /** Until a new instance is there, the pool does all the work. */
  #discard(): void {
    this.discarded++
    this.#instance = undefined
    void Instance.create().then(instance => {
      if (!this.#closed) this.#instance = instance
    })
  }
}

/** The stack here was too small for the tree; the instance is as good as before. */
function isTooComplex(answer: Answer): boolean {
  return 'analysis' in answer && 'error' in answer.analysis && answer.analysis.error.code === 'StatementTooComplex'
}

function analysisOf(reply: Reply): Analysis {
  if (typeof reply === 'string') return { error: refusals[reply] }
  return 'analysis' in reply ? reply.analysis : { error: refusals.Failed }
}

function proofOf(reply: Reply): Proof {
  if (typeof reply === 'string') return { problem: refusals[reply].message }
  return 'proof' in reply ? reply.proof : { problem: refusals.Failed.message }
}

const refusals: Readonly<Record<'Failed' | 'TimedOut' | 'Full', SqlRefusal>> = {
  Failed: {
    sqlState: '54001',
    message: 'statement is too complex',
    hint: 'Nest less deeply, or split the statement.',
    code: 'StatementTooComplex',
  },
  TimedOut: { sqlState: '54001', message: 'statement takes too long to parse', code: 'StatementTooComplex' },
  Full: {
    sqlState: '53400',
    message: 'too many long statements wait to be parsed',
    hint: 'Try again.',
    code: 'StatementTooComplex',
  },
}

/** The judgements that an examination needs: those that are there, and a note of those that must be asked for. */
import type { SessionCore } from './core.ts'
import { type Ask, isFresh, type Judgement } from './judgement.ts'
import type { Prepared } from './names.ts'

export class Questions {
  readonly asks: Ask[] = []
  readonly #core: SessionCore

  constructor(core: SessionCore) {
    this.#core = core
  }

  /** Of a text, by the names and policies of now. */
  judgementOf(text: string): Judgement | undefined {
    return this.#core.judged.get(text) ?? this.#ask({ what: 'text', text })
  }

  /** Of a prepared statement: as it was judged, unless names or policies have changed since. */
  fresh({ judgement }: Prepared): Judgement | undefined {
    const { epoch, context } = this.#core
    if (isFresh(judgement, epoch) && judgement.contextKey === context.key) return judgement
    return this.judgementOf(judgement.text)
  }

  /** Of a portal: its names are as they were when it was bound, its verdict is today's. */
  decidedNow(judgement: Judgement): Judgement | undefined {
    if (judgement.policy === this.#core.epoch.policy) return judgement
    return this.#core.judged.get(judgement) ?? this.#ask({ what: 'again', judgement })
  }

  #ask(ask: Ask): undefined {
    this.asks.push(ask)
  }
}

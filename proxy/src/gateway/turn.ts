/**
 * How long one session may keep the process at a stretch. All sessions share one thread: whoever sends what is dear to
 * judge has `maxTurnMs`, then everybody else is read, then it goes on. Light work costs two looks at the clock.
 */
import { settings } from '../settings.ts'

export class Turn {
  readonly #goOn: () => void
  #startedAt = 0
  #now = 0
  #immediate: NodeJS.Immediate | undefined
  #isOver = false

  constructor(goOn: () => void) {
    this.#goOn = goOn
  }

  /** The time of the last look, in ms. */
  get now(): number {
    return this.#now
  }

  /** The rest must wait for the others. */
  get isOver(): boolean {
    return this.#isOver
  }

  begin(): void {
    this.look()
    if (this.#immediate === undefined) this.#startedAt = this.#now
  }

  look(): number {
    this.#now = performance.now()
    return this.#now
  }

  /** Several reads may come before the others have theirs: what was not little counts until then. */
  isUsedUp(): boolean {
    const spent = this.look() - this.#startedAt
    if (spent > settings.minTurnMs) this.#immediate ??= setImmediate(() => this.#next())
    this.#isOver = spent > settings.maxTurnMs
    return this.#isOver
  }

  close(): void {
    clearImmediate(this.#immediate)
  }

  #next(): void {
    this.#immediate = undefined
    const wasOver = this.#isOver
    this.#isOver = false
    if (wasOver) this.#goOn()
  }
}

/** Ends waiting when a connection is gone. (Promise.race with a promise that lives long keeps every loser alive.) */
export class Lifeline {
  readonly #waiting = new Set<(error: Error) => void>()
  #cut: Error | undefined

  constructor(closed: Promise<void>) {
    const cut = () => this.#end(new Error('the connection of the catalog was closed'))
    closed.then(cut, cut)
  }

  /** What `promise` gives, or an error when the connection goes first or `ms` pass. */
  async hold<Result>(promise: Promise<Result>, ms?: number): Promise<Result> {
    if (this.#cut) throw this.#cut
    const { promise: end, reject } = Promise.withResolvers<never>()
    const timer = ms === undefined ? undefined : setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
    this.#waiting.add(reject)
    try {
      return await Promise.race([promise, end])
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(reject)
    }
  }

  #end(error: Error): void {
    this.#cut = error
    for (const reject of this.#waiting) reject(error)
  }
}

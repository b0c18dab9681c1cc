/** The relations that statements looked at lately: the latest of them, so that a poll asks about those first. */
export class Used {
  readonly #limit: number
  #young = new Set<number>()
  #old = new Set<number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Called for each name of each statement: two sets that change places are cheaper than an order. */
  readonly add = (oid: number): void => {
    if (this.#young.size >= this.#limit / 2) {
      this.#old = this.#young
      this.#young = new Set()
    }
    this.#young.add(oid)
  }

  list(): readonly number[] {
    return [...this.#young.union(this.#old)]
  }
}

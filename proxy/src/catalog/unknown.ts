/** Relations over which DDL is passing. What is known of them is not to be trusted until it was read after its end. */

export interface RelationName {
  readonly schema: string
  readonly name: string
}

interface Mark {
  /** Nothing: everything is unknown. */
  readonly names: ReadonlySet<string> | undefined
  /** When the DDL was over at the latest; a read that began later clears the mark. */
  over: number
}

export class Unknown {
  readonly #marks = new Set<Mark>()

  /** Gives what to call once the DDL has ended, however it did. `latest`: when it counts as ended if nobody calls. */
  add(relations: readonly RelationName[] | undefined, latest: number): (now: number) => void {
    const mark: Mark = { names: relations && new Set(relations.map(keyOf)), over: latest }
    this.#marks.add(mark)
    return now => {
      mark.over = Math.min(mark.over, now)
    }
  }

  /** All was read, beginning at `began`. */
  read(began: number): void {
    for (const mark of this.#marks) if (mark.over <= began) this.#marks.delete(mark)
  }

  has(relation: RelationName): boolean {
    if (this.#marks.size === 0) return false
    const key = keyOf(relation)
    return [...this.#marks].some(mark => mark.names === undefined || mark.names.has(key))
  }

  get size(): number {
    return this.#marks.size
  }
}

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema, name])
}

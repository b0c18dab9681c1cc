/** The CTE names in sight, innermost first. A name with a schema is never one. */
export interface CteName {
  readonly name: string
  readonly columns: readonly string[] | undefined
  readonly outer: CteName | undefined
}

export function findCte(ctes: CteName | undefined, name: string): CteName | undefined {
  for (let cte = ctes; cte !== undefined; cte = cte.outer) if (cte.name === name) return cte
  return undefined
}

/** Items of a WITH clause from the one at `from` on, and those of the clauses around. */
export interface LaterCtes {
  /** Each name with the place of the last item that has it. */
  readonly names: ReadonlyMap<string, number>
  readonly from: number
  readonly outer: LaterCtes | undefined
}

export function isLater(later: LaterCtes | undefined, name: string): boolean {
  for (let items = later; items !== undefined; items = items.outer)
    if ((items.names.get(name) ?? -1) >= items.from) return true
  return false
}

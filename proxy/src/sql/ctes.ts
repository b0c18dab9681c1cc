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

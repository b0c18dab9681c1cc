/**
 * Candidates: every function that the server might choose for a name and a number of arguments. Types are not inferred,
 * so all candidates count; the only thing known to hide one is another with the same input types earlier on the path.
 */
import type { FunctionEntry, OperatorEntry } from './catalog.ts'
import { type Lookup, partsOf } from './resolve-lookup.ts'
import type { Name } from './statement.ts'

export interface Candidates {
  readonly functions: readonly FunctionEntry[]
  /** The schemas in which the name itself was found, in path order. */
  readonly schemas: readonly string[]
  /** True if an operator names a function that the catalog does not have (it is being refreshed). */
  readonly incomplete: boolean
}

export interface Arity {
  readonly arity: number
  readonly loose: boolean
}

/** Functions, aggregates, window functions and procedures that a call of that name and number of arguments may run. */
export function functionCandidates(name: Name, count: Arity, lookup: Lookup): Candidates {
  const { schema, name: bare } = partsOf(name)
  const found = schemasOf(schema, lookup).flatMap(place =>
    lookup.functions(place, bare).filter(entry => accepts(entry, count)),
  )
  const schemas = distinct(found.map(entry => entry.schema))
  const functions = count.loose || schemas.length === 1 ? found : unhidden(found, hides)
  return { functions, schemas: distinct(functions.map(entry => entry.schema)), incomplete: false }
}

/** The functions behind operators of that name with that many operands. */
export function operatorCandidates(name: Name, { arity, loose }: Arity, lookup: Lookup): Candidates {
  const { schema, name: bare } = partsOf(name)
  const found = schemasOf(schema, lookup).flatMap(place =>
    lookup.operators(place, bare).filter(({ left }) => loose || (arity === 1) === (left === undefined)),
  )
  const schemas = distinct(found.map(entry => entry.schema))
  const operators = schemas.length === 1 ? found : unhidden(found, sameOperands)
  const functions = operators.map(({ function: oid }) => lookup.functionByOid(oid)).filter(entry => entry !== undefined)
  return {
    functions,
    schemas: distinct(operators.map(entry => entry.schema)),
    incomplete: functions.length < operators.length,
  }
}

function unhidden<Entry>(found: readonly Entry[], hide: (earlier: Entry, later: Entry) => boolean): readonly Entry[] {
  return found.filter((entry, index) => !found.slice(0, index).some(earlier => hide(earlier, entry)))
}

function schemasOf(written: string | undefined, lookup: Lookup): readonly string[] {
  if (written === undefined) return lookup.functionPath
  const schema = lookup.schemaNamed(written)
  return schema === undefined ? [] : [schema]
}

/**
 * Whether a call with that many arguments can be one of this function: defaults fill in, VARIADIC takes any number.
 * A CALL also counts OUT arguments, which `args` does not have, so that procedures bound nothing from above.
 */
function accepts({ args, defaults, variadic, sort }: FunctionEntry, { arity, loose }: Arity): boolean {
  if (loose) return true
  const open = variadic || sort === 'Procedure'
  return arity >= args.length - defaults - (variadic ? 1 : 0) && (open || arity <= args.length)
}

/** PostgreSQL takes the first on the path of functions with the same input types. */
function hides(earlier: FunctionEntry, later: FunctionEntry): boolean {
  if (earlier.sort === 'Procedure' || later.sort === 'Procedure') return false
  return earlier.schema !== later.schema && earlier.variadic === later.variadic && sameList(earlier.args, later.args)
}

function sameOperands(a: OperatorEntry, b: OperatorEntry): boolean {
  return a.schema !== b.schema && a.left === b.left && a.right === b.right
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index])
}

function distinct(schemas: readonly string[]): readonly string[] {
  return [...new Set(schemas)]
}

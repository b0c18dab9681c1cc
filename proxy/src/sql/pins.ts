/**
 * Pins: the one relation of a FROM whose rows are all of a column's literal values, by WHERE. What a policy's list opens
 * for such rows alone (settings by their names) is open to the outputs of that SELECT, since PostgreSQL computes outputs
 * after it has filtered. Two things would look at other rows as well, and are no pins:
 *   other columns in WHERE or HAVING    conditions run in an order of the planner's
 *   a SELECT that is flattened          subqueries in FROM, CTEs, views and IN (SELECT …) take conditions from outside
 */
import type { A_Expr, Node, RangeFunction, RangeVar, SelectStmt } from '@pgsql/types'
import type { Pin } from './statement.ts'
import { namesOf, nodeAs } from './walk.ts'

/** The pins of a SELECT that nothing is flattened into. `relation`: the index of what its FROM names. */
export function pinsOf(node: SelectStmt, relation: number | undefined): readonly Pin[] {
  const [item, more] = node.fromClause ?? []
  if (item === undefined || more !== undefined || node.whereClause === undefined) return []
  const source = sourceOf(item, relation)
  if (source === undefined) return []
  const read = [...columnsIn(node.whereClause), ...columnsIn(node.havingClause)]
  return conjuncts(node.whereClause).flatMap(condition => {
    const pin = pinOf(condition, source.alias)
    return pin !== undefined && read.every(fields => isColumn(fields, pin.column)) ? [{ ...pin, ...source.what }] : []
  })
}

interface Source {
  readonly what: Pick<Pin, 'relation' | 'function'>
  readonly alias: string
}

/** A relation or a function as it stands: an alias list would give the names another meaning. */
function sourceOf(item: Node, relation: number | undefined): Source | undefined {
  const range: RangeVar | RangeFunction | undefined = nodeAs(item, 'RangeVar') ?? nodeAs(item, 'RangeFunction')
  if (range === undefined || range.alias?.colnames !== undefined) return undefined
  const alias = range.alias?.aliasname
  const { relname = '' } = nodeAs(item, 'RangeVar') ?? {}
  if ('RangeVar' in item) return relation === undefined ? undefined : { what: { relation }, alias: alias ?? relname }
  const { functions = [], coldeflist } = nodeAs(item, 'RangeFunction') ?? {}
  const call = nodeAs(nodeAs(functions[0], 'List')?.items?.[0], 'FuncCall')
  if (call?.location === undefined || functions.length > 1 || coldeflist !== undefined) return undefined
  return { what: { function: call.location }, alias: alias ?? namesOf(call.funcname).at(-1) ?? '' }
}

/** What must hold together, at the top. */
function conjuncts(condition: Node): readonly Node[] {
  const both = nodeAs(condition, 'BoolExpr')
  return both?.boolop === 'AND_EXPR' ? (both.args ?? []) : [condition]
}

/** `column = 'a'`, `column IN ('a', 'b')`, `column = ANY ('{a,b}')`, `column = ANY (ARRAY['a', 'b'])`. */
function pinOf(condition: Node, alias: string): Omit<Pin, 'relation' | 'function'> | undefined {
  const comparison = nodeAs(condition, 'A_Expr')
  if (comparison === undefined || namesOf(comparison.name).at(-1) !== '=') return undefined
  const [written, values] = sidesOf(comparison)
  const fields = namesOf(nodeAs(written, 'ColumnRef')?.fields)
  const column = fields.at(-1)
  const isOwn = fields.length === 1 || (fields.length === 2 && fields[0] === alias) // and not of a query around this
  if (column === undefined || !isOwn || values === undefined || values.length === 0) return undefined
  return { column, values, operator: Math.max(comparison.location ?? 0, 0) }
}

function sidesOf({ kind, lexpr, rexpr }: A_Expr): readonly [Node | undefined, readonly string[] | undefined] {
  if (kind === 'AEXPR_IN') return [lexpr, literals(nodeAs(rexpr, 'List')?.items)]
  if (kind === 'AEXPR_OP_ANY') return [lexpr, elements(rexpr)]
  if (kind !== 'AEXPR_OP') return [undefined, undefined]
  const [left, right] = [literals([lexpr]), literals([rexpr])]
  return left === undefined ? [lexpr, right] : [rexpr, left]
}

function elements(list: Node | undefined): readonly string[] | undefined {
  const array = nodeAs(list, 'A_ArrayExpr')
  if (array !== undefined) return literals(array.elements)
  const [text] = literals([list]) ?? []
  // Plain words: nothing in them that PostgreSQL would read otherwise (`null` is no word).
  return text !== undefined && /^\{[a-z_.]+(,[a-z_.]+)*\}$/i.test(text) ? text.slice(1, -1).split(',') : undefined
}

/** Each a string as it stands: a cast might cut it. */
function literals(nodes: readonly (Node | undefined)[] | undefined): readonly string[] | undefined {
  const found = (nodes ?? []).map(node => nodeAs(node, 'A_Const')?.sval?.sval)
  return found.every(value => value !== undefined) ? found : undefined
}

/** Every column named anywhere below. */
function columnsIn(node: unknown): readonly (readonly string[])[] {
  if (typeof node !== 'object' || node === null) return []
  if ('ColumnRef' in node) return [namesOf((node as { ColumnRef: { fields?: Node[] } }).ColumnRef.fields)]
  return Object.values(node).flatMap(columnsIn)
}

function isColumn(fields: readonly string[], column: string): boolean {
  return fields.length <= 2 && fields.at(-1) === column
}

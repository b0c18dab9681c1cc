/**
 * The names that a query's output has, as far as its text tells: PostgreSQL's rules for columns without AS. Undefined
 * where a star, or an expression whose name is not known here, leaves it open.
 */
import type { Node, SelectStmt } from '@pgsql/types'
import { namesOf, nodeAs } from './walk.ts'

export function outputColumns(query: Node | undefined, depth = 0): readonly string[] | undefined {
  const select = nodeAs(query, 'SelectStmt')
  if (select !== undefined) return selectColumns(select, depth)
  const returning =
    nodeAs(query, 'InsertStmt') ??
    nodeAs(query, 'UpdateStmt') ??
    nodeAs(query, 'DeleteStmt') ??
    nodeAs(query, 'MergeStmt')
  return returning === undefined ? undefined : targetNames(returning.returningClause?.exprs, depth)
}

/** A set operation is named by its leftmost query. */
export function selectColumns(select: SelectStmt, depth = 0): readonly string[] | undefined {
  let leftmost = select
  while (leftmost.larg !== undefined) leftmost = leftmost.larg
  const values = nodeAs(leftmost.valuesLists?.[0], 'List')
  if (values !== undefined) return (values.items ?? []).map((_, i) => `column${i + 1}`)
  return targetNames(leftmost.targetList, depth)
}

/** Names given by a list, over those that the query has: `WITH t(a, b) AS …`. */
export function renamed(
  names: readonly Node[] | undefined,
  columns: readonly string[] | undefined,
): readonly string[] | undefined {
  const given = namesOf(names)
  return columns === undefined ? undefined : [...given, ...columns.slice(given.length)]
}

function targetNames(targets: readonly Node[] | undefined, depth: number): readonly string[] | undefined {
  const names: string[] = []
  for (const target of targets ?? []) {
    const { name, val } = nodeAs(target, 'ResTarget') ?? {}
    const known = name ?? figured(val, depth)?.name
    if (known === undefined) return undefined
    names.push(known)
  }
  return names
}

interface Figured {
  readonly name: string
  /** A weak name yields to that of what surrounds it. */
  readonly weak: boolean
}

const unnamed: Figured = { name: '?column?', weak: true }
const strong = (name: string): Figured => ({ name, weak: false })

/** Looks only so deep: every level of a query asks for the names of those inside. */
const maxDepth = 8

function figured(node: Node | undefined, depth: number): Figured | undefined {
  if (depth > maxDepth) return undefined
  if (node === undefined) return unnamed
  const column = nodeAs(node, 'ColumnRef')
  if (column !== undefined) return lastName(column.fields)
  const indirection = nodeAs(node, 'A_Indirection')
  if (indirection !== undefined) return fieldName(indirection.indirection) ?? figured(indirection.arg, depth + 1)
  const call = nodeAs(node, 'FuncCall')
  if (call !== undefined) return strong(namesOf(call.funcname).at(-1) ?? '')
  const cast = nodeAs(node, 'TypeCast')
  if (cast !== undefined) return orWeak(figured(cast.arg, depth + 1), namesOf(cast.typeName?.names).at(-1))
  const collate = nodeAs(node, 'CollateClause')
  if (collate !== undefined) return figured(collate.arg, depth + 1)
  const choice = nodeAs(node, 'CaseExpr')
  if (choice !== undefined) return orWeak(figured(choice.defresult, depth + 1), 'case')
  return subLinkName(node, depth) ?? fixedName(node)
}

function lastName(fields: readonly Node[] | undefined): Figured | undefined {
  const last = fields?.at(-1)
  return last === undefined || 'A_Star' in last ? undefined : strong(namesOf([last])[0] ?? '')
}

/** The last field; a star leaves it open. */
function fieldName(steps: readonly Node[] | undefined): Figured | undefined {
  const names = namesOf(steps).filter(name => name !== '*')
  return names.length === 0 ? undefined : strong(names.at(-1) ?? '')
}

function orWeak(inner: Figured | undefined, name: string | undefined): Figured | undefined {
  return inner === undefined || !inner.weak || name === undefined ? inner : { name, weak: true }
}

function subLinkName(node: Node, depth: number): Figured | undefined {
  const link = nodeAs(node, 'SubLink')
  switch (link?.subLinkType) {
    case 'EXISTS_SUBLINK':
      return strong('exists')
    case 'ARRAY_SUBLINK':
      return strong('array')
    case 'EXPR_SUBLINK': {
      const [name] = outputColumns(link.subselect, depth + 1) ?? []
      return name === undefined ? undefined : strong(name)
    }
    default:
      return undefined
  }
}

/** Nodes whose name follows from what they are. */
function fixedName(node: Node): Figured | undefined {
  const expression = nodeAs(node, 'A_Expr')
  if (expression !== undefined) return expression.kind === 'AEXPR_NULLIF' ? strong('nullif') : unnamed
  if ('A_ArrayExpr' in node) return strong('array')
  if ('RowExpr' in node) return strong('row')
  if ('CoalesceExpr' in node) return strong('coalesce')
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest')
  if ('GroupingFunc' in node) return strong('grouping')
  if ('A_Const' in node || 'ParamRef' in node || 'BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node)
    return unnamed
  const value = nodeAs(node, 'SQLValueFunction')
  return value === undefined ? undefined : strong(valueFunctionName(value.op))
}

function valueFunctionName(op: string | undefined): string {
  return (op ?? '')
    .replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase()
}

/**
 * FROM: what each entry is called and what it is. Names inside an entry see only what PostgreSQL lets them see: a
 * function or LATERAL subquery the entries to its left, an ON clause the two sides of its join.
 */
import type {
  Alias,
  FuncCall,
  JoinExpr,
  JsonTable,
  JsonTableColumn,
  Node,
  RangeFunction,
  RangeSubselect,
  RangeTableFunc,
  RangeTableSample,
  RangeVar,
} from '@pgsql/types'
import type { ScopeItem } from './collector.ts'
import { findCte } from './ctes.ts'
import { addColumn, mentionCast, mentionFunction, mentionOperator, mentionRelation } from './mentions.ts'
import { outputColumns, renamed } from './output-columns.ts'
import { type At, namesOf, nodeAs, rest, visit, visitAll, type Walk } from './walk.ts'

/** An entry of FROM as a lock sees it: an aliased join hides its sides from names, not from FOR UPDATE. */
export interface Source {
  readonly alias: string
  readonly relations: readonly number[]
}

export interface From {
  readonly items: readonly ScopeItem[]
  readonly sources: readonly Source[]
  /** A USING or NATURAL join without an alias is among them. */
  readonly merges?: true
}

/** Walks a FROM list; `at.scope` is what surrounds the query. */
export function fromList(walk: Walk, nodes: readonly Node[] | undefined, at: At): From {
  const items: ScopeItem[] = [] // grows in place: a list of thousands must not be copied at each step
  const sources: Source[] = []
  let merges = false
  for (const node of nodes ?? []) {
    const entry = fromItem(walk, node, items, at)
    items.push(...entry.items)
    sources.push(...entry.sources)
    merges ||= entry.merges === true
  }
  return { items, sources, ...(merges ? { merges } : {}) }
}

export function fromItem(walk: Walk, node: Node, left: readonly ScopeItem[], at: At): From {
  if ('RangeVar' in node) return relation(walk, node.RangeVar, at)
  if ('JoinExpr' in node) return join(walk, node.JoinExpr, left, at)
  if ('RangeSubselect' in node) return subselect(walk, node.RangeSubselect, left, at)
  if ('RangeFunction' in node) return tableFunction(walk, node.RangeFunction, lateral(walk, left, at))
  if ('RangeTableSample' in node) return sample(walk, node.RangeTableSample, left, at)
  if ('RangeTableFunc' in node) return xmlTable(walk, node.RangeTableFunc, lateral(walk, left, at))
  if ('JsonTable' in node) return jsonTable(walk, node.JsonTable, lateral(walk, left, at))
  walk.found.forbid('NotUnderstood', `${Object.keys(node)} in FROM`)
  return { items: [], sources: [] }
}

function relation(walk: Walk, range: RangeVar, at: At): From {
  const alias = range.alias?.aliasname ?? range.relname ?? ''
  const unqualified = range.schemaname === undefined && range.catalogname === undefined
  const cte = unqualified ? findCte(at.ctes, range.relname ?? '') : undefined
  if (cte !== undefined) return single(alias, columnsField(renamed(range.alias?.colnames, cte.columns)))
  const index = mentionRelation(walk, range, 'Select', at)
  const columns = range.alias?.colnames === undefined ? undefined : namesOf(range.alias.colnames)
  return single(alias, { relation: index, ...columnsField(columns) }, [index])
}

function join(walk: Walk, node: JoinExpr, left: readonly ScopeItem[], at: At): From {
  const first = node.larg === undefined ? nothing : fromItem(walk, node.larg, left, at)
  const second = node.rarg === undefined ? nothing : fromItem(walk, node.rarg, [...left, ...first.items], at)
  const sides = both(first, second)
  const on = { ...at, scope: walk.found.scope(sides.items, at.scope) }
  visit(walk, node.quals, on)
  comparedColumns(walk, node, on)
  return named(walk, node, sides, on)
}

/** USING and NATURAL compare with an `=` that is looked up like any other. */
function comparedColumns(walk: Walk, node: JoinExpr, on: At): void {
  const columns = namesOf(node.usingClause)
  if (columns.length > 0 || node.isNatural === true) mentionOperator(walk, ['='], 2, undefined, on)
  for (const column of columns) addColumn(walk, [column], false, walk.found.here(), on)
  if (node.isNatural === true) addColumn(walk, ['*'], true, walk.found.here(), on) // which ones, only the catalog knows
}

/** `(a JOIN b …) AS j` hides both sides. What `j.x` means is not followed: all their columns count as read. */
function named(walk: Walk, node: JoinExpr, sides: From, on: At): From {
  const usingAlias = node.join_using_alias?.aliasname
  const items =
    usingAlias === undefined ? sides.items : [...sides.items, { alias: usingAlias, columns: namesOf(node.usingClause) }]
  if (node.alias === undefined)
    return { items, sources: sides.sources, ...(sides.merges === true || isMerging(node) ? { merges: true } : {}) }
  addColumn(walk, ['*'], true, walk.found.here(), on)
  return { items: [{ alias: node.alias.aliasname ?? '' }], sources: sides.sources }
}

function isMerging({ usingClause, isNatural }: JoinExpr): boolean {
  return isNatural === true || usingClause !== undefined
}

function subselect(walk: Walk, node: RangeSubselect, left: readonly ScopeItem[], at: At): From {
  const inside = node.lateral === true ? lateral(walk, left, at) : at
  const query = nodeAs(node.subquery, 'SelectStmt')
  const relations = query === undefined ? [] : walk.select(walk, query, inside)
  if (query === undefined) visit(walk, node.subquery, inside)
  return single(
    node.alias?.aliasname ?? '',
    columnsField(renamed(node.alias?.colnames, outputColumns(node.subquery))),
    relations,
  )
}

/** Each function is a list of the call and its column definitions. */
function tableFunction(walk: Walk, node: RangeFunction, inside: At): From {
  for (const entry of node.functions ?? []) calledInFrom(walk, entry, inside)
  rest(walk, 'RangeFunction', node, inside, ['functions', 'alias', 'coldeflist'])
  visitAll(walk, node.coldeflist, inside)
  const defined = (node.coldeflist ?? []).flatMap(column => nodeAs(column, 'ColumnDef')?.colname ?? [])
  const columns =
    node.alias?.colnames !== undefined ? namesOf(node.alias.colnames) : defined.length > 0 ? defined : undefined
  return single(node.alias?.aliasname ?? functionName(node), columns === undefined ? {} : { columns })
}

/**
 * A call and its column definitions. `unnest(a, b)` is syntax here: pg_catalog's unnest of each argument, side by side.
 * With anything else about the call, a definition or a schema, it is a call like any other, as PostgreSQL has it.
 */
function calledInFrom(walk: Walk, entry: Node, inside: At): void {
  const [called, definitions] = nodeAs(entry, 'List')?.items ?? []
  const call = nodeAs(called, 'FuncCall')
  const args = call?.args ?? []
  if (call === undefined || args.length < 2 || hasDefinitions(definitions) || !isPlainUnnest(call)) {
    visit(walk, entry, inside)
    return
  }
  for (const arg of args) {
    visit(walk, arg, inside)
    mentionFunction(walk, ['pg_catalog', 'unnest'], 1, false, call.location, inside)
  }
}

function hasDefinitions(definitions: Node | undefined): boolean {
  return definitions !== undefined && Object.keys(definitions).length > 0
}

function isPlainUnnest(call: FuncCall): boolean {
  const [name, more] = namesOf(call.funcname)
  const decorated = decorations.some(field => call[field] !== undefined && call[field] !== false)
  return name === 'unnest' && more === undefined && !decorated
}

const decorations = ['agg_order', 'agg_filter', 'over', 'agg_star', 'agg_distinct', 'func_variadic'] as const

function functionName({ functions }: RangeFunction): string {
  const call = nodeAs(nodeAs(functions?.[0], 'List')?.items?.[0], 'FuncCall')
  return namesOf(call?.funcname).at(-1) ?? ''
}

/** A sampling method is a function of one argument of its own type. */
function sample(walk: Walk, node: RangeTableSample, left: readonly ScopeItem[], at: At): From {
  mentionFunction(walk, namesOf(node.method), 1, false, node.location, at)
  visitAll(walk, node.args, at)
  visit(walk, node.repeatable, at)
  return node.relation === undefined ? nothing : fromItem(walk, node.relation, left, at)
}

function xmlTable(walk: Walk, node: RangeTableFunc, inside: At): From {
  rest(walk, 'RangeTableFunc', node, inside, ['alias', 'columns'])
  const columns = (node.columns ?? []).flatMap(column => nodeAs(column, 'RangeTableFuncCol') ?? [])
  for (const column of columns) {
    mentionCast(walk, column.typeName, inside)
    rest(walk, 'RangeTableFuncCol', column, inside, ['typeName'])
  }
  return aliased(
    node.alias,
    'xmltable',
    columns.map(column => column.colname ?? ''),
  )
}

function jsonTable(walk: Walk, node: JsonTable, inside: At): From {
  rest(walk, 'JsonTable', node, inside, ['alias', 'columns'])
  return aliased(node.alias, 'json_table', jsonColumns(walk, node.columns, inside))
}

function jsonColumns(walk: Walk, nodes: readonly Node[] | undefined, inside: At): readonly string[] {
  return (nodes ?? []).flatMap(node => jsonColumn(walk, nodeAs(node, 'JsonTableColumn'), inside))
}

function jsonColumn(walk: Walk, column: JsonTableColumn | undefined, inside: At): readonly string[] {
  if (column === undefined) return []
  mentionCast(walk, column.typeName, inside)
  rest(walk, 'JsonTableColumn', column, inside, ['typeName', 'columns'])
  const own = column.coltype === 'JTC_NESTED' ? [] : [column.name ?? '']
  return [...own, ...jsonColumns(walk, column.columns, inside)]
}

function aliased(alias: Alias | undefined, otherwise: string, columns: readonly string[]): From {
  return single(alias?.aliasname ?? otherwise, columnsField(renamed(alias?.colnames, columns)))
}

/** What stands to the left is in sight. */
function lateral(walk: Walk, left: readonly ScopeItem[], at: At): At {
  return left.length === 0 ? at : { ...at, scope: walk.found.scope([...left], at.scope) }
}

const nothing: From = { items: [], sources: [] }

function single(alias: string, item: Omit<ScopeItem, 'alias'>, relations: readonly number[] = []): From {
  return { items: [{ alias, ...item }], sources: [{ alias, relations }] }
}

function both(left: From, right: From): From {
  const merges = left.merges === true || right.merges === true
  return {
    items: [...left.items, ...right.items],
    sources: [...left.sources, ...right.sources],
    ...(merges ? { merges } : {}),
  }
}

function columnsField(columns: readonly string[] | undefined): { readonly columns?: readonly string[] } {
  return columns === undefined ? {} : { columns }
}

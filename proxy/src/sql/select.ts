/**
 * SELECT, VALUES, TABLE and set operations. Each level has a scope of its own; `parent` is where an outer reference may
 * lead. The result says which relations a lock of this query's rows would reach.
 */
import type { IntoClause, LockingClause, Node, SelectStmt, WithClause } from '@pgsql/types'
import type { CteName } from './ctes.ts'
import { fromList, type Source } from './from.ts'
import { mentionListedStar, mentionRelation } from './mentions.ts'
import { outputColumns, renamed, selectColumns } from './output-columns.ts'
import { newPart } from './parts.ts'
import { pinsOf } from './pins.ts'
import { type At, namesOf, nodeAs, rest, visit, type Walk } from './walk.ts'

/** Walks a query; the indices of the relations that its FROM names, for FOR UPDATE of the query around it. */
export function select(walk: Walk, node: SelectStmt, at: At): readonly number[] {
  const alone = at.alone === true
  const inner = withCtes(walk, node.withClause, alone ? { ...at, alone: false } : at)
  return node.op !== undefined && node.op !== 'SETOP_NONE'
    ? setOperation(walk, node, inner, alone)
    : simpleSelect(walk, node, inner, alone)
}

/** The CTEs of a WITH clause: each a part of its own. What follows sees their names. */
export function withCtes(walk: Walk, clause: WithClause | undefined, at: At): At {
  if (clause === undefined) return at
  const expressions = (clause.ctes ?? []).flatMap(node => nodeAs(node, 'CommonTableExpr') ?? [])
  const declared: CteName[] = []
  let seen = at.ctes
  for (const cte of expressions) {
    const columns = withGenerated(cte, renamed(cte.aliascolnames, outputColumns(cte.ctequery)))
    seen = { name: cte.ctename ?? '', columns, outer: seen }
    declared.push(seen)
  }
  const names = new Map(expressions.map(({ ctename = '' }, place) => [ctename, place]))
  for (const [i, cte] of expressions.entries()) {
    // WITH RECURSIVE: every name is in sight of every query; without, only those before.
    const ctes = clause.recursive === true ? seen : declared[i]?.outer
    const later = clause.recursive === true ? {} : { later: { names, from: i, outer: at.later } }
    const part = newPart(walk, cte.ctequery)
    carried(walk, cte.ctequery, { ...at, part, ctes, ...later })
    rest(walk, 'CommonTableExpr', cte, { ...at, ctes }, ['ctequery', 'aliascolnames'])
  }
  return { ...at, ctes: seen }
}

/** Visits a query as the part that `at` says, where `visit` would open another. */
export function carried(walk: Walk, query: Node | undefined, at: At): void {
  const name = Object.keys(query ?? {})[0]
  const asPart = name === undefined ? undefined : walk.queries[name]
  if (asPart === undefined) {
    visit(walk, query, at)
    return
  }
  asPart(walk, (query as unknown as Readonly<Record<string, unknown>>)[name ?? ''], at)
}

function withGenerated(
  cte: {
    readonly search_clause?: { search_seq_column?: string }
    readonly cycle_clause?: { cycle_mark_column?: string; cycle_path_column?: string }
  },
  columns: readonly string[] | undefined,
) {
  const more = [
    cte.search_clause?.search_seq_column,
    cte.cycle_clause?.cycle_mark_column,
    cte.cycle_clause?.cycle_path_column,
  ]
  return columns === undefined ? undefined : [...columns, ...more.filter(name => name !== undefined)]
}

/** Iterates down the left side: long chains of UNION ALL are common. */
function setOperation(walk: Walk, node: SelectStmt, at: At, alone: boolean): readonly number[] {
  const rights: SelectStmt[] = []
  let left: SelectStmt = node
  while (isPlainOperation(left, node) && left.larg !== undefined && left.rarg !== undefined) {
    rights.push(left.rarg)
    left = left.larg
  }
  select(walk, left, { ...at, alone })
  for (const right of rights.toReversed()) select(walk, right, { ...at, alone })
  sortedOutput(walk, node, at)
  return []
}

/** The outermost, or one without clauses of its own: its operands may be taken as if they stood here. */
function isPlainOperation(node: SelectStmt, outermost: SelectStmt): boolean {
  if (node.op === undefined || node.op === 'SETOP_NONE') return false
  return (
    node === outermost ||
    (node.withClause === undefined &&
      node.sortClause === undefined &&
      node.limitCount === undefined &&
      node.limitOffset === undefined &&
      node.lockingClause === undefined)
  )
}

/** ORDER BY of a set operation sees output names and nothing else; FOR UPDATE is an error there. */
function sortedOutput(walk: Walk, node: SelectStmt, at: At): void {
  const outputs = selectColumns(node)
  const scope = walk.found.scope([{ alias: '', ...(outputs === undefined ? {} : { columns: outputs }) }], at.scope)
  for (const sort of node.sortClause ?? []) visitSort(walk, sort, { ...at, scope }, true)
  rest(walk, 'SelectStmt', node, { ...at, scope }, [
    'larg',
    'rarg',
    'withClause',
    'sortClause',
    'intoClause',
    'lockingClause',
  ])
  into(walk, node.intoClause, at)
}

function simpleSelect(walk: Walk, node: SelectStmt, at: At, alone: boolean): readonly number[] {
  const from = fromList(walk, node.fromClause, at)
  const inside = { ...at, scope: walk.found.scope(from.items, at.scope, from.merges) }
  // In PostgreSQL's order of analysis, but for LIMIT.
  for (const target of node.targetList ?? []) visitTarget(walk, target, inside)
  rest(walk, 'SelectStmt', node, inside, [
    'targetList',
    'fromClause',
    'withClause',
    'intoClause',
    'sortClause',
    'groupClause',
    'distinctClause',
    'lockingClause',
  ])
  sorting(walk, node, inside)
  for (const clause of node.lockingClause ?? []) lock(walk, nodeAs(clause, 'LockingClause'), from.sources, inside)
  into(walk, node.intoClause, at)
  const relations = from.sources.flatMap(source => source.relations)
  if (alone) walk.found.facts.pins.push(...pinsOf(node, relations[0]))
  return relations
}

/** A star in the list is told from one that is an argument or a row. */
function visitTarget(walk: Walk, target: Node, at: At): void {
  const column = nodeAs(nodeAs(target, 'ResTarget')?.val, 'ColumnRef')
  const last = column?.fields?.at(-1)
  if (column !== undefined && last !== undefined && 'A_Star' in last) mentionListedStar(walk, column, at)
  else visit(walk, target, at)
}

function sorting(walk: Walk, node: SelectStmt, inside: At): void {
  if (node.sortClause === undefined && node.groupClause === undefined && node.distinctClause === undefined) return
  const outputs = new Set(selectColumns(node) ?? ownNames(node))
  for (const sort of node.sortClause ?? []) visitSort(walk, sort, inside, outputs)
  for (const group of node.groupClause ?? []) visitGroup(walk, group, inside, outputs)
  for (const distinct of node.distinctClause ?? []) visitSort(walk, distinct, inside, outputs)
}

/** Output names that are written with AS, where a star hides the others. */
function ownNames(node: SelectStmt): readonly string[] {
  return (node.targetList ?? []).flatMap(target => nodeAs(target, 'ResTarget')?.name ?? [])
}

/** GROUP BY prefers an input column to an output of that name. */
function visitGroup(walk: Walk, node: Node, at: At, outputs: ReadonlySet<string>): void {
  const before = walk.found.facts.columns.length
  visit(walk, node, at)
  const [name, more] = namesOf(nodeAs(node, 'ColumnRef')?.fields)
  const mention = walk.found.facts.columns[before]
  if (mention !== undefined && name !== undefined && more === undefined && outputs.has(name))
    walk.found.facts.columns[before] = { ...mention, maybeOutput: true }
}

/** ORDER BY and DISTINCT ON: a bare name is an output's, if one is called so, and its expression is walked as such. */
function visitSort(walk: Walk, node: Node, at: At, outputs: ReadonlySet<string> | true): void {
  const sort = nodeAs(node, 'SortBy')
  const fields = nodeAs(sort === undefined ? node : sort.node, 'ColumnRef')?.fields
  const [name, more] = namesOf(fields)
  const isOutput = name !== undefined && more === undefined && (outputs === true || outputs.has(name))
  if (!isOutput) {
    visit(walk, node, at)
    return
  }
  if (sort?.useOp !== undefined) visit(walk, { SortBy: { useOp: sort.useOp, location: sort.location ?? 0 } }, at)
}

/** FOR UPDATE and its like ask for the UPDATE privilege on every relation that they reach. */
function lock(walk: Walk, clause: LockingClause | undefined, sources: readonly Source[], at: At): void {
  const named = (clause?.lockedRels ?? []).flatMap(node => nodeAs(node, 'RangeVar')?.relname ?? [])
  const locked = named.length === 0 ? sources : sources.filter(source => named.includes(source.alias))
  for (const index of locked.flatMap(source => source.relations)) {
    const access = walk.found.facts.relations[index]
    if (access !== undefined) walk.found.relation({ ...access, kind: 'Lock', part: at.part })
  }
}

/** SELECT … INTO makes a table. */
export function into(walk: Walk, clause: IntoClause | undefined, at: At): void {
  if (clause?.rel === undefined) return
  mentionRelation(walk, clause.rel, 'CreateTable', at, { presence: 'Made', sort: 'Table', only: false })
  if (clause.accessMethod !== undefined) walk.found.object('access method', [clause.accessMethod], 'Use')
  if (clause.tableSpaceName !== undefined) walk.found.object('tablespace', [clause.tableSpaceName], 'Use')
}

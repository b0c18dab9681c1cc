/**
 * INSERT, UPDATE, DELETE and MERGE: the write, and the Select that PostgreSQL asks for where a column of the target is
 * read (WHERE, SET, RETURNING, ON CONFLICT). The target is never a CTE, even if one is called so.
 */
import type {
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  MergeWhenClause,
  Node,
  OnConflictClause,
  RangeVar,
  ReturningClause,
  UpdateStmt,
} from '@pgsql/types'
import type { ScopeItem } from './collector.ts'
import { fromItem, fromList } from './from.ts'
import type { Kind } from './kinds.ts'
import { addColumn, mentionRelation } from './mentions.ts'
import { carried, withCtes } from './select.ts'
import type { RelationAccess } from './statement.ts'
import { type At, nodeAs, rest, visit, visitAll, type Walk } from './walk.ts'

export function insert(walk: Walk, node: InsertStmt, outer: At): void {
  const at = withCtes(walk, node.withClause, outer)
  const target = write(walk, node.relation, 'Insert', at, listed(node.cols))
  for (const column of node.cols ?? []) visit(walk, column, at)
  carried(walk, node.selectStmt, at)
  if (node.onConflictClause !== undefined) onConflict(walk, node.onConflictClause, node.relation, target, at)
  returning(walk, node.returningClause, [target], at)
}

export function update(walk: Walk, node: UpdateStmt, outer: At): void {
  const at = withCtes(walk, node.withClause, outer)
  const target = write(walk, node.relation, 'Update', at, listed(node.targetList))
  const from = fromList(walk, node.fromClause, at)
  const items = [target, ...from.items]
  const inside = { ...at, scope: walk.found.scope(items, at.scope) }
  visitAll(walk, node.targetList, inside)
  visit(walk, node.whereClause, inside)
  returning(walk, node.returningClause, items, at)
}

export function remove(walk: Walk, node: DeleteStmt, outer: At): void {
  const at = withCtes(walk, node.withClause, outer)
  const target = write(walk, node.relation, 'Delete', at)
  const from = fromList(walk, node.usingClause, at)
  const items = [target, ...from.items]
  visit(walk, node.whereClause, { ...at, scope: walk.found.scope(items, at.scope) })
  returning(walk, node.returningClause, items, at)
}

export function merge(walk: Walk, node: MergeStmt, outer: At): void {
  const at = withCtes(walk, node.withClause, outer)
  if (node.relation === undefined) {
    walk.found.forbid('NotUnderstood', 'MERGE without a target')
    return
  }
  const target = item(node.relation, mentionRelation(walk, node.relation, 'Select', at))
  const source = node.sourceRelation === undefined ? [] : fromItem(walk, node.sourceRelation, [], at).items
  const items = [target, ...source]
  visit(walk, node.joinCondition, { ...at, scope: walk.found.scope(items, at.scope) })
  for (const when of node.mergeWhenClauses ?? [])
    mergeAction(walk, nodeAs(when, 'MergeWhenClause'), node.relation, items, at)
  returning(walk, node.returningClause, items, at)
}

/** Each WHEN is a part; its WHERE is its own AND condition. Without an action (DO NOTHING) it only reads. */
function mergeAction(
  walk: Walk,
  when: MergeWhenClause | undefined,
  relation: RangeVar,
  items: readonly ScopeItem[],
  at: At,
): void {
  if (when === undefined) {
    walk.found.forbid('NotUnderstood', 'MERGE without WHEN')
    return
  }
  const kind = mergeKinds[when.commandType ?? '']
  const part =
    kind === undefined ? at.part : walk.found.part({ kind, hasWhere: when.condition !== undefined, hasLimit: false })
  const inside = { ...at, part, scope: walk.found.scope(items, at.scope) }
  if (kind !== undefined)
    mentionRelation(walk, relation, kind, inside, kind === 'Delete' ? {} : listed(when.targetList))
  rest(walk, 'MergeWhenClause', when, inside)
}

const mergeKinds: Readonly<Record<string, Kind>> = { CMD_INSERT: 'Insert', CMD_UPDATE: 'Update', CMD_DELETE: 'Delete' }

/** Conflict columns are read, DO UPDATE writes; `excluded` is the row that was to be inserted. */
function onConflict(
  walk: Walk,
  node: OnConflictClause,
  relation: RangeVar | undefined,
  target: ScopeItem,
  at: At,
): void {
  const excluded = { ...target, alias: 'excluded', row: 'Excluded' as const }
  const inside = { ...at, scope: walk.found.scope([target], at.scope) }
  visit(walk, node.infer?.whereClause, inside)
  for (const element of node.infer?.indexElems ?? []) visit(walk, element, inside)
  for (const element of node.infer?.indexElems ?? []) conflictColumn(walk, nodeAs(element, 'IndexElem')?.name, inside)
  if (node.infer?.conname !== undefined) addColumn(walk, ['*'], true, walk.found.here(), inside) // that constraint's columns
  if (node.action !== 'ONCONFLICT_UPDATE' || relation === undefined) return
  mentionRelation(walk, relation, 'Update', at, listed(node.targetList))
  const action = { ...at, scope: walk.found.scope([target, excluded], at.scope) }
  visitAll(walk, node.targetList, action)
  visit(walk, node.whereClause, action)
}

function conflictColumn(walk: Walk, name: string | undefined, at: At): void {
  if (name !== undefined) addColumn(walk, [name], false, walk.found.here(), at)
}

/** RETURNING sees the row before and after; the two may be renamed with WITH (OLD AS …). */
function returning(walk: Walk, clause: ReturningClause | undefined, items: readonly ScopeItem[], at: At): void {
  if (clause === undefined) return
  const [target] = items
  const names = { Old: 'old', New: 'new' }
  for (const node of clause.options ?? []) {
    const option = nodeAs(node, 'ReturningOption')
    if (option?.value !== undefined) names[option.option === 'RETURNING_OPTION_OLD' ? 'Old' : 'New'] = option.value
  }
  // In a rule's action `old` and `new` are the rule's.
  const around = at.scope === undefined ? [] : (walk.found.facts.scopes[at.scope]?.items ?? [])
  const taken = new Set([...items, ...around].map(({ alias }) => alias))
  const rows = (['Old', 'New'] as const)
    .filter(row => !taken.has(names[row]))
    .map(row => ({ ...target, alias: names[row], row }))
  visitAll(walk, clause.exprs, { ...at, scope: walk.found.scope([...items, ...rows], at.scope) })
}

/** The write itself, and the Select on the same relation that falls away where nothing of it is read. */
function write(
  walk: Walk,
  relation: RangeVar | undefined,
  kind: Kind,
  at: At,
  more: Partial<RelationAccess> = {},
): ScopeItem {
  if (relation === undefined) {
    walk.found.forbid('NotUnderstood', `${kind} without a target`)
    return { alias: '' }
  }
  mentionRelation(walk, relation, kind, at, more)
  return item(relation, mentionRelation(walk, relation, 'Select', at, { onlyIfRead: true }))
}

function item(relation: RangeVar, index: number): ScopeItem {
  return { alias: relation.alias?.aliasname ?? relation.relname ?? '', relation: index }
}

function listed(columns: readonly Node[] | undefined): { readonly listedColumns?: readonly string[] } {
  const names = (columns ?? []).flatMap(column => nodeAs(column, 'ResTarget')?.name ?? [])
  return names.length === 0 ? {} : { listedColumns: [...new Set(names)] }
}

/** Parts: what in a statement makes accesses of its own, with the WHERE and LIMIT that are its own. */
import type { Node, SelectStmt } from '@pgsql/types'
import type { Kind } from './kinds.ts'
import type { Part } from './statement.ts'
import { nodeAs, type Walk } from './walk.ts'

export function newPart(walk: Walk, query: Node | undefined): number {
  return walk.found.part(partOf(query))
}

export function partOf(query: Node | undefined): Part {
  return { kind: kindOfQuery(query) ?? 'Select', hasWhere: hasWhere(query), hasLimit: hasLimit(query) }
}

/** The kind of a query or data-changing statement; undefined for anything else. */
export function kindOfQuery(query: Node | undefined): Kind | undefined {
  const [name = ''] = Object.keys(query ?? {})
  return queryKinds[name]
}

const queryKinds: Readonly<Record<string, Kind>> = {
  SelectStmt: 'Select',
  InsertStmt: 'Insert',
  UpdateStmt: 'Update',
  DeleteStmt: 'Delete',
  MergeStmt: 'Merge',
}

function hasWhere(query: Node | undefined): boolean {
  const select = nodeAs(query, 'SelectStmt')
  if (select !== undefined) return selectHasWhere(select)
  const insert = nodeAs(query, 'InsertStmt')
  if (insert !== undefined) return hasWhere(insert.selectStmt)
  return (nodeAs(query, 'UpdateStmt') ?? nodeAs(query, 'DeleteStmt'))?.whereClause !== undefined
}

/** Of a set operation every query must have one, or rows come unbounded. */
function selectHasWhere(select: SelectStmt): boolean {
  let node = select
  while (node.larg !== undefined) {
    if (node.rarg === undefined || !selectHasWhere(node.rarg)) return false
    node = node.larg
  }
  return node.whereClause !== undefined
}

/** `LIMIT ALL` is a limit of NULL, and none. */
function hasLimit(query: Node | undefined): boolean {
  const insert = nodeAs(query, 'InsertStmt')
  if (insert !== undefined) return hasLimit(insert.selectStmt)
  const limit = nodeAs(query, 'SelectStmt')?.limitCount
  return limit !== undefined && nodeAs(limit, 'A_Const')?.isnull !== true
}

/** Whether the statement answers with rows. COPY TO sends data, but no rows of the row protocol. */
export function returnsRows(statement: Node | undefined, kind: Kind): boolean {
  const write =
    nodeAs(statement, 'InsertStmt') ??
    nodeAs(statement, 'UpdateStmt') ??
    nodeAs(statement, 'DeleteStmt') ??
    nodeAs(statement, 'MergeStmt')
  return write === undefined ? answering.has(kind) : write.returningClause !== undefined
}

/** EXECUTE may, and CALL answers with output arguments. */
const answering: ReadonlySet<Kind> = new Set(['Select', 'Explain', 'Execute', 'Fetch', 'Show', 'Call'])

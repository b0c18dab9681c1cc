/** Visitors of statements that are neither queries nor definitions: COPY, EXPLAIN, cursors, SET, VACUUM and the like. */
import type { CopyStmt, DefElem, ExplainStmt, Node } from '@pgsql/types'
import { declareControl, discardControl, fetchControl, transactionControl } from './control.ts'
import type { Kind } from './kinds.ts'
import { addColumn, mentionFunction, mentionRelation, mentionType } from './mentions.ts'
import { partOf } from './parts.ts'
import { carried } from './select.ts'
import { addSetting, setStatement } from './settings-facts.ts'
import type { StatementFacts } from './statement.ts'
import { kindOfStatement } from './statement-kinds.ts'
import { type At, namesOf, nodeAs, typeNameOf, type Visitors, visit, visitAll, type Walk } from './walk.ts'

export const utilities = {
  CopyStmt: copy,
  ExplainStmt: explain,
  PrepareStmt: (walk, node, at) => {
    for (const type of node.argtypes ?? []) mentionType(walk, typeNameOf(type), at)
    carry(walk, 'Prepare', node.query, at)
    walk.found.facts.control = { do: 'Prepare', name: node.name ?? '' }
  },
  DeclareCursorStmt: (walk, node, at) => {
    carry(walk, 'Declare', node.query, at)
    walk.found.facts.control = declareControl(node)
  },
  ExecuteStmt: (walk, node, at) => {
    visitAll(walk, node.params, at)
    walk.found.facts.control = { do: 'Execute', name: node.name ?? '' }
  },
  DeallocateStmt: ({ found }, node) => {
    found.facts.control = { do: 'Deallocate', ...(node.name === undefined ? {} : { name: node.name }) }
  },
  FetchStmt: ({ found }, node) => {
    found.facts.control = fetchControl(node)
  },
  ClosePortalStmt: ({ found }, node) => {
    found.facts.control = { do: 'Close', ...(node.portalname === undefined ? {} : { name: node.portalname }) }
  },
  DiscardStmt: ({ found }, node) => {
    found.facts.control = discardControl(node.target)
    found.facts.cannotRollBack = node.target === undefined || node.target === 'DISCARD_ALL'
  },
  TransactionStmt: ({ found }, node) => {
    found.facts.control = transactionControl(node)
    found.facts.cannotRollBack =
      node.kind === 'TRANS_STMT_COMMIT_PREPARED' || node.kind === 'TRANS_STMT_ROLLBACK_PREPARED'
  },
  VariableSetStmt: setStatement,
  VariableShowStmt: (walk, node) =>
    addSetting(walk, { act: 'Show', name: node.name ?? '', local: false, span: walk.found.here() }),
  LockStmt: (walk, node, at) => eachRelation(walk, node.relations, 'Lock', at),
  TruncateStmt: (walk, node, at) => {
    const cascade = node.behavior === 'DROP_CASCADE'
    for (const range of node.relations ?? []) relation(walk, range, 'Truncate', at, { cascade, sort: 'Table' })
  },
  VacuumStmt: (walk, node, at) => {
    const kind = node.is_vacuumcmd === true ? 'Vacuum' : 'Analyze'
    walk.found.facts.cannotRollBack = kind === 'Vacuum'
    for (const item of node.rels ?? []) {
      const { relation: range, va_cols } = nodeAs(item, 'VacuumRelation') ?? {}
      const columns = namesOf(va_cols)
      if (range !== undefined)
        mentionRelation(walk, range, kind, at, columns.length > 0 ? { listedColumns: columns } : {})
    }
  },
  ClusterStmt: (walk, node, at) => {
    walk.found.facts.cannotRollBack = true // without a table, and for partitioned ones, it commits as it goes
    if (node.relation !== undefined) mentionRelation(walk, node.relation, 'Cluster', at)
  },
  ReindexStmt: (walk, node, at) => {
    walk.found.facts.cannotRollBack = true // CONCURRENTLY, schemas, databases and partitioned tables
    const sort = node.kind === 'REINDEX_OBJECT_INDEX' ? 'Index' : 'Table'
    if (node.relation !== undefined) mentionRelation(walk, node.relation, 'Reindex', at, { sort })
    else
      walk.found.object(
        node.kind === 'REINDEX_OBJECT_SCHEMA' ? 'schema' : 'database',
        node.name === undefined ? [] : [node.name],
        'Use',
      )
  },
  ConstraintsSetStmt: () => undefined, // when constraints are checked, not whether
  ListenStmt: () => undefined,
  UnlistenStmt: () => undefined,
  NotifyStmt: () => undefined,
  CheckPointStmt: ({ found }) => {
    found.facts.cannotRollBack = true
  },
  LoadStmt: ({ found }) => {
    found.facts.cannotRollBack = true
  },
  DoStmt: ({ found }) => {
    found.facts.cannotRollBack = true // the block may commit
  },
  CallStmt: (walk, node, at) => {
    walk.found.facts.cannotRollBack = true // a procedure may commit
    if (node.funccall !== undefined) visit(walk, { FuncCall: node.funccall }, at)
  },
  DefElem: option,
} as const satisfies Visitors

type Carrier = NonNullable<StatementFacts['carries']>['by']

/** The inner statement's facts become this one's, its part the first: EXPLAIN ANALYZE x is x. */
export function carry(walk: Walk, by: Carrier, query: Node | undefined, at: At): void {
  const kind = query === undefined ? undefined : kindOfStatement(query)
  if (kind === undefined) {
    walk.found.forbid('NotUnderstood', `what ${by} carries`)
    return
  }
  walk.found.facts.parts[at.part] = { ...partOf(query), kind }
  carried(walk, query, { ...at, alone: query !== undefined && 'SelectStmt' in query })
  walk.found.facts.carries = { by, kind } // the outermost: what it carries may carry something itself
}

/** A definition holds its query as a part of its own. */
export function carryAs(walk: Walk, query: Node | undefined, at: At): void {
  const kind = query === undefined ? undefined : kindOfStatement(query)
  if (kind === undefined) {
    walk.found.forbid('NotUnderstood', 'what CREATE … AS carries')
    return
  }
  carried(walk, query, { ...at, part: walk.found.part({ ...partOf(query), kind }) })
  walk.found.facts.carries = { by: 'CreateAs', kind }
}

function explain(walk: Walk, node: ExplainStmt, at: At): void {
  const options = (node.options ?? []).flatMap(option => nodeAs(option, 'DefElem') ?? [])
  const analyze = options.findLast(({ defname }) => defname === 'analyze')
  carry(walk, analyze !== undefined && isOn(analyze) ? 'ExplainAnalyze' : 'Explain', node.query, at)
  // EXPLAIN DECLARE makes no cursor; EXPLAIN EXECUTE is judged by what was prepared.
  if (walk.found.facts.control?.do === 'Declare') delete walk.found.facts.control
}

/** As the server reads a Boolean option; what it would not accept counts as on. */
function isOn({ arg }: DefElem): boolean {
  if (arg === undefined) return true
  const word = nodeAs(arg, 'String')?.sval?.toLowerCase()
  if (word !== undefined) return word !== 'false' && word !== 'off'
  const number = nodeAs(arg, 'Integer')
  if (number !== undefined) return (number.ival ?? 0) !== 0
  return nodeAs(arg, 'Boolean')?.boolval !== false
}

/** COPY t FROM is Insert, COPY t TO is Select of its columns. Files and programs are the server's, and refused always. */
function copy(walk: Walk, node: CopyStmt, at: At): void {
  if (node.is_program === true) walk.found.forbid('ServerProgram', 'COPY … PROGRAM')
  else if (node.filename !== undefined) walk.found.forbid('ServerFile', 'COPY with a file')
  else walk.found.facts.copy = { direction: node.is_from === true ? 'In' : 'Out' }
  if (node.query !== undefined) carry(walk, 'Copy', node.query, at)
  if (node.relation === undefined) return
  const kind = node.is_from === true ? 'Insert' : 'Select'
  walk.found.facts.parts[at.part] = { kind, hasWhere: node.whereClause !== undefined, hasLimit: false }
  const listed = namesOf(node.attlist)
  const index = mentionRelation(walk, node.relation, kind, at, listed.length > 0 ? { listedColumns: listed } : {})
  const inside = { ...at, scope: walk.found.scope([{ alias: node.relation.relname ?? '', relation: index }], at.scope) }
  for (const column of kind === 'Select' ? (listed.length > 0 ? listed : ['*']) : [])
    addColumn(walk, [column], column === '*' && listed.length === 0, walk.found.here(), inside)
  visit(walk, node.whereClause, inside)
}

/** Options: words and numbers say nothing; anything else is walked. `WITH (buffering = auto)` is no type. */
function option(walk: Walk, node: DefElem, at: At): void {
  const [name = ''] = Object.keys(node.arg ?? {})
  const items = nodeAs(node.arg, 'List')?.items
  if (node.defname === 'support') mentionFunction(walk, namesOf(items), 1, false, undefined, at)
  else if (!plainOptions.has(name)) visit(walk, node.arg, at)
}

const plainOptions = new Set(['', 'Integer', 'Float', 'Boolean', 'String', 'A_Star', 'TypeName', 'List', 'RoleSpec'])

function eachRelation(walk: Walk, nodes: readonly Node[] | undefined, kind: Kind, at: At): void {
  for (const node of nodes ?? []) relation(walk, node, kind, at)
}

function relation(walk: Walk, node: Node, kind: Kind, at: At, more: Parameters<typeof mentionRelation>[4] = {}): void {
  const range = nodeAs(node, 'RangeVar')
  if (range === undefined) {
    walk.found.forbid('NotUnderstood', `${kind} of ${Object.keys(node)}`)
    return
  }
  mentionRelation(walk, range, kind, at, more)
}

/** Tables, indexes, sequences, views and what they are made of. */
import type {
  AlterTableStmt,
  AlterTableType,
  Constraint,
  CreateStmt,
  CreateTableAsStmt,
  IndexElem,
  IndexStmt,
  Node,
  RangeVar,
  ViewStmt,
} from '@pgsql/types'
import type { Kind } from './kinds.ts'
import { addColumn, mentionAfterWords, mentionOperator, mentionRelation, mentionType } from './mentions.ts'
import { objectTypes } from './object-types.ts'
import { into } from './select.ts'
import type { RelationAccess } from './statement.ts'
import { carryAs } from './utility.ts'
import { type At, namesOf, nodeAs, rest, through, type Visitors, visit, type Walk } from './walk.ts'

export const tables = {
  CreateStmt: createTable,
  CreateForeignTableStmt: (walk, node, at) => {
    walk.found.object('server', [node.servername ?? ''], 'Use')
    if (node.base !== undefined) createRelation(walk, node.base, 'CreateForeignTable', 'ForeignTable', at)
  },
  CreateTableAsStmt: createTableAs,
  AlterTableStmt: alterTable,
  AlterTableMoveAllStmt: ({ found }, node) => found.object('tablespace', [node.orig_tablespacename ?? ''], 'Alter'),
  AlterTableCmd: through('AlterTableCmd'),
  ATAlterConstraint: () => undefined,
  ReplicaIdentityStmt: () => undefined,
  ColumnDef: (walk, node, at) => {
    mentionType(walk, node.typeName, at)
    rest(walk, 'ColumnDef', node, at, ['typeName'])
  },
  Constraint: constraint,
  TableLikeClause: (walk, node, at) => {
    if (node.relation !== undefined) readWhole(walk, node.relation, at)
  },
  PartitionSpec: through('PartitionSpec'),
  PartitionElem: indexed,
  PartitionBoundSpec: (walk, node, at) => {
    for (const datum of [...(node.listdatums ?? []), ...(node.lowerdatums ?? []), ...(node.upperdatums ?? [])])
      bound(walk, datum, at)
  },
  PartitionRangeDatum: (walk, node, at) => visit(walk, node.value, at),
  PartitionCmd: (walk, node, at) => {
    if (node.concurrent === true) walk.found.facts.cannotRollBack = true
    if (node.name !== undefined) mentionRelation(walk, node.name, 'AlterTable', at, { sort: 'Table' })
    if (node.bound !== undefined) visit(walk, { PartitionBoundSpec: node.bound }, at)
  },
  IndexStmt: createIndex,
  IndexElem: indexed,
  CreateSeqStmt: (walk, node, at) => {
    if (node.sequence !== undefined)
      mentionRelation(walk, node.sequence, 'CreateSequence', at, { presence: 'Made', sort: 'Sequence' })
    sequenceOptions(walk, node.options, at)
  },
  AlterSeqStmt: (walk, node, at) => {
    const presence = node.missing_ok === true ? 'Maybe' : 'Exists'
    if (node.sequence !== undefined)
      mentionRelation(walk, node.sequence, 'AlterSequence', at, { presence, sort: 'Sequence' })
    sequenceOptions(walk, node.options, at)
  },
  ViewStmt: createView,
  RefreshMatViewStmt: (walk, node, at) => {
    if (node.relation !== undefined)
      mentionRelation(walk, node.relation, 'RefreshMaterializedView', at, { sort: 'MaterializedView' })
  },
} as const satisfies Visitors

function createTable(walk: Walk, node: CreateStmt, at: At): void {
  createRelation(walk, node, 'CreateTable', 'Table', at)
}

/** Parents and partitioned tables gain a child: that alters them. */
function createRelation(walk: Walk, node: CreateStmt, kind: Kind, sort: RelationAccess['sort'], at: At): void {
  if (node.relation === undefined) {
    walk.found.forbid('NotUnderstood', 'CREATE TABLE without a name')
    return
  }
  const made = mentionRelation(walk, node.relation, kind, at, { presence: 'Made', sort, only: false })
  for (const parent of node.inhRelations ?? []) {
    const range = nodeAs(parent, 'RangeVar')
    if (range !== undefined) mentionRelation(walk, range, 'AlterTable', at, { sort: 'Table' })
  }
  mentionType(walk, node.ofTypename, at)
  const inside = within(walk, node.relation, made, at)
  rest(walk, 'CreateStmt', node, inside, ['relation', 'inhRelations', 'ofTypename', 'options'])
  storage(walk, node.tablespacename, node.accessMethod)
}

function createTableAs(walk: Walk, node: CreateTableAsStmt, at: At): void {
  const materialized = node.objtype === 'OBJECT_MATVIEW'
  const before = walk.found.facts.relations.length
  into(walk, node.into, at)
  const made = walk.found.facts.relations[before]
  if (made !== undefined && materialized)
    walk.found.facts.relations[before] = { ...made, kind: 'CreateMaterializedView', sort: 'MaterializedView' }
  carryAs(walk, node.query, at)
}

function alterTable(walk: Walk, node: AlterTableStmt, at: At): void {
  if (node.relation === undefined) {
    walk.found.forbid('NotUnderstood', 'ALTER without a name')
    return
  }
  const type = node.objtype ?? 'OBJECT_TABLE'
  const sort = type === 'OBJECT_TYPE' ? 'CompositeType' : (objectTypes[type].relation ?? 'Relation')
  const presence = node.missing_ok === true ? 'Maybe' : 'Exists'
  const only = type !== 'OBJECT_TYPE' && node.relation.inh !== true
  const commands = (node.cmds ?? []).flatMap(command => nodeAs(command, 'AlterTableCmd') ?? [])
  const cascade = commands.some(({ behavior }) => behavior === 'DROP_CASCADE')
  if (cascade) walk.found.facts.cascades = true
  const access = { sort, presence, only, cascade } as const
  const target = mentionRelation(walk, node.relation, objectTypes[type].alter, at, access)
  const inside = within(walk, node.relation, target, at)
  const more = new Set(commands.flatMap(({ subtype }) => (subtype === undefined ? [] : (beside[subtype] ?? []))))
  for (const kind of more) mentionRelation(walk, node.relation, kind, at, access)
  for (const command of commands) alterCommand(walk, command, inside)
}

function alterCommand(
  walk: Walk,
  command: { readonly subtype?: AlterTableType; readonly def?: Node; readonly name?: string },
  at: At,
): void {
  const named = nodeAs(command.def, 'RangeVar')
  if (command.subtype === 'AT_DetachPartitionFinalize') walk.found.facts.cannotRollBack = true
  if (command.subtype === 'AT_SetTableSpace') walk.found.object('tablespace', [command.name ?? ''], 'Use')
  // [NO] INHERIT parent: the parent's children change.
  if (named !== undefined) mentionRelation(walk, named, 'AlterTable', at, { sort: 'Table' })
  else visit(walk, command.def, at)
}

/** What some forms of ALTER TABLE do besides: they change who is trusted, or who owns. */
const beside: { readonly [T in AlterTableType]?: readonly Kind[] } = {
  AT_ChangeOwner: ['AlterOwner'],
  AT_EnableTrig: ['AlterTrigger'],
  AT_EnableAlwaysTrig: ['AlterTrigger'],
  AT_EnableReplicaTrig: ['AlterTrigger'],
  AT_DisableTrig: ['AlterTrigger'],
  AT_EnableTrigAll: ['AlterTrigger'],
  AT_DisableTrigAll: ['AlterTrigger'],
  AT_EnableTrigUser: ['AlterTrigger'],
  AT_DisableTrigUser: ['AlterTrigger'],
  AT_EnableRule: ['AlterRule'],
  AT_EnableAlwaysRule: ['AlterRule'],
  AT_EnableReplicaRule: ['AlterRule'],
  AT_DisableRule: ['AlterRule'],
  AT_EnableRowSecurity: ['AlterPolicy'],
  AT_DisableRowSecurity: ['AlterPolicy'],
  AT_ForceRowSecurity: ['AlterPolicy'],
  AT_NoForceRowSecurity: ['AlterPolicy'],
}

/** A foreign key adds triggers to the table that it points to. */
function constraint(walk: Walk, node: Constraint, at: At): void {
  if (node.pktable !== undefined) {
    const columns = namesOf(node.pk_attrs)
    mentionRelation(walk, node.pktable, 'AlterTable', at, {
      sort: 'Table',
      ...(columns.length > 0 ? { listedColumns: columns } : {}),
    })
  }
  for (const exclusion of node.exclusions ?? []) exclude(walk, nodeAs(exclusion, 'List')?.items ?? [], at)
  if (node.contype === 'CONSTR_IDENTITY') sequenceOptions(walk, node.options, at)
  rest(walk, 'Constraint', node, at, ['pktable', 'exclusions', 'options'])
}

/** `EXCLUDE USING gist (c WITH &&)`: an element and an operator. */
function exclude(walk: Walk, [element, operator]: readonly Node[], at: At): void {
  visit(walk, element, at)
  mentionOperator(walk, namesOf(operator === undefined ? [] : [operator]), 2, undefined, at)
}

function createIndex(walk: Walk, node: IndexStmt, at: At): void {
  if (node.concurrent === true) walk.found.facts.cannotRollBack = true
  if (node.relation === undefined) {
    walk.found.forbid('NotUnderstood', 'CREATE INDEX without a table')
    return
  }
  const table = mentionRelation(walk, node.relation, 'CreateIndex', at)
  rest(walk, 'IndexStmt', node, within(walk, node.relation, table, at), ['relation', 'options'])
  storage(walk, node.tableSpace, node.accessMethod)
}

/** A column or expression with its collation and operator class. */
function indexed(walk: Walk, node: Pick<IndexElem, 'expr' | 'collation' | 'opclass'>, at: At): void {
  if (node.opclass !== undefined) walk.found.object('operator class', namesOf(node.opclass), 'Use')
  if (node.collation !== undefined) walk.found.object('collation', namesOf(node.collation), 'Use')
  visit(walk, node.expr, at)
}

/** MINVALUE and MAXVALUE come as columns of that name, and a bound has no columns. */
function bound(walk: Walk, datum: Node, at: At): void {
  if (!('ColumnRef' in datum)) visit(walk, datum, at)
}

function sequenceOptions(walk: Walk, options: readonly Node[] | undefined, at: At): void {
  for (const node of options ?? []) {
    const option = nodeAs(node, 'DefElem')
    if (option?.defname === 'as') mentionType(walk, nodeAs(option.arg, 'TypeName'), at)
    if (option?.defname === 'owned_by') ownedBy(walk, namesOf(nodeAs(option.arg, 'List')?.items), option.location, at)
  }
}

/** `OWNED BY table.column` ties the sequence to that table; `NONE` to none. */
function ownedBy(walk: Walk, name: readonly string[], location: number | undefined, at: At): void {
  if (name.length < 2) return
  mentionAfterWords(
    walk,
    name.slice(0, -1),
    2,
    { kind: 'AlterTable', part: at.part, sort: 'Table', listedColumns: name.slice(-1) },
    location,
  )
}

function createView(walk: Walk, node: ViewStmt, at: At): void {
  if (node.view === undefined) {
    walk.found.forbid('NotUnderstood', 'CREATE VIEW without a name')
    return
  }
  mentionRelation(walk, node.view, 'CreateView', at, { presence: 'Made', sort: 'View', only: false })
  carryAs(walk, node.query, at)
}

/** Expressions in a definition see the relation's columns. */
export function within(walk: Walk, range: RangeVar, relation: number, at: At): At {
  return {
    ...at,
    scope: walk.found.scope([{ alias: range.alias?.aliasname ?? range.relname ?? '', relation }], at.scope),
  }
}

/** LIKE reads a table's definition, and asks for the privilege to read it. */
function readWhole(walk: Walk, range: RangeVar, at: At): void {
  const relation = mentionRelation(walk, range, 'Select', at, { sort: 'Relation' })
  addColumn(walk, ['*'], true, walk.found.here(), within(walk, range, relation, at))
}

function storage(walk: Walk, tablespace: string | undefined, method: string | undefined): void {
  if (tablespace !== undefined) walk.found.object('tablespace', [tablespace], 'Use')
  if (method !== undefined) walk.found.object('access method', [method], 'Use')
}

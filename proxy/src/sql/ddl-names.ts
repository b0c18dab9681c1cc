/** Definitions that hold little but names: schemas, types, domains, statistics, text search, databases, tablespaces. */
import type { CreateSchemaStmt, CreateStatsStmt, Node } from '@pgsql/types'
import { roles } from './ddl-objects.ts'
import { within } from './ddl-tables.ts'
import { fromItem } from './from.ts'
import { addColumn, mentionFunction, mentionRelation, mentionType } from './mentions.ts'
import { partOf } from './parts.ts'
import { carried } from './select.ts'
import { kindOfStatement } from './statement-kinds.ts'
import { type At, namesOf, nodeAs, typeNameOf, type Visitors, visit, visitAll, type Walk } from './walk.ts'

export const names = {
  CreateSchemaStmt: createSchema,
  CompositeTypeStmt: (walk, node, at) => {
    if (node.typevar !== undefined)
      mentionRelation(walk, node.typevar, 'CreateType', at, { presence: 'Made', sort: 'CompositeType', only: false })
    visitAll(walk, node.coldeflist, at)
  },
  CreateEnumStmt: ({ found }, node) => found.object('type', namesOf(node.typeName), 'Create'),
  AlterEnumStmt: ({ found }, node) => found.object('type', namesOf(node.typeName), 'Alter'),
  CreateRangeStmt: (walk, node, at) => {
    walk.found.object('type', namesOf(node.typeName), 'Create')
    for (const parameter of node.params ?? []) rangeOption(walk, parameter, at)
  },
  CreateDomainStmt: (walk, node, at) => {
    walk.found.object('domain', namesOf(node.domainname), 'Create')
    mentionType(walk, node.typeName, at)
    if (node.collClause !== undefined) visit(walk, { CollateClause: node.collClause }, at)
    visitAll(walk, node.constraints, valueScope(walk, at))
  },
  AlterDomainStmt: (walk, node, at) => {
    walk.found.object('domain', namesOf(node.typeName), 'Alter')
    visit(walk, node.def, valueScope(walk, at))
  },
  AlterCollationStmt: ({ found }, node) => found.object('collation', namesOf(node.collname), 'Alter'),
  CreateStatsStmt: createStatistics,
  StatsElem: (walk, node, at) => {
    if (node.name !== undefined) addColumn(walk, [node.name], false, walk.found.here(), at)
    visit(walk, node.expr, at)
  },
  AlterStatsStmt: ({ found }, node) => found.object('statistics', namesOf(node.defnames), 'Alter'),
  AlterTSConfigurationStmt: ({ found }, node) =>
    found.object('text search configuration', namesOf(node.cfgname), 'Alter'),
  AlterTSDictionaryStmt: ({ found }, node) => found.object('text search dictionary', namesOf(node.dictname), 'Alter'),
  CreatedbStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('database', [node.dbname ?? ''], 'Create')
  },
  AlterDatabaseStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true // SET TABLESPACE
    found.object('database', [node.dbname ?? ''], 'Alter')
  },
  AlterDatabaseRefreshCollStmt: ({ found }, node) => found.object('database', [node.dbname ?? ''], 'Alter'),
  DropdbStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('database', [node.dbname ?? ''], 'Drop')
  },
  CreateTableSpaceStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('tablespace', [node.tablespacename ?? ''], 'Create')
    found.forbid('ServerFile', 'CREATE TABLESPACE names a directory of the server')
  },
  AlterTableSpaceOptionsStmt: ({ found }, node) => found.object('tablespace', [node.tablespacename ?? ''], 'Alter'),
  DropTableSpaceStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('tablespace', [node.tablespacename ?? ''], 'Drop')
  },
} as const satisfies Visitors

/** Each element is a part of its own kind; what it makes unqualified goes into the new schema. */
function createSchema(walk: Walk, node: CreateSchemaStmt, at: At): void {
  const [owner] = node.authrole === undefined ? [] : [{ RoleSpec: node.authrole }]
  walk.found.object('schema', [node.schemaname ?? owner?.RoleSpec.rolename ?? ''], 'Create')
  if (owner !== undefined) roles(walk, [owner], 'Use')
  for (const element of node.schemaElts ?? []) {
    const kind = kindOfStatement(element)
    if (kind === undefined) walk.found.forbid('NotUnderstood', 'an element of CREATE SCHEMA')
    else carried(walk, element, { ...at, part: walk.found.part({ ...partOf(element), kind }) })
  }
}

/** CHECK in a domain sees `value` and nothing else. */
function valueScope(walk: Walk, at: At): At {
  return { ...at, scope: walk.found.scope([{ alias: '', columns: ['value'] }], at.scope) }
}

function rangeOption(walk: Walk, node: Node, at: At): void {
  const { defname, arg } = nodeAs(node, 'DefElem') ?? {}
  const name = namesOf(arg === undefined ? [] : [arg])
  if (defname === 'subtype') mentionType(walk, typeNameOf(arg), at)
  else if (defname === 'canonical' || defname === 'subtype_diff')
    mentionFunction(walk, name, defname === 'canonical' ? 1 : 2, true, undefined, at)
  else if (defname === 'subtype_opclass') walk.found.object('operator class', name, 'Use')
}

function createStatistics(walk: Walk, node: CreateStatsStmt, at: At): void {
  walk.found.object('statistics', namesOf(node.defnames), 'Create')
  for (const relation of node.relations ?? []) {
    const range = nodeAs(relation, 'RangeVar')
    if (range === undefined)
      fromItem(walk, relation, [], at) // PostgreSQL accepts plain relations only, and says so
    else visitAll(walk, node.exprs, within(walk, range, mentionRelation(walk, range, 'CreateStatistics', at), at))
  }
}

/** The kind of each statement of the grammar. A statement that is not here is refused. */
import type { Node, ObjectType, TransactionStmtKind } from '@pgsql/types'
import type { Kind } from './kinds.ts'
import { objectTypes } from './object-types.ts'
import { kindOfSet } from './settings-facts.ts'
import type { NodeName, NodeOf } from './walk.ts'

/** Undefined for what is no statement. */
export function kindOfStatement(node: Node): Kind | undefined {
  const [name = ''] = Object.keys(node)
  const kind = statementKinds[name as NodeName] as Kind | ((fields: unknown) => Kind) | undefined
  return typeof kind === 'function' ? kind((node as unknown as Readonly<Record<string, unknown>>)[name]) : kind
}

/** `ALTER` of an object: its kind, or that of its relation for what is on one. */
export function alterKind(type: ObjectType | undefined, on?: ObjectType): Kind {
  if (type === 'OBJECT_COLUMN' || type === 'OBJECT_TABCONSTRAINT') return objectTypes[on ?? 'OBJECT_TABLE'].alter
  return type === undefined ? 'AlterTable' : objectTypes[type].alter
}

export function dropKind(type: ObjectType | undefined): Kind {
  return type === undefined ? 'DropTable' : objectTypes[type].drop
}

type StatementKinds = { readonly [K in NodeName]?: Kind | ((node: NodeOf<K>) => Kind) }

export const statementKinds: StatementKinds = {
  SelectStmt: node => (leftmostInto(node) ? 'CreateTable' : 'Select'),
  InsertStmt: 'Insert',
  UpdateStmt: 'Update',
  DeleteStmt: 'Delete',
  MergeStmt: 'Merge',
  CopyStmt: node => (node.is_from === true ? 'CopyFrom' : 'CopyTo'),
  TruncateStmt: 'Truncate',
  LockStmt: 'Lock',
  ExplainStmt: 'Explain',
  PrepareStmt: 'Prepare',
  ExecuteStmt: 'Execute',
  DeallocateStmt: 'Deallocate',
  DeclareCursorStmt: 'Declare',
  FetchStmt: node => (node.ismove === true ? 'Move' : 'Fetch'),
  ClosePortalStmt: 'Close',
  DiscardStmt: 'Discard',
  VariableSetStmt: kindOfSet,
  VariableShowStmt: 'Show',
  ConstraintsSetStmt: 'SetConstraints',
  TransactionStmt: node => transactionKinds[node.kind ?? 'TRANS_STMT_BEGIN'],
  ListenStmt: 'Listen',
  UnlistenStmt: 'Unlisten',
  NotifyStmt: 'Notify',
  VacuumStmt: node => (node.is_vacuumcmd === true ? 'Vacuum' : 'Analyze'),
  ClusterStmt: 'Cluster',
  ReindexStmt: 'Reindex',
  CheckPointStmt: 'Checkpoint',
  DoStmt: 'Do',
  CallStmt: 'Call',
  LoadStmt: 'Load',
  CreateStmt: 'CreateTable',
  CreateTableAsStmt: node => (node.objtype === 'OBJECT_MATVIEW' ? 'CreateMaterializedView' : 'CreateTable'),
  AlterTableStmt: node => alterKind(node.objtype),
  AlterTableMoveAllStmt: node => alterKind(node.objtype),
  IndexStmt: 'CreateIndex',
  CreateSeqStmt: 'CreateSequence',
  AlterSeqStmt: 'AlterSequence',
  ViewStmt: 'CreateView',
  RefreshMatViewStmt: 'RefreshMaterializedView',
  CreateSchemaStmt: 'CreateSchema',
  CompositeTypeStmt: 'CreateType',
  CreateEnumStmt: 'CreateType',
  AlterEnumStmt: 'AlterType',
  CreateRangeStmt: 'CreateRangeType',
  AlterTypeStmt: 'AlterBaseType',
  CreateDomainStmt: 'CreateDomain',
  AlterDomainStmt: 'AlterDomain',
  AlterCollationStmt: 'AlterCollation',
  CreateStatsStmt: 'CreateStatistics',
  AlterStatsStmt: 'AlterStatistics',
  AlterTSConfigurationStmt: 'AlterTextSearch',
  AlterTSDictionaryStmt: 'AlterTextSearch',
  CreatedbStmt: 'CreateDatabase',
  AlterDatabaseStmt: 'AlterDatabase',
  AlterDatabaseRefreshCollStmt: 'AlterDatabase',
  DropdbStmt: 'DropDatabase',
  CreateTableSpaceStmt: 'CreateTablespace',
  AlterTableSpaceOptionsStmt: 'AlterTablespace',
  DropTableSpaceStmt: 'DropTablespace',
  CommentStmt: 'Comment',
  DropStmt: node => dropKind(node.removeType),
  RenameStmt: node => alterKind(node.renameType, node.relationType),
  AlterObjectSchemaStmt: node => alterKind(node.objectType),
  AlterOwnerStmt: node => alterKind(node.objectType),
  AlterObjectDependsStmt: node => alterKind(node.objectType),
  GrantStmt: node => (node.is_grant === true ? 'Grant' : 'Revoke'),
  GrantRoleStmt: node => (node.is_grant === true ? 'Grant' : 'Revoke'),
  AlterDefaultPrivilegesStmt: 'AlterDefaultPrivileges',
  CreateRoleStmt: 'CreateRole',
  AlterRoleStmt: 'AlterRole',
  DropRoleStmt: 'DropRole',
  ReassignOwnedStmt: 'ReassignOwned',
  DropOwnedStmt: 'DropOwned',
  SecLabelStmt: 'SecurityLabel',
  CreateFunctionStmt: node => (node.is_procedure === true ? 'CreateProcedure' : 'CreateFunction'),
  AlterFunctionStmt: node => alterKind(node.objtype ?? 'OBJECT_FUNCTION'),
  DefineStmt: node =>
    definedKinds[node.kind ?? ''] ?? (node.definition === undefined ? 'CreateType' : 'CreateBaseType'),
  CreateOpClassStmt: 'CreateOperatorClass',
  CreateOpFamilyStmt: 'CreateOperatorFamily',
  AlterOpFamilyStmt: 'AlterOperatorFamily',
  AlterOperatorStmt: 'AlterOperator',
  CreateCastStmt: 'CreateCast',
  CreateTrigStmt: 'CreateTrigger',
  CreateEventTrigStmt: 'CreateEventTrigger',
  AlterEventTrigStmt: 'AlterEventTrigger',
  RuleStmt: 'CreateRule',
  CreatePolicyStmt: 'CreatePolicy',
  AlterPolicyStmt: 'AlterPolicy',
  CreateExtensionStmt: 'CreateExtension',
  AlterExtensionStmt: 'AlterExtension',
  AlterExtensionContentsStmt: 'AlterExtension',
  CreateConversionStmt: 'CreateConversion',
  CreatePLangStmt: 'CreateLanguage',
  CreateTransformStmt: 'CreateTransform',
  CreateAmStmt: 'CreateAccessMethod',
  CreateFdwStmt: 'CreateForeignDataWrapper',
  AlterFdwStmt: 'AlterForeignDataWrapper',
  CreateForeignServerStmt: 'CreateServer',
  AlterForeignServerStmt: 'AlterServer',
  CreateUserMappingStmt: 'CreateUserMapping',
  AlterUserMappingStmt: 'AlterUserMapping',
  DropUserMappingStmt: 'DropUserMapping',
  CreateForeignTableStmt: 'CreateForeignTable',
  ImportForeignSchemaStmt: 'ImportForeignSchema',
  CreatePublicationStmt: 'CreatePublication',
  AlterPublicationStmt: 'AlterPublication',
  CreateSubscriptionStmt: 'CreateSubscription',
  AlterSubscriptionStmt: 'AlterSubscription',
  DropSubscriptionStmt: 'DropSubscription',
  AlterSystemStmt: 'AlterSystem',
  AlterRoleSetStmt: 'AlterRoleSet',
  AlterDatabaseSetStmt: 'AlterDatabaseSet',
}

function leftmostInto(node: NodeOf<'SelectStmt'>): boolean {
  let leftmost = node
  while (leftmost.larg !== undefined) leftmost = leftmost.larg
  return leftmost.intoClause !== undefined
}

const transactionKinds: Readonly<Record<TransactionStmtKind, Kind>> = {
  TRANS_STMT_BEGIN: 'Begin',
  TRANS_STMT_START: 'Begin',
  TRANS_STMT_COMMIT: 'Commit',
  TRANS_STMT_ROLLBACK: 'Rollback',
  TRANS_STMT_SAVEPOINT: 'Savepoint',
  TRANS_STMT_RELEASE: 'ReleaseSavepoint',
  TRANS_STMT_ROLLBACK_TO: 'RollbackToSavepoint',
  TRANS_STMT_PREPARE: 'PrepareTransaction',
  TRANS_STMT_COMMIT_PREPARED: 'CommitPrepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'RollbackPrepared',
}

/** CREATE of what is described by a list of `name = value`. */
const definedKinds: Readonly<Record<string, Kind>> = {
  OBJECT_AGGREGATE: 'CreateAggregate',
  OBJECT_OPERATOR: 'CreateOperator',
  OBJECT_COLLATION: 'CreateCollation',
  OBJECT_TSCONFIGURATION: 'CreateTextSearch',
  OBJECT_TSDICTIONARY: 'CreateTextSearch',
  OBJECT_TSPARSER: 'CreateTextSearchParser',
  OBJECT_TSTEMPLATE: 'CreateTextSearchTemplate',
}

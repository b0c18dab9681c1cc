/** What each of the grammar's object types is called, how many words name it, and which kinds its DDL has. */
import type { ObjectType } from '@pgsql/types'
import type { Kind } from './kinds.ts'
import type { RelationAccess } from './statement.ts'

export interface ObjectEntry {
  /** The manual's word, in lower case. */
  readonly word: string
  readonly alter: Kind
  readonly drop: Kind
  /** Set where it names a relation. */
  readonly relation?: RelationAccess['sort']
  /** Set where its name ends in that of something on a relation: `DROP TRIGGER name ON relation`. */
  readonly onRelation?: true
}

const relation = (word: string, sort: RelationAccess['sort'], alter: Kind, drop: Kind): ObjectEntry => ({
  word,
  relation: sort,
  alter,
  drop,
})
const object = (word: string, alter: Kind, drop: Kind = alter): ObjectEntry => ({ word, alter, drop })
const onRelation = (word: string, alter: Kind, drop: Kind = alter): ObjectEntry => ({
  word,
  alter,
  drop,
  onRelation: true,
})

export const objectTypes: Readonly<Record<ObjectType, ObjectEntry>> = {
  OBJECT_ACCESS_METHOD: object('access method', 'CreateAccessMethod', 'DropAccessMethod'),
  OBJECT_AGGREGATE: object('aggregate', 'AlterAggregate', 'DropAggregate'),
  OBJECT_AMOP: object('operator family', 'AlterOperatorFamily'),
  OBJECT_AMPROC: object('operator family', 'AlterOperatorFamily'),
  OBJECT_ATTRIBUTE: object('attribute', 'AlterType'),
  OBJECT_CAST: object('cast', 'CreateCast', 'DropCast'),
  OBJECT_COLUMN: object('column', 'AlterTable'),
  OBJECT_COLLATION: object('collation', 'AlterCollation', 'DropCollation'),
  OBJECT_CONVERSION: object('conversion', 'AlterConversion', 'DropConversion'),
  OBJECT_DATABASE: object('database', 'AlterDatabase', 'DropDatabase'),
  OBJECT_DEFAULT: object('default', 'AlterTable'),
  OBJECT_DEFACL: object('default privileges', 'AlterDefaultPrivileges'),
  OBJECT_DOMAIN: object('domain', 'AlterDomain', 'DropDomain'),
  OBJECT_DOMCONSTRAINT: object('constraint', 'AlterDomain'),
  OBJECT_EVENT_TRIGGER: object('event trigger', 'AlterEventTrigger', 'DropEventTrigger'),
  OBJECT_EXTENSION: object('extension', 'AlterExtension', 'DropExtension'),
  OBJECT_FDW: object('foreign data wrapper', 'AlterForeignDataWrapper', 'DropForeignDataWrapper'),
  OBJECT_FOREIGN_SERVER: object('server', 'AlterServer', 'DropServer'),
  OBJECT_FOREIGN_TABLE: relation('foreign table', 'ForeignTable', 'AlterForeignTable', 'DropForeignTable'),
  OBJECT_FUNCTION: object('function', 'AlterFunction', 'DropFunction'),
  OBJECT_INDEX: relation('index', 'Index', 'AlterIndex', 'DropIndex'),
  OBJECT_LANGUAGE: object('language', 'AlterLanguage', 'DropLanguage'),
  OBJECT_LARGEOBJECT: object('large object', 'AlterLargeObject'),
  OBJECT_MATVIEW: relation('materialized view', 'MaterializedView', 'AlterMaterializedView', 'DropMaterializedView'),
  OBJECT_OPCLASS: object('operator class', 'AlterOperatorClass', 'DropOperatorClass'),
  OBJECT_OPERATOR: object('operator', 'AlterOperator', 'DropOperator'),
  OBJECT_OPFAMILY: object('operator family', 'AlterOperatorFamily', 'DropOperatorFamily'),
  OBJECT_PARAMETER_ACL: object('parameter', 'Grant'),
  OBJECT_POLICY: onRelation('policy', 'AlterPolicy', 'DropPolicy'),
  OBJECT_PROCEDURE: object('procedure', 'AlterProcedure', 'DropProcedure'),
  OBJECT_PUBLICATION: object('publication', 'AlterPublication', 'DropPublication'),
  OBJECT_PUBLICATION_NAMESPACE: object('publication', 'AlterPublication'),
  OBJECT_PUBLICATION_REL: object('publication', 'AlterPublication'),
  OBJECT_ROLE: object('role', 'AlterRole', 'DropRole'),
  OBJECT_ROUTINE: object('routine', 'AlterFunction', 'DropFunction'),
  OBJECT_RULE: onRelation('rule', 'AlterRule', 'DropRule'),
  OBJECT_SCHEMA: object('schema', 'AlterSchema', 'DropSchema'),
  OBJECT_SEQUENCE: relation('sequence', 'Sequence', 'AlterSequence', 'DropSequence'),
  OBJECT_SUBSCRIPTION: object('subscription', 'AlterSubscription', 'DropSubscription'),
  OBJECT_STATISTIC_EXT: object('statistics', 'AlterStatistics', 'DropStatistics'),
  OBJECT_TABCONSTRAINT: onRelation('constraint', 'AlterTable'),
  OBJECT_TABLE: relation('table', 'Table', 'AlterTable', 'DropTable'),
  OBJECT_TABLESPACE: object('tablespace', 'AlterTablespace', 'DropTablespace'),
  OBJECT_TRANSFORM: object('transform', 'CreateTransform', 'DropTransform'),
  OBJECT_TRIGGER: onRelation('trigger', 'AlterTrigger', 'DropTrigger'),
  OBJECT_TSCONFIGURATION: object('text search configuration', 'AlterTextSearch', 'DropTextSearch'),
  OBJECT_TSDICTIONARY: object('text search dictionary', 'AlterTextSearch', 'DropTextSearch'),
  OBJECT_TSPARSER: object('text search parser', 'AlterTextSearchParser', 'DropTextSearchParser'),
  OBJECT_TSTEMPLATE: object('text search template', 'AlterTextSearchTemplate', 'DropTextSearchTemplate'),
  OBJECT_TYPE: object('type', 'AlterType', 'DropType'),
  OBJECT_USER_MAPPING: object('user mapping', 'AlterUserMapping', 'DropUserMapping'),
  OBJECT_VIEW: relation('view', 'View', 'AlterView', 'DropView'),
}

/** Words of an object type in the syntax: three for `MATERIALIZED VIEW` and its like are two, and so on. */
export function wordsOf({ word }: ObjectEntry): number {
  return word.split(' ').length
}

/**
 * The grammar is PostgreSQL 18's, servers are 15 to 18. These tables give each node, field, enum value and option that 16,
 * 17 and 18 introduced the version that knows it. To an older server such text is an error at best; at worst it means
 * something else: 15 runs a user's function `json_value`, and reads `system_user` as a column.
 */

export type Since = 16 | 17 | 18

export interface Newer {
  readonly since: Since
  readonly what: string
}

const since16 = (what: string): Newer => ({ since: 16, what })
const since17 = (what: string): Newer => ({ since: 17, what })
const since18 = (what: string): Newer => ({ since: 18, what })

/** Nodes that did not exist. */
export const newerNodes: Readonly<Record<string, Newer>> = {
  JsonObjectConstructor: since16('JSON_OBJECT'),
  JsonArrayConstructor: since16('JSON_ARRAY'),
  JsonArrayQueryConstructor: since16('JSON_ARRAY'),
  JsonObjectAgg: since16('JSON_OBJECTAGG'),
  JsonArrayAgg: since16('JSON_ARRAYAGG'),
  JsonIsPredicate: since16('IS JSON'),
  JsonParseExpr: since17('JSON()'),
  JsonScalarExpr: since17('JSON_SCALAR'),
  JsonSerializeExpr: since17('JSON_SERIALIZE'),
  JsonFuncExpr: since17('JSON_EXISTS, JSON_QUERY and JSON_VALUE'),
  JsonTable: since17('JSON_TABLE'),
  MergeSupportFunc: since17('MERGE_ACTION'),
  ReturningOption: since18('RETURNING WITH'),
}

/** Fields that did not exist, or could not be set, as `Node.field`. */
export const newerFields: Readonly<Record<string, Newer>> = {
  'MergeStmt.returningClause': since17('MERGE … RETURNING'),
  'XmlSerialize.indent': since16('XMLSERIALIZE … INDENT'),
  'ColumnDef.storage_name': since16('STORAGE in a column definition'),
  'Constraint.without_overlaps': since18('WITHOUT OVERLAPS'),
  'Constraint.fk_with_period': since18('PERIOD'),
  'Constraint.pk_with_period': since18('PERIOD'),
  'IndexStmt.iswithoutoverlaps': since18('WITHOUT OVERLAPS'),
  'ATAlterConstraint.alterEnforceability': since18('ALTER CONSTRAINT … ENFORCED'),
  'ATAlterConstraint.alterInheritability': since18('ALTER CONSTRAINT … INHERIT'),
}

/** Enum values that did not exist. */
export const newerValues: Readonly<Record<string, Newer>> = {
  MERGE_WHEN_NOT_MATCHED_BY_SOURCE: since17('WHEN NOT MATCHED BY SOURCE'),
  AT_SetExpression: since17('ALTER COLUMN … SET EXPRESSION'),
  CONSTR_ATTR_ENFORCED: since18('ENFORCED'),
  CONSTR_ATTR_NOT_ENFORCED: since18('NOT ENFORCED'),
}

/** Options in parentheses, as `Statement.option`. Servers refuse options they do not know; ours is the better message. */
export const newerOptions: Readonly<Record<string, Newer>> = {
  'CopyStmt.default': since16('COPY option DEFAULT'),
  'CopyStmt.on_error': since17('COPY option ON_ERROR'),
  'CopyStmt.log_verbosity': since17('COPY option LOG_VERBOSITY'),
  'CopyStmt.reject_limit': since18('COPY option REJECT_LIMIT'),
  'ExplainStmt.generic_plan': since16('EXPLAIN option GENERIC_PLAN'),
  'ExplainStmt.memory': since17('EXPLAIN option MEMORY'),
  'ExplainStmt.serialize': since17('EXPLAIN option SERIALIZE'),
  'VacuumStmt.buffer_usage_limit': since16('VACUUM option BUFFER_USAGE_LIMIT'),
  'VacuumStmt.process_main': since16('VACUUM option PROCESS_MAIN'),
  'VacuumStmt.skip_database_stats': since16('VACUUM option SKIP_DATABASE_STATS'),
  'VacuumStmt.only_database_stats': since16('VACUUM option ONLY_DATABASE_STATS'),
  'CreatedbStmt.icu_rules': since16('CREATE DATABASE option ICU_RULES'),
  'CreatedbStmt.builtin_locale': since17('CREATE DATABASE option BUILTIN_LOCALE'),
  'GrantRoleStmt.inherit': since16('GRANT … WITH INHERIT'),
  'GrantRoleStmt.set': since16('GRANT … WITH SET'),
}

/** What a node's other fields tell: the few cases that no table above can say. */
export function newerByShape(node: string, fields: Readonly<Record<string, unknown>>): Newer | undefined {
  switch (node) {
    case 'Constraint':
      return newerConstraint(fields)
    case 'CopyStmt':
      return fields.is_from === true ? forceStar(fields.options) : undefined
    default:
      return undefined
  }
}

function newerConstraint(fields: Readonly<Record<string, unknown>>): Newer | undefined {
  if (fields.contype === 'CONSTR_GENERATED' && fields.generated_kind === 'v')
    return since18('VIRTUAL generated columns')
  // The parser marks every constraint as enforced unless it is written otherwise.
  if (enforceable.has(String(fields.contype)) && fields.is_enforced !== true) return since18('NOT ENFORCED')
  if (fields.contype === 'CONSTR_NOTNULL' && fields.keys !== undefined) return since18('NOT NULL as a table constraint')
  return undefined
}

const enforceable = new Set(['CONSTR_CHECK', 'CONSTR_FOREIGN'])

/** FORCE_NULL * and FORCE_NOT_NULL *. */
function forceStar(options: unknown): Newer | undefined {
  if (!Array.isArray(options)) return undefined
  const stars = options.some(option => {
    const { defname, arg } = option?.DefElem ?? {}
    return (defname === 'force_null' || defname === 'force_not_null') && arg?.A_Star !== undefined
  })
  return stars ? since17('FORCE_NULL *') : undefined
}

/** Functions that the grammar writes for new syntax: `pg_catalog.system_user` for SYSTEM_USER. */
export const newerSyntaxFunctions: Readonly<Record<string, Newer>> = {
  system_user: since16('SYSTEM_USER'),
  'timezone/1': since17('AT LOCAL'),
}

/** Words that were ordinary names before: the tree shows the pg_catalog object that they mean now. */
export const wordsSince: Readonly<Record<string, Since>> = { json_object: 16, json: 17 }

/**
 * What a statement touches without naming it: everything in a schema that it drops, renames or grants on, everything
 * in the database for a bare VACUUM. The catalog is not asked which relations those are, so that a Deny counts if it
 * could mean one of them, and an Allow only if it covers them all (ADR 0013).
 */
import type { Kind } from '../sql/kinds.ts'
import type { StatementFacts } from '../sql/statement.ts'
import type { CompiledRule } from './compiled.ts'

/** Names of schemas, or 'All' of the database; undefined where every relation touched is named. */
export type Unnamed = readonly string[] | 'All'

export function unnamedIn({ kind, objects, relations }: StatementFacts): Unnamed | undefined {
  const schemas = objects.flatMap(({ sort, act, name }) =>
    sort === 'schema' && act !== 'Create' ? [name.at(-1) ?? ''] : [],
  )
  if (schemas.length > 0 && ofSchemas.has(kind)) return schemas
  return relations.length === 0 && ofDatabase.has(kind) ? 'All' : undefined
}

const ofSchemas: ReadonlySet<Kind> = new Set([
  'DropSchema',
  'AlterSchema',
  'Grant', //                  ON ALL TABLES IN SCHEMA
  'Revoke',
  'AlterDefaultPrivileges', // IN SCHEMA
  'Reindex',
  'CreatePublication', //      FOR TABLES IN SCHEMA
  'AlterPublication',
  'ImportForeignSchema', //    INTO
])

const ofDatabase: ReadonlySet<Kind> = new Set([
  'Vacuum',
  'Analyze',
  'Cluster',
  'Reindex', //           DATABASE, SYSTEM
  'DropOwned',
  'ReassignOwned',
  'DropDatabase',
  'CreatePublication', // FOR ALL TABLES
  'AlterTable', //        ALL IN TABLESPACE
  'AlterIndex',
  'AlterMaterializedView',
])

/** Whether a Deny or RequireApproval could mean one of them. */
export function mayMean(rule: CompiledRule, kind: Kind, unnamed: Unnamed): boolean {
  if (!fits(rule, kind)) return false
  const { tables } = rule
  return tables === undefined || unnamed === 'All' || unnamed.some(schema => tables.reaches(schema))
}

/** Whether an Allow covers them all. */
export function coversAll(rule: CompiledRule, kind: Kind, unnamed: Unnamed): boolean {
  if (rule.kinds?.has(kind) !== true || rule.tables === undefined) return false
  const { tables } = rule
  return unnamed === 'All' ? tables.all : unnamed.every(schema => tables.covers(schema))
}

/** Dropping a schema drops what is in it: a Deny of DropTable means that too. */
function fits({ kinds }: CompiledRule, kind: Kind): boolean {
  if (kinds === undefined || kinds.has(kind)) return true
  const verb = inside.get(kind)
  return verb !== undefined && [...kinds].some(other => other.startsWith(verb))
}

const inside: ReadonlyMap<Kind, string> = new Map([
  ['DropSchema', 'Drop'],
  ['DropOwned', 'Drop'],
  ['DropDatabase', 'Drop'],
  ['AlterSchema', 'Alter'],
  ['ReassignOwned', 'Alter'],
])

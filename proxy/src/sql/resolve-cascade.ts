/**
 * What CASCADE drops besides what is named. From a schema: its own relations (rules are asked about the schema), and what
 * depends on those anywhere. From anything else that is no relation (a type, a function, an extension …) the catalog does
 * not say what depends on it: that may be a column, a default or a constraint of any relation, or a view.
 */
import type { RelationEntry } from './catalog.ts'
import type { Kind } from './kinds.ts'
import type { BehindAccesses } from './resolve-behind-accesses.ts'
import type { Lookup } from './resolve-lookup.ts'
import type { ResolvedAccess, SqlRefusal } from './resolved.ts'
import type { RelationAccess, StatementFacts } from './statement.ts'

/** Adds what depends on the relations of schemas that the statement drops. */
export function addDroppedSchemas(
  facts: StatementFacts,
  lookup: Lookup,
  behind: BehindAccesses,
): { readonly refusal: SqlRefusal } | undefined {
  for (const schema of facts.cascades === true ? droppedSchemas(facts) : [])
    for (const relation of lookup.contents(schema).relations) {
      if (relation.readBy.length + relation.referencedBy.length + relation.children.length === 0) continue
      const { access, resolved } = dropped(relation, facts)
      const refusal = behind.add(access, resolved)
      if (refusal !== undefined) return refusal
    }
  return undefined
}

/** Whether relations may go, or change, that nobody can name here. */
export function goesBeyond(facts: StatementFacts, lookup: Lookup): boolean {
  if (facts.kind === 'DropExtension') return true // its relations and types, with or without CASCADE
  if (facts.cascades !== true) return false
  return (
    beyondKinds.has(facts.kind) ||
    facts.objects.some(({ act, sort }) => act === 'Drop' && !bound.has(sort)) ||
    [...droppedSchemas(facts)].some(schema => lookup.contents(schema).definitions)
  )
}

/** Defaults of any column may use a sequence; typed tables follow their composite type. */
const beyondKinds: ReadonlySet<Kind> = new Set<Kind>(['DropSequence', 'DropType', 'AlterType'])

/** What hangs on a relation that is named, and has nothing that depends on it. */
const bound: ReadonlySet<string> = new Set(['schema', 'trigger', 'policy', 'rule'])

function droppedSchemas({ objects }: StatementFacts): ReadonlySet<string> {
  return new Set(objects.flatMap(({ sort, act, name }) => (sort === 'schema' && act === 'Drop' ? name.slice(-1) : [])))
}

function dropped(
  relation: RelationEntry,
  facts: StatementFacts,
): { readonly access: RelationAccess; readonly resolved: ResolvedAccess } {
  const { schema, name, isSystem, persistence, sort } = relation
  const kind = dropKinds[sort] ?? 'DropTable'
  const span = facts.objects[0]?.span ?? facts.span
  const access = { name: [schema, name], alias: name, kind, span, part: 0, sort: 'Relation' } as const
  return {
    access: { ...access, only: false, presence: 'Exists', persistence: 'Permanent', cascade: true },
    resolved: {
      ...{ schema, name, relation, kind, span, isSystem, part: 0, columns: 'All', reach: 'Behind' },
      isTemporary: persistence === 'Temporary',
    },
  }
}

const dropKinds: Readonly<Partial<Record<RelationEntry['sort'], Kind>>> = {
  View: 'DropView',
  MaterializedView: 'DropMaterializedView',
  Sequence: 'DropSequence',
  ForeignTable: 'DropForeignTable',
  CompositeType: 'DropType',
}

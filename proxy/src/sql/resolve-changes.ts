/**
 * What one statement changes of the names that later ones in the same text see: relations made, renamed, moved and
 * dropped, schemas, types, functions. Values never change; each statement gives new ones.
 */
import type { RelationEntry, RelationSort, TypeEntry } from './catalog.ts'
import { groupOf, type Kind } from './kinds.ts'
import type { Overlay } from './resolve-lookup.ts'
import type { Resolved, ResolvedAccess } from './resolved.ts'
import type { ObjectAccess, RelationAccess, StatementFacts } from './statement.ts'

export interface Changes {
  readonly relations: ReadonlyMap<string, RelationEntry | 'Dropped'>
  readonly types: ReadonlyMap<string, TypeEntry>
  readonly schemas: ReadonlyMap<string, 'Made' | 'Dropped'>
  /** Views made here: what lies behind them is not known. */
  readonly views: ReadonlySet<string>
  /** Relations that DDL was about: foreign keys may cascade from them now. */
  readonly altered: ReadonlySet<string>
  /** Relations that ALTER was about, where the facts do not say whether it renamed them: the name may mean another now. */
  readonly moved: ReadonlySet<string>
  /** Relations that got a rule, a trigger, a policy: any write may run other code now. */
  readonly recoded: ReadonlySet<string>
  /** Bare names of functions and operators made here, and of domains; `*` where any may be new. */
  readonly callables: ReadonlySet<string>
}

export const noChanges: Changes = {
  relations: new Map(),
  types: new Map(),
  schemas: new Map(),
  views: new Set(),
  altered: new Set(),
  moved: new Set(),
  recoded: new Set(),
  callables: new Set(),
}

export function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

export function overlayOf(changes: Changes): Overlay {
  return {
    relation: (schema, name) => changes.relations.get(keyOf({ schema, name })),
    type: (schema, name) => changes.types.get(keyOf({ schema, name })),
    schema: name => changes.schemas.get(name),
  }
}

/** The changes after a statement. */
export function changedBy(changes: Changes, resolved: Resolved, creation: string): Changes {
  const relations = new Map<string, RelationEntry | 'Dropped'>()
  const views: string[] = []
  const { facts } = resolved
  const named = resolved.relations.filter(({ reach }) => reach === 'Named')
  for (const access of resolved.relations)
    if (access.kind.startsWith('Drop') && isRelationKind(access.kind)) relations.set(keyOf(access), 'Dropped')
  const made = new Map(
    facts.relations.filter(({ presence }) => presence === 'Made').map(mention => [placeOf(mention), mention]),
  )
  for (const access of made.size === 0 ? [] : named) {
    const mention = made.get(placeOf(access))
    if (mention === undefined) continue
    const old = access.kind.startsWith('Alter')
      ? named.find(other => other.relation !== undefined && other.kind === access.kind)
      : undefined
    if (old !== undefined) relations.set(keyOf(old), 'Dropped')
    relations.set(keyOf(access), madeEntry(access, mention, old?.relation))
    if (viewKinds.has(access.kind) || (old !== undefined && changes.views.has(keyOf(old)))) views.push(keyOf(access))
  }
  for (const access of named) {
    if (access.kind !== 'AlterTable' || access.relation === undefined || relations.get(keyOf(access)) === 'Dropped')
      continue
    relations.set(keyOf(access), { ...access.relation, columns: [] })
  }
  return {
    relations: withMore(changes.relations, relations),
    views: withAll(changes.views, views),
    altered: withAll(changes.altered, subjects(resolved, named, 'DDL')),
    moved: withAll(
      changes.moved,
      subjects(resolved, named, 'DDL').filter(() => mayRename(facts)),
    ),
    recoded: withAll(changes.recoded, subjects(resolved, named, 'Code')),
    ...objectsChanged(changes, facts.objects, creation),
  }
}

function mayRename({ kind, relations }: StatementFacts): boolean {
  return kind.startsWith('Alter') && !relations.some(access => access.presence === 'Made')
}

/** What stays is shared: a text may hold hundreds of statements. */
function withMore<Value>(
  map: ReadonlyMap<string, Value>,
  more: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  return more.size === 0 ? map : new Map([...map, ...more])
}

function withAll(set: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return more.length === 0 ? set : new Set([...set, ...more])
}

const viewKinds: ReadonlySet<Kind> = new Set<Kind>(['CreateView', 'CreateMaterializedView'])

function isRelationKind(kind: Kind): boolean {
  return /^Drop(Table|View|MaterializedView|Index|Sequence|ForeignTable|Type)$/.test(kind)
}

function placeOf({ span, kind }: ResolvedAccess | RelationAccess): string {
  return `${span.start} ${kind}`
}

/** Its columns are not known: whatever is read of it counts as all of it. */
function madeEntry(access: ResolvedAccess, mention: RelationAccess, old: RelationEntry | undefined): RelationEntry {
  const { schema, name, isTemporary } = access
  if (old !== undefined) return { ...old, schema, name }
  const none = { columns: [], children: [], parents: [], reads: [], readBy: [], referencedBy: [], rules: [] }
  return {
    oid: 0,
    schema,
    name,
    sort: sortOf(mention.sort),
    persistence: isTemporary ? 'Temporary' : 'Permanent',
    isSystem: false,
    ...none,
  }
}

function sortOf(sort: RelationAccess['sort']): RelationSort {
  return sort === 'Relation' ? 'Table' : sort
}

/** The relations that a statement of DDL or Code is about, but for those that it only reads to copy from. */
function subjects({ facts }: Resolved, named: readonly ResolvedAccess[], group: 'DDL' | 'Code'): readonly string[] {
  if (facts.carries !== undefined || viewKinds.has(facts.kind) || groupOf(facts.kind) !== group) return []
  return named.filter(({ relation }) => relation !== undefined).map(keyOf)
}

function objectsChanged(
  changes: Changes,
  objects: readonly ObjectAccess[],
  creation: string,
): Pick<Changes, 'types' | 'schemas' | 'callables'> {
  const types = new Map<string, TypeEntry>()
  const schemas = new Map<string, 'Made' | 'Dropped'>()
  const callables: string[] = []
  for (const { sort, name, act } of objects) {
    if (act === 'Use' || act === 'Comment' || act === 'Grant') continue
    const bare = name.at(-1) ?? ''
    if (sort === 'schema') schemas.set(bare, act === 'Drop' ? 'Dropped' : 'Made')
    else if (sort === 'type' || sort === 'domain') {
      const schema = name.at(-2) ?? creation
      if (act === 'Create')
        types.set(keyOf({ schema, name: bare }), {
          oid: 0,
          schema,
          name: bare,
          sort: sort === 'domain' ? 'Domain' : 'Enum',
        })
      if (sort === 'domain' || act !== 'Create') callables.push(bare)
    } else if (/function|procedure|routine|aggregate|operator/.test(sort))
      callables.push(act === 'Create' ? bare : act === 'Alter' ? '*' : bare)
    else if (/extension|cast|transform|language/.test(sort)) callables.push('*')
  }
  return {
    types: withMore(changes.types, types),
    schemas: withMore(changes.schemas, schemas),
    callables: withAll(changes.callables, callables),
  }
}

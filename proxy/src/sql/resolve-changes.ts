/**
 * What one statement changes of the names that later ones in the same text see: relations made, renamed, moved and
 * dropped, schemas, types, functions. Values never change; each statement gives new ones.
 *
 * What DDL links (foreign keys, children, partitions) is not told apart: each of the relations that one statement names
 * counts as a child of the others, and as cascading from them. So Deny may reach too far here, and never too short.
 */
import type { FunctionEntry, RelationEntry, RelationSort, TypeEntry } from './catalog.ts'
import { groupOf, type Kind } from './kinds.ts'
import { Layered } from './layered.ts'
import type { Lookup, Overlay } from './resolve-lookup.ts'
import type { Resolved, ResolvedAccess } from './resolved.ts'
import type { RelationAccess, StatementFacts } from './statement.ts'

export interface Changes {
  readonly relations: Layered<string, RelationEntry | 'Dropped'>
  readonly byOid: Layered<number, RelationEntry>
  readonly types: Layered<string, TypeEntry>
  readonly functions: Layered<string, readonly FunctionEntry[]>
  readonly schemas: Layered<string, 'Made' | 'Dropped'>
  /** Oids of views made here of which it is not known what lies behind them. */
  readonly views: Layered<number, true>
  /** Oids of relations that got a rule, a trigger, a policy: any write may run other code now. */
  readonly recoded: Layered<number, true>
  /** Bare names of operators, of functions changed or dropped, and of domains; `*` where any may be new. */
  readonly callables: Layered<string, true>
  /** A temporary relation was made. */
  readonly temporary: boolean
  /** How many objects have been made: each has an oid of its own below zero. */
  readonly made: number
}

export const noChanges: Changes = {
  relations: new Layered(),
  byOid: new Layered(),
  types: new Layered(),
  functions: new Layered(),
  schemas: new Layered(),
  views: new Layered(),
  recoded: new Layered(),
  callables: new Layered(),
  temporary: false,
  made: 0,
}

export function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

export function overlayOf(changes: Changes): Overlay {
  return {
    relation: (schema, name) => changes.relations.get(keyOf({ schema, name })),
    relationByOid: oid => changes.byOid.get(oid),
    type: (schema, name) => changes.types.get(keyOf({ schema, name })),
    functions: (schema, name) => changes.functions.get(keyOf({ schema, name })) ?? [],
    schema: name => changes.schemas.get(name),
  }
}

/** The changes after a statement. `lookup`: what it saw; `creation`: where what it makes without a schema goes. */
export function changedBy(changes: Changes, resolved: Resolved, lookup: Lookup, creation: string): Changes {
  const { facts } = resolved
  const named = resolved.relations.filter(({ reach }) => reach === 'Named')
  const relations = relationsChanged(changes, resolved, named, lookup)
  const entries = [...relations.values()].filter(entry => entry !== 'Dropped')
  return {
    ...changes,
    relations: changes.relations.with([...relations]),
    byOid: changes.byOid.with(entries.map(entry => [entry.oid, entry])),
    views: changes.views.with(viewsOfUnknown(resolved, named, relations).map(oid => [oid, true])),
    recoded: changes.recoded.with(recoded(facts, named).map(oid => [oid, true])),
    temporary: changes.temporary || entries.some(({ persistence }) => persistence === 'Temporary'),
    made: changes.made + facts.relations.length,
    ...objectsChanged(changes, facts, creation),
  }
}

type RelationChanges = Map<string, RelationEntry | 'Dropped'>

function relationsChanged(
  changes: Changes,
  resolved: Resolved,
  named: readonly ResolvedAccess[],
  lookup: Lookup,
): RelationChanges {
  const relations: RelationChanges = new Map()
  for (const access of resolved.relations) if (goes(access)) relations.set(keyOf(access), 'Dropped')
  for (const [access, mention] of madeIn(resolved, named))
    if (access.kind.startsWith('Alter')) rename(access, named, relations)
    else relations.set(keyOf(access), madeEntry(changes, access, mention, named, lookup))
  const schema = destination(resolved.facts)
  for (const { kind, relation } of named) {
    if (relation === undefined || !kind.startsWith('Alter') || relations.get(keyOf(relation)) === 'Dropped') continue
    if (schema !== undefined) relations.set(keyOf(relation), 'Dropped')
    const altered = { ...relation, ...(schema === undefined ? {} : { schema }), columns: [] }
    if (relations.get(keyOf(altered)) === undefined) relations.set(keyOf(altered), altered)
  }
  return linked(relations)
}

/** Each mention of what the statement makes, with the access that came of it. */
function madeIn(
  { facts }: Resolved,
  named: readonly ResolvedAccess[],
): readonly (readonly [ResolvedAccess, RelationAccess])[] {
  const made = facts.relations.filter(({ presence }) => presence === 'Made')
  if (made.length === 0) return []
  const mentions = new Map(made.map(mention => [placeOf(mention), mention]))
  return named.flatMap(access => {
    const mention = mentions.get(placeOf(access))
    return mention === undefined ? [] : [[access, mention] as const]
  })
}

function placeOf({ span, kind }: ResolvedAccess | RelationAccess): string {
  return `${span.start} ${kind}`
}

/** RENAME TO: nothing has that name under IF EXISTS of what is not there. */
function rename(to: ResolvedAccess, named: readonly ResolvedAccess[], relations: RelationChanges): void {
  const old = named.find(other => other.relation !== undefined && other.kind === to.kind)
  if (old?.relation === undefined) return
  relations.set(keyOf(old), 'Dropped')
  relations.set(keyOf(to), { ...old.relation, schema: to.schema, name: to.name })
}

/** The schema of ALTER … SET SCHEMA. */
function destination({ kind, objects }: StatementFacts): string | undefined {
  if (!kind.startsWith('Alter')) return undefined
  return objects.find(({ sort, act }) => sort === 'schema' && act === 'Use')?.name.at(-1)
}

/**
 * Its columns are not known: whatever is read of it counts as all of it. What has that name already stays what it was
 * (IF NOT EXISTS), or gets another definition (OR REPLACE); either way what lay behind it counts as well.
 */
function madeEntry(
  { made }: Changes,
  access: ResolvedAccess,
  mention: RelationAccess,
  named: readonly ResolvedAccess[],
  lookup: Lookup,
): RelationEntry {
  const { schema, name, isTemporary } = access
  const old = lookup.relation(schema, name)
  const reads = viewKinds.has(access.kind) ? named.flatMap(({ relation }) => relation?.oid ?? []) : []
  if (old !== undefined) return { ...old, columns: [], reads: [...old.reads, ...reads] }
  return {
    oid: -1 - made - named.indexOf(access),
    schema,
    name,
    sort: sortOf(mention.sort),
    persistence: isTemporary ? 'Temporary' : 'Permanent',
    columns: [],
    children: [],
    parents: [],
    reads,
    readBy: [],
    referencedBy: [],
    rules: [],
    isSystem: false,
  }
}

function sortOf(sort: RelationAccess['sort']): RelationSort {
  return sort === 'Relation' ? 'Table' : sort
}

/** Relations that one statement is about may have become kin. */
function linked(relations: RelationChanges): RelationChanges {
  const entries = [...relations.values()].filter(entry => entry !== 'Dropped')
  if (entries.length < 2 || entries.length > maxLinked) return relations
  const links = new Map(relations)
  for (const entry of entries) links.set(keyOf(entry), linkedTo(entry, entries))
  return links
}

/** CREATE SCHEMA may have more elements: what they are to each other, no statement but DROP SCHEMA asks. */
const maxLinked = 100

function linkedTo(entry: RelationEntry, entries: readonly RelationEntry[]): RelationEntry {
  if (entry.sort === 'View' || entry.sort === 'MaterializedView' || entry.sort === 'Index') return entry
  const others = entries.filter(other => other.oid !== entry.oid).map(({ oid }) => oid)
  const references = others.flatMap(oid => [
    { oid, onDelete: 'Cascade', onUpdate: 'Cascade' } as const,
    { oid, onDelete: 'SetNull', onUpdate: 'SetNull' } as const,
  ])
  return {
    ...entry,
    children: [...entry.children, ...others],
    referencedBy: [...entry.referencedBy, ...references],
  }
}

const viewKinds: ReadonlySet<Kind> = new Set<Kind>(['CreateView', 'CreateMaterializedView'])

/** Views of which something that they read has no entry. */
function viewsOfUnknown(
  { facts }: Resolved,
  named: readonly ResolvedAccess[],
  relations: RelationChanges,
): readonly number[] {
  const made = named.filter(({ kind }) => viewKinds.has(kind))
  if (made.length === 0) return []
  const isKnown =
    facts.kind !== 'CreateSchema' && named.every(one => viewKinds.has(one.kind) || one.relation !== undefined)
  return isKnown ? [] : made.flatMap(access => oidOf(relations.get(keyOf(access))))
}

function oidOf(entry: RelationEntry | 'Dropped' | undefined): readonly number[] {
  return entry === undefined || entry === 'Dropped' ? [] : [entry.oid]
}

/** What goes: the table of an index or a sequence stays. */
function goes({ kind, reach, relation }: ResolvedAccess): boolean {
  if (!isDrop(kind)) return false
  return (
    reach === 'Named' ||
    !(kind === 'DropIndex' || kind === 'DropSequence') ||
    relation?.sort === 'Index' ||
    relation?.sort === 'Sequence'
  )
}

function isDrop(kind: Kind): boolean {
  return /^Drop(Table|View|MaterializedView|Index|Sequence|ForeignTable|Type)$/.test(kind)
}

/** The relations that a statement of Code is about. */
function recoded({ kind, carries }: StatementFacts, named: readonly ResolvedAccess[]): readonly number[] {
  if (carries !== undefined || groupOf(kind) !== 'Code') return []
  return named.flatMap(({ relation }) => relation?.oid ?? [])
}

function objectsChanged(
  changes: Changes,
  facts: StatementFacts,
  creation: string,
): Pick<Changes, 'types' | 'schemas' | 'callables' | 'functions'> {
  const types: [string, TypeEntry][] = []
  const schemas: [string, 'Made' | 'Dropped'][] = []
  const callables: string[] = []
  const functions: [string, readonly FunctionEntry[]][] = []
  for (const { sort, name, act } of facts.objects) {
    if (act === 'Use' || act === 'Comment' || act === 'Grant') continue
    const bare = name.at(-1) ?? ''
    const place = { schema: name.at(-2) ?? creation, name: bare }
    if (sort === 'schema') schemas.push([bare, act === 'Drop' ? 'Dropped' : 'Made'])
    else if (sort === 'type' || sort === 'domain') {
      if (act === 'Create')
        types.push([keyOf(place), { oid: 0, ...place, sort: sort === 'domain' ? 'Domain' : 'Enum' }])
      if (sort === 'domain' || act !== 'Create') callables.push(bare)
    } else if ((sort === 'function' || sort === 'procedure') && act === 'Create' && place.schema !== 'pg_catalog')
      functions.push([keyOf(place), [madeFunction(place, sort)]])
    else if (/function|procedure|routine|aggregate|operator/.test(sort)) callables.push(act === 'Alter' ? '*' : bare)
    else if (/extension|cast|transform|language/.test(sort)) callables.push('*')
  }
  return {
    types: changes.types.with(types),
    schemas: changes.schemas.with(schemas),
    functions: changes.functions.with(functions),
    callables: changes.callables.with(callables.map(name => [name, true])),
  }
}

/** Its arguments are not known: it may take any number. */
function madeFunction(
  place: { readonly schema: string; readonly name: string },
  sort: 'function' | 'procedure',
): FunctionEntry {
  const entry = { oid: 0, ...place, args: [], defaults: 0, variadic: true } as const
  return { ...entry, sort: sort === 'procedure' ? 'Procedure' : 'Function' }
}

/**
 * What lies behind a relation: the tables under a view, children and partitions, what foreign keys and CASCADE touch,
 * the table of an index, a sequence or a TOAST table. Only Deny and RequireApproval reach these; Allow is asked of what
 * the statement names.
 */
import type { ForeignKeyAction, RelationEntry } from './catalog.ts'
import type { Kind } from './kinds.ts'
import { staleCatalog } from './resolve-errors.ts'
import type { Lookup } from './resolve-lookup.ts'
import type { SqlRefusal } from './resolved.ts'
import type { RelationAccess } from './statement.ts'

export interface Behind {
  readonly relation: RelationEntry
  readonly kind: Kind
  /** The same columns as of the relation in front of it (children); otherwise any. */
  readonly sameColumns: boolean
}

/** Everything behind `relation` for this access, each relation and kind once; nothing behind what is not known. */
export function findBehind(
  relation: RelationEntry,
  access: RelationAccess,
  lookup: Lookup,
): readonly Behind[] | { readonly refusal: SqlRefusal } {
  const seen = new Map<number, Behind[]>()
  const pending: Step[] = [{ oid: relation.oid, kind: access.kind, sameColumns: true, relation, first: true }]
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { oid, kind, sameColumns } = step
    const entry = step.relation ?? lookup.relationByOid(oid)
    if (entry === undefined) return { refusal: staleCatalog(`relation "${relation.name}"`) }
    if (!isNews({ relation: entry, kind, sameColumns }, oid, seen)) continue
    if (ruled(entry, kind)) return { refusal: ruleOnRelation(entry) }
    const first = step.first === true
    for (const next of stepsFrom(entry, step, { only: first && access.only, cascade: access.cascade, first }))
      pending.push(next)
  }
  const all = [...seen.values()].flat()
  return all.filter(behind => behind.relation.oid !== relation.oid || behind.kind !== access.kind)
}

/** Enters it, unless it has been with as many columns. */
function isNews(behind: Behind, oid: number, seen: Map<number, Behind[]>): boolean {
  const those = seen.get(oid)
  const at = those?.findIndex(({ kind }) => kind === behind.kind) ?? -1
  if (those === undefined) seen.set(oid, [behind])
  else if (at < 0) those.push(behind)
  else if (those[at]?.sameColumns === false || behind.sameColumns) return false
  else those[at] = behind
  return true
}

interface Step {
  readonly oid: number
  readonly kind: Kind
  readonly sameColumns: boolean
  readonly relation?: RelationEntry
  readonly first?: boolean
}

interface How {
  readonly only: boolean
  readonly cascade: boolean
  /** From what the statement names. */
  readonly first: boolean
}

function stepsFrom(entry: RelationEntry, { kind, sameColumns }: Step, how: How): readonly Step[] {
  const to = (oid: number, next: Kind): Step => ({ oid, kind: next, sameColumns: false })
  return [
    ...underView(entry, kind).map(([oid, next]) => to(oid, next)),
    ...children(entry, kind, how).map(oid => ({ oid, kind, sameColumns })),
    ...byForeignKey(entry, kind, how).map(([oid, next]) => to(oid, next)),
    ...(takesAlong(kind, how) ? entry.readBy.map(oid => to(oid, 'DropView')) : []),
    ...(entry.owner === undefined ? [] : [to(entry.owner, kind)]),
  ]
}

/** A view is read with all it reads; a write through it reaches the one base relation, which cannot be told from those it reads. */
function underView(entry: RelationEntry, kind: Kind): readonly (readonly [number, Kind])[] {
  if (entry.sort !== 'View' && entry.sort !== 'MaterializedView') return []
  if (isDrop(kind)) return []
  const reads = entry.reads.map(oid => [oid, 'Select'] as const)
  return passesThrough.has(kind) ? [...reads, ...entry.reads.map(oid => [oid, kind] as const)] : reads
}

const passesThrough: ReadonlySet<Kind> = new Set<Kind>(['Insert', 'Update', 'Delete', 'Lock'])

function children(entry: RelationEntry, kind: Kind, { only, cascade }: How): readonly number[] {
  if (entry.sort === 'Partitioned' && (kind === 'Insert' || isDrop(kind))) return entry.children
  if (only || kind === 'Insert' || (isDrop(kind) && !cascade)) return []
  return entry.children
}

function byForeignKey(entry: RelationEntry, kind: Kind, how: How): readonly (readonly [number, Kind])[] {
  if (kind === 'Truncate') return how.cascade ? entry.referencedBy.map(({ oid }) => [oid, 'Truncate']) : []
  if (takesAlong(kind, how)) return entry.referencedBy.map(({ oid }) => [oid, 'AlterTable'])
  if (kind !== 'Delete' && kind !== 'Update') return []
  return entry.referencedBy.flatMap(({ oid, onDelete, onUpdate }) => {
    const next = kind === 'Delete' ? cascaded(onDelete, 'Delete') : cascaded(onUpdate, 'Update')
    return next === undefined ? [] : [[oid, next] as const]
  })
}

function cascaded(action: ForeignKeyAction, kind: Kind): Kind | undefined {
  if (action === 'Cascade') return kind
  return action === 'SetNull' || action === 'SetDefault' ? 'Update' : undefined
}

/** Views and foreign keys go with what CASCADE drops: a relation, or a column or constraint of the one that is named. */
function takesAlong(kind: Kind, { cascade, first }: How): boolean {
  return cascade && (isDrop(kind) || (first && kind.startsWith('Alter')))
}

function isDrop(kind: Kind): boolean {
  return kind.startsWith('Drop')
}

function ruled(entry: RelationEntry, kind: Kind): boolean {
  return entry.rules.some(event => event === kind)
}

/** A rule runs other statements in place of, or beside, the one that was judged; they are the owner's, but not seen here. */
function ruleOnRelation(entry: RelationEntry): SqlRefusal {
  return {
    sqlState: '42501',
    message: `relation "${entry.schema}.${entry.name}" carries a rewrite rule for this command`,
    hint: 'What a rule would run is not judged. Write to the table itself, or replace the rule by a trigger.',
    code: 'RuleOnRelation',
  }
}

/**
 * What of a statement the rules are asked about (DESIGN §2). Each access to a relation outside the system schemas, and
 * each kind of statement that no access stands for: `SELECT 1` is judged as a Select of no table, CREATE FUNCTION as
 * itself even if its body only reads.
 */
import { groupOf, type Kind } from '../sql/kinds.ts'
import type { Resolved, ResolvedAccess } from '../sql/resolved.ts'
import type { Part, StatementFacts } from '../sql/statement.ts'
import type { Judged } from './question.ts'
import { unnamedIn } from './unnamed.ts'

/** Up to here it is quicker to ask twice. */
const few = 8

/** Everything that needs an Allow, or may be denied. */
export function judgedIn({ facts, relations, beyond }: Resolved): readonly Judged[] {
  const also = namesAccesses.has(facts.kind) ? { also: facts.kind } : {}
  const unnamed = unnamedIn(facts)
  const destination = destinationOf(facts)
  const judged: Judged[] = []
  const made = new Set<Kind>()
  for (const access of relations.length > few ? distinct(relations, facts) : relations) {
    const named = access.reach === 'Named'
    if (named) made.add(access.kind)
    if (!named || !access.isSystem)
      judged.push({ kind: access.kind, part: access.part, access, needsAllow: named, ...also })
  }
  if (destination !== undefined) judged.push(...judged.flatMap(one => movedTo(one, destination)))
  if (beyond === true)
    judged.push(...mayHappen.map(kind => ({ kind, part: 0, needsAllow: false, unnamed: 'All' as const })))
  for (const [kind, part] of kindsOf(facts)) {
    const touches = unnamed !== undefined && kind === facts.kind ? { unnamed } : {}
    const stoodFor = isStoodFor(kind, made)
    if (!stoodFor || namesAccesses.has(kind))
      judged.push({ kind, part, needsAllow: !stoodFor && !needsNoRule(kind), ...touches })
  }
  return judged
}

/** What CASCADE may do to relations that are not known. */
const mayHappen: readonly Kind[] = ['AlterTable', 'DropTable', 'DropView', 'DropMaterializedView']

/** `FROM a, a, a …` thousands of times: what every rule says the same of is asked once. */
function distinct(relations: Resolved['relations'], { parts }: StatementFacts): readonly ResolvedAccess[] {
  const byRelation = new Map<unknown, ResolvedAccess[]>()
  const isAlike = (one: ResolvedAccess, other: ResolvedAccess) =>
    isSame(one, other) && isSamePart(parts[one.part], parts[other.part])
  for (const access of relations) {
    const those = byRelation.get(access.relation) ?? []
    if (those.length === 0) byRelation.set(access.relation, those)
    if (!those.some(other => isAlike(access, other))) those.push(access)
  }
  return [...byRelation.values()].flat()
}

function isSame(one: ResolvedAccess, other: ResolvedAccess): boolean {
  return (
    one.kind === other.kind &&
    one.reach === other.reach &&
    one.name === other.name &&
    one.schema === other.schema &&
    one.isSystem === other.isSystem
  )
}

function isSamePart(one: Part | undefined, other: Part | undefined): boolean {
  return one?.kind === other?.kind && one?.hasWhere === other?.hasWhere && one?.hasLimit === other?.hasLimit
}

/** The schema of ALTER … SET SCHEMA. */
function destinationOf({ kind, objects }: StatementFacts): string | undefined {
  if (!kind.startsWith('Alter')) return undefined
  return objects.find(({ sort, act }) => sort === 'schema' && act === 'Use')?.name.at(-1)
}

/** What is moved is judged by the name that it will have as well. */
function movedTo(judged: Judged, schema: string): readonly Judged[] {
  const { access } = judged
  return access?.reach === 'Named' ? [{ ...judged, access: { ...access, schema } }] : []
}

/** The kinds of a statement and of what it carries, each once, with the first part that has it. */
function kindsOf(facts: StatementFacts): ReadonlyMap<Kind, number> {
  const found = new Map<Kind, number>([[facts.kind, 0]])
  if (facts.carries !== undefined && !found.has(facts.carries.kind)) found.set(facts.carries.kind, 0)
  for (const [part, { kind }] of facts.parts.entries()) if (!found.has(kind)) found.set(kind, part)
  return found
}

/** As statements these are what they access. A Deny of them holds for those accesses; an Allow names the accesses. */
const namesAccesses: ReadonlySet<Kind> = new Set(['CopyTo', 'CopyFrom', 'Merge', 'Explain'])

/** Whether the accesses that are judged already say it. Reading beside an access that is allowed adds nothing. */
function isStoodFor(kind: Kind, made: ReadonlySet<Kind>): boolean {
  if (made.has(kind)) return true
  return made.size > 0 && (namesAccesses.has(kind) || groupOf(kind) === 'Read')
}

/** Kinds that do nothing but with statements and settings that are judged themselves. */
function needsNoRule(kind: Kind): boolean {
  const group = groupOf(kind)
  return group === 'Session' || group === 'Transaction' || kind === 'Explain'
}

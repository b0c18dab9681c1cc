/**
 * Which relation each mention means. A name without a schema is looked up along the path, temporary schema first, as
 * PostgreSQL does, and then sent on with its schema, so that what was judged is what runs.
 *
 * What cannot be sent on qualified: the name of a new index (it lies beside its table), the new name of RENAME (it
 * stays in its schema) and temporary relations in the making. A name under IF EXISTS that means nothing is qualified
 * with the schema that CREATE would use: it stays absent even if someone makes such a relation elsewhere on the path in
 * the meantime, and PostgreSQL's notice reads the same.
 */
import type { RelationEntry } from './catalog.ts'
import { quoteName } from './quote.ts'
import { noCreationSchema, otherDatabase, tooManyParts, undefinedRelation, undefinedSchema } from './resolve-errors.ts'
import { firstIn, type Lookup, partsOf } from './resolve-lookup.ts'
import type { Splice, SqlRefusal } from './resolved.ts'
import type { RelationAccess, StatementFacts } from './statement.ts'

/** What one mention means. `relation` is undefined for what the statement makes, and for what is absent under IF EXISTS. */
export interface FoundRelation {
  readonly schema: string
  readonly name: string
  readonly relation?: RelationEntry
  readonly qualify: boolean
}

export type RelationResult = { readonly found: FoundRelation } | { readonly refusal: SqlRefusal }

/** One result a mention, in the order of `facts.relations`; the first refusal ends it. */
export function findRelations(
  facts: StatementFacts,
  lookup: Lookup,
): readonly FoundRelation[] | { readonly refusal: SqlRefusal } {
  const made = new Map<string, FoundRelation[]>()
  const found: FoundRelation[] = []
  const known = new Map<string, FoundRelation>()
  for (const isMaking of [true, false])
    for (const [index, access] of facts.relations.entries()) {
      if ((access.presence === 'Made') !== isMaking) continue
      const own = ownOf(access, facts, made, lookup)
      const key = isMaking || own !== undefined ? undefined : `${access.presence} ${access.name.join('\0')}`
      const again = key === undefined ? own : known.get(key)
      const result = again === undefined ? findRelation(access, facts, lookup) : { found: again }
      if ('refusal' in result) return result
      found[index] = result.found
      if (key !== undefined) known.set(key, result.found)
      if (isMaking) made.set(result.found.name, [...(made.get(result.found.name) ?? []), result.found])
    }
  return found
}

/** What the statement itself makes, if this mention means that. */
function ownOf(
  access: RelationAccess,
  facts: StatementFacts,
  made: ReadonlyMap<string, readonly FoundRelation[]>,
  lookup: Lookup,
): FoundRelation | undefined {
  const those = made.size > 0 && seesMade(access, facts) ? made.get(access.name.at(-1) ?? '') : undefined
  const own = those?.find(one => isMeant(one, access, lookup))
  return own === undefined ? undefined : { ...own, qualify: access.name.length === 1 }
}

/** A foreign key may point to the table that it is part of; the elements of CREATE SCHEMA see each other. */
function seesMade(access: RelationAccess, { kind }: StatementFacts): boolean {
  if (access.presence === 'Made') return false
  return kind === 'CreateSchema' || (kind.startsWith('Create') && access.kind === 'AlterTable')
}

/** Whether the mention means that new relation: by its schema, or along the path. */
function isMeant({ schema, name }: FoundRelation, access: RelationAccess, lookup: Lookup): boolean {
  const { schema: written } = partsOf(access.name)
  if (written !== undefined) return written === schema || (written === 'pg_temp' && isTemporarySchema(schema))
  const first = firstIn(lookup.context.path, place =>
    place === schema ? true : lookup.relation(place, name) !== undefined || undefined,
  )
  return isTemporarySchema(schema) || first?.schema === schema
}

/** The splice that sends a mention on with its schema; none where its name has one or takes none. */
export function qualifyRelation(access: RelationAccess, found: FoundRelation): Splice | undefined {
  const name = access.name[0]
  if (!found.qualify || name === undefined || access.span.start === access.span.end) return undefined
  const known = edits.get(found) ?? editFor(found.schema, name)
  edits.set(found, known)
  return { span: access.span, ...known }
}

/** Remembered by what was found: a name may be written ten thousand times. */
const edits = new WeakMap<FoundRelation, Omit<Splice, 'span'>>()

function editFor(schema: string, name: string): Omit<Splice, 'span'> {
  return { text: quoteName([schema, name]), edit: { do: 'QualifyRelation', schema, name } }
}

function findRelation(access: RelationAccess, facts: StatementFacts, lookup: Lookup): RelationResult {
  const { database, schema } = partsOf(access.name)
  if (access.name.length > 3) return { refusal: tooManyParts(access.name, access.span.start) }
  if (database !== undefined && database !== lookup.catalog.database) return { refusal: otherDatabase(access, facts) }
  if (access.presence === 'Made') return findMade(access, facts, lookup)
  return schema === undefined ? findOnPath(access, facts, lookup) : findIn(schema, access, facts, lookup)
}

function findIn(written: string, access: RelationAccess, facts: StatementFacts, lookup: Lookup): RelationResult {
  const schema = lookup.schemaNamed(written)
  const { name } = partsOf(access.name)
  const relation = schema === undefined ? undefined : lookup.relation(schema, name)
  if (relation !== undefined) return { found: { schema: relation.schema, name, relation, qualify: false } }
  if (access.presence === 'Maybe') return { found: { schema: schema ?? written, name, qualify: false } }
  return { refusal: undefinedRelation(access, facts, schema !== undefined) }
}

function findOnPath(access: RelationAccess, facts: StatementFacts, lookup: Lookup): RelationResult {
  const { name } = partsOf(access.name)
  const hit = firstIn(lookup.context.path, schema => lookup.relation(schema, name))
  if (hit !== undefined) return { found: { schema: hit.schema, name, relation: hit.found, qualify: true } }
  if (access.presence !== 'Maybe') return { refusal: undefinedRelation(access, facts, true) }
  return { found: { schema: creationSchema(lookup) ?? 'pg_catalog', name, qualify: true } }
}

function findMade(access: RelationAccess, facts: StatementFacts, lookup: Lookup): RelationResult {
  const { schema: written, name } = partsOf(access.name)
  const temporary = lookup.context.own?.tempSchema ?? 'pg_temp'
  const made = (schema: string, qualify: boolean): RelationResult => ({ found: { schema, name, qualify } })
  if (written === 'pg_temp') return made(temporary, false)
  if (written !== undefined)
    return lookup.hasSchema(written)
      ? made(written, false)
      : { refusal: undefinedSchema(written, positionOfMade(access, facts)) }
  if (access.persistence === 'Temporary' || becomesTemporary(access, facts, lookup)) return made(temporary, false)
  const beside = schemaBeside(access, facts, lookup)
  if (beside !== undefined) return made(beside, false)
  const creation = creationSchema(lookup)
  if (creation === undefined) return { refusal: noCreationSchema(positionOfMade(access, facts)) }
  return creation === 'pg_temp' ? made(temporary, false) : made(creation, true)
}

/** The first schema of the path that the setting itself names. */
function creationSchema({ context, functionPath }: Lookup): string | undefined {
  return context.creation ?? functionPath.find(schema => schema !== 'pg_catalog')
}

/** PostgreSQL makes a view over a temporary relation temporary, of its own accord. */
function becomesTemporary(access: RelationAccess, facts: StatementFacts, lookup: Lookup): boolean {
  if (access.kind !== 'CreateView') return false
  return facts.relations.some(other => {
    if (other === access || other.presence === 'Made') return false
    const result = findRelation(other, facts, lookup)
    return 'found' in result && result.found.relation?.persistence === 'Temporary'
  })
}

/** A new index, and the new name in RENAME, lie in the schema of the relation that the statement is about. */
function schemaBeside(access: RelationAccess, facts: StatementFacts, lookup: Lookup): string | undefined {
  if (access.sort !== 'Index' && !access.kind.startsWith('Alter')) return undefined
  const subject = facts.relations.find(other => other !== access && other.presence !== 'Made')
  if (subject === undefined) return undefined
  const result = findRelation(subject, facts, lookup)
  return 'found' in result ? result.found.schema : undefined
}

/** Only CREATE TABLE points at the name. */
function positionOfMade(access: RelationAccess, facts: StatementFacts): number | undefined {
  return access.kind === 'CreateTable' && facts.carries === undefined && facts.kind === 'CreateTable'
    ? access.span.start
    : undefined
}

/** The schema of a session's temporary relations; `pg_temp` is what it is called while it does not exist. */
export function isTemporarySchema(schema: string): boolean {
  return schema === 'pg_temp' || /^pg_temp_\d+$/.test(schema)
}

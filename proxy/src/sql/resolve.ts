/** Facts plus catalog: what each name of a statement means, and the edits that make it mean that on the server too. */
import type { Catalog } from './catalog.ts'
import { BehindAccesses } from './resolve-behind-accesses.ts'
import { CallResolver } from './resolve-calls.ts'
import { addDroppedSchemas, goesBeyond } from './resolve-cascade.ts'
import { type Columns, findColumns } from './resolve-columns.ts'
import { type Lookup, makeLookup, type Overlay } from './resolve-lookup.ts'
import { type FoundRelation, findRelations, isTemporarySchema, qualifyRelation } from './resolve-relations.ts'
import { findType, qualifyType } from './resolve-types.ts'
import type { NameContext, Resolved, ResolvedAccess, ResolvedCall, Splice, SqlRefusal } from './resolved.ts'
import type { Call, RelationAccess, StatementFacts } from './statement.ts'
import { unknownSetting } from './unknown-settings.ts'

export type Refused = { readonly refusal: SqlRefusal }
export type Resolution = { readonly resolved: Resolved } | Refused

/** What every name of one statement means. `made`: what earlier statements of the same text have changed. */
export function resolve(facts: StatementFacts, catalog: Catalog, context: NameContext, made?: Overlay): Resolution {
  const unknown = unknownSetting(facts, catalog.server)
  if (unknown !== undefined) return { refusal: unknown }
  const lookup = makeLookup(catalog, insideSchema(facts, context), withSchema(facts, made))
  const found = findRelations(facts, lookup)
  if ('refusal' in found) return found
  const meant = findColumns(facts, found, lookup)
  if ('refusal' in meant) return meant
  const relations = resolveAccesses(facts, found, meant.columns, lookup)
  if ('refusal' in relations) return relations
  const types = resolveTypes(facts, lookup)
  if ('refusal' in types) return types
  const calls = resolveCalls([...facts.calls, ...meant.calls, ...selections(facts)], found, lookup)
  if ('refusal' in calls) return calls
  const splices = once([relations.splices, meant.splices, calls.splices, types.splices])
  const beyond = goesBeyond(facts, lookup) ? ({ beyond: true } as const) : {}
  return { resolved: { facts, relations: relations.accesses, calls: calls.calls, ...beyond, splices } }
}

/** The elements of CREATE SCHEMA are looked up and made in the new schema first. */
function insideSchema(facts: StatementFacts, context: NameContext): NameContext {
  const schema = newSchema(facts)
  if (schema === undefined) return context
  const { path, own } = context
  const implied = path.findIndex(place => place !== 'pg_catalog' && place !== own?.tempSchema)
  const at = implied < 0 ? path.length : implied
  return {
    ...context,
    path: [...path.slice(0, at), schema, ...path.slice(at).filter(place => place !== schema)],
    creation: schema,
  }
}

function withSchema(facts: StatementFacts, made: Overlay | undefined): Overlay | undefined {
  const schema = newSchema(facts)
  if (schema === undefined) return made
  return {
    relation: (place, name) => made?.relation(place, name),
    relationByOid: oid => made?.relationByOid(oid),
    functions: (place, name) => made?.functions(place, name) ?? [],
    type: (place, name) => made?.type(place, name),
    schema: name => (name === schema ? 'Made' : made?.schema(name)),
  }
}

function newSchema({ kind, objects }: StatementFacts): string | undefined {
  return kind === 'CreateSchema'
    ? objects.find(({ sort, act }) => sort === 'schema' && act === 'Create')?.name[0]
    : undefined
}

interface Relations {
  readonly accesses: readonly ResolvedAccess[]
  readonly splices: readonly Splice[]
}

function resolveAccesses(
  facts: StatementFacts,
  found: readonly FoundRelation[],
  columns: readonly Columns[],
  lookup: Lookup,
): Relations | Refused {
  const accesses: ResolvedAccess[] = []
  const behind = new BehindAccesses(lookup)
  const repeats = new Repeats(facts)
  const splices: Splice[] = []
  for (const [index, access] of facts.relations.entries()) {
    const meant = found[index]
    const read = columns[index] ?? 'All'
    if (meant === undefined || (access.onlyIfRead === true && read.length === 0)) continue
    const splice = qualifyRelation(access, meant)
    if (splice !== undefined) splices.push(splice)
    if (repeats.again(access, meant, read)) continue
    const one = resolveNamed(access, meant, read)
    accesses.push(one)
    const refusal = behind.add(access, one)
    if (refusal !== undefined) return refusal
  }
  const refusal = addDroppedSchemas(facts, lookup, behind)
  if (refusal !== undefined) return refusal
  for (const access of behind.accesses()) accesses.push(access)
  return { accesses, splices }
}

/** `DROP TABLE t, t, t …` thirty thousand times is one access. Where it matters which mention it is, each counts. */
class Repeats {
  readonly #counts: boolean
  readonly #last = new Map<FoundRelation, RelationAccess>()

  constructor({ relations, pins, sequences }: StatementFacts) {
    this.#counts = relations.length <= few || pins.length + sequences.length > 0
  }

  /** Whether this says nothing that the last mention of the same relation did not say. */
  again(access: RelationAccess, meant: FoundRelation, columns: Columns): boolean {
    if (this.#counts || columns !== 'All') return false
    const last = this.#last.get(meant)
    this.#last.set(meant, access)
    return (
      last?.kind === access.kind &&
      last.part === access.part &&
      last.only === access.only &&
      last.cascade === access.cascade
    )
  }
}

/** Up to here it is not worth looking. */
const few = 100

function resolveNamed(
  { kind, part, span }: RelationAccess,
  { schema, name, relation }: FoundRelation,
  columns: Columns,
): ResolvedAccess {
  const reach = 'Named'
  if (relation === undefined) {
    const [isSystem, isTemporary] = [isSystemSchema(schema), isTemporarySchema(schema)]
    return { schema, name, kind, part, span, isSystem, isTemporary, columns, reach }
  }
  const isTemporary = relation.persistence === 'Temporary'
  return { schema, name, relation, kind, part, span, isSystem: relation.isSystem, isTemporary, columns, reach }
}

/** `(expr).f`: what expr is, is not known here; where a function f of one argument exists, it may be meant. */
function selections(facts: StatementFacts): readonly Call[] {
  return facts.selections
    .filter(({ name }) => name !== '*')
    .map(({ name, location, part }) => ({ form: 'Function', name: [name], arity: 1, loose: false, location, part }))
}

function resolveCalls(
  written: readonly Call[],
  found: readonly FoundRelation[],
  lookup: Lookup,
): { readonly calls: readonly ResolvedCall[]; readonly splices: readonly Splice[] } | Refused {
  let names: Set<string> | undefined
  const isColumn = (name: string): boolean => {
    names ??= columnNames(found)
    return names.has(name)
  }
  const resolver = new CallResolver(lookup, isColumn)
  const calls: ResolvedCall[] = []
  const splices: Splice[] = []
  for (const call of written) {
    const result = resolver.resolve(call)
    if ('refusal' in result) return result
    if (result.call !== undefined) calls.push(result.call)
    for (const splice of result.splices) splices.push(splice)
  }
  return { calls, splices }
}

function columnNames(found: readonly FoundRelation[]): Set<string> {
  const relations = new Set(found.map(({ relation }) => relation))
  const names = new Set<string>()
  for (const relation of relations) for (const { name } of relation?.columns ?? []) names.add(name)
  return names
}

function resolveTypes(facts: StatementFacts, lookup: Lookup): { readonly splices: readonly Splice[] } | Refused {
  const splices: Splice[] = []
  const known = new Map<string, ReturnType<typeof findType>>()
  for (const mention of facts.types) {
    const key = `${mention.isArray === true} ${mention.name.join('\0')}`
    const type = known.get(key) ?? findType(mention.name, mention.location, lookup, mention.isArray)
    if (type === 'Serial') continue
    if ('refusal' in type) return isPlaced(facts, lookup) ? type : { refusal: withoutPlace(type.refusal) }
    known.set(key, type)
    const splice = qualifyType(mention, type, lookup)
    if (splice !== undefined) splices.push(splice)
  }
  return { splices }
}

/** What names a type to define or to find something looks it up where no position is known any more. */
function isPlaced({ kind }: StatementFacts, { catalog }: Lookup): boolean {
  return !placeless.test(kind) && !(kind === 'CreateDomain' && catalog.server < 18)
}

const placeless =
  /^(Drop|Comment|Grant|Revoke|SecurityLabel|(Create|Alter)(Function|Procedure|Aggregate|Cast|Operator|Type|Transform))/

function withoutPlace({ location: _, ...refusal }: SqlRefusal): SqlRefusal {
  return refusal
}

/** Several accesses of one mention give the same splice. */
function once(lists: readonly (readonly Splice[])[]): readonly Splice[] {
  const byStart = new Map<number, Splice>()
  const more: Splice[] = []
  for (const splices of lists)
    for (const splice of splices) {
      const known = byStart.get(splice.span.start)
      if (known === undefined) byStart.set(splice.span.start, splice)
      else if (known.text !== splice.text || known.span.end !== splice.span.end) more.push(splice)
    }
  return [...byStart.values(), ...more]
}

function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || schema === 'pg_toast'
}

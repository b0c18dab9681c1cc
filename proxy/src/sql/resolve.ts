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
  const splices = once([...relations.splices, ...meant.splices, ...calls.splices, ...types.splices])
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
  const named: ResolvedAccess[] = []
  const behind = new BehindAccesses(lookup)
  const splices: Splice[] = []
  for (const [index, access] of facts.relations.entries()) {
    const meant = found[index]
    if (meant === undefined || (access.onlyIfRead === true && columns[index]?.length === 0)) continue
    const one = resolveNamed(access, meant, columns[index] ?? 'All')
    named.push(one)
    const refusal = behind.add(access, one)
    if (refusal !== undefined) return refusal
    splices.push(...qualifyRelation(access, meant))
  }
  const refusal = addDroppedSchemas(facts, lookup, behind)
  return refusal ?? { accesses: [...named, ...behind.accesses()], splices }
}

function resolveNamed(
  access: RelationAccess,
  { schema, name, relation }: FoundRelation,
  columns: Columns,
): ResolvedAccess {
  const { kind, part, span } = access
  return {
    schema,
    name,
    ...(relation === undefined ? {} : { relation }),
    kind,
    part,
    span,
    isSystem: relation?.isSystem ?? isSystemSchema(schema),
    isTemporary: relation === undefined ? isTemporarySchema(schema) : relation.persistence === 'Temporary',
    columns,
    reach: 'Named',
  }
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
  const relations = new Set(found.flatMap(({ relation }) => relation ?? []))
  const isColumn = (name: string): boolean =>
    [...relations].some(({ columns }) => columns.some(one => one.name === name))
  const resolver = new CallResolver(lookup, isColumn)
  const calls: ResolvedCall[] = []
  const splices: Splice[] = []
  for (const call of written) {
    const result = resolver.resolve(call)
    if ('refusal' in result) return result
    if (result.call !== undefined) calls.push(result.call)
    splices.push(...result.splices)
  }
  return { calls, splices }
}

function resolveTypes(facts: StatementFacts, lookup: Lookup): { readonly splices: readonly Splice[] } | Refused {
  const splices: Splice[] = []
  for (const mention of facts.types) {
    const type = findType(mention.name, mention.location, lookup, mention.isArray)
    if (type === 'Serial') continue
    if ('refusal' in type) return isPlaced(facts, lookup) ? type : { refusal: withoutPlace(type.refusal) }
    splices.push(...qualifyType(mention, type, lookup))
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
function once(splices: readonly Splice[]): readonly Splice[] {
  return [
    ...new Map(splices.map(splice => [`${splice.span.start} ${splice.span.end} ${splice.text}`, splice])).values(),
  ]
}

function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || schema === 'pg_toast'
}

/**
 * Type names: which type each means, and the functions that a cast to it may run. Type names are looked up along the
 * whole path, temporary schema included: a temporary table is a type as well, and takes the name of a built-in one.
 */
import type { FunctionEntry, TypeEntry } from './catalog.ts'
import { quoteName } from './quote.ts'
import { undefinedSchema, undefinedType } from './resolve-errors.ts'
import { firstIn, type Lookup, partsOf } from './resolve-lookup.ts'
import type { Splice, SqlRefusal } from './resolved.ts'
import type { Name, TypeMention } from './statement.ts'

/** The type that a name means; 'Serial' for what only CREATE TABLE knows, and makes an integer of. */
export function findType(
  name: Name,
  location: number,
  lookup: Lookup,
  isArray = false,
): TypeEntry | 'Serial' | { readonly refusal: SqlRefusal } {
  const { schema, name: bare } = partsOf(name)
  if (schema === undefined) {
    return (
      firstIn(lookup.context.path, place => lookup.type(place, bare))?.found ??
      (serials.has(bare) ? 'Serial' : { refusal: undefinedType(name, location, isArray) })
    )
  }
  const place = lookup.schemaNamed(schema)
  if (place === undefined) return { refusal: undefinedSchema(schema, location) }
  return lookup.type(place, bare) ?? { refusal: undefinedType(name, location, isArray) }
}

const serials: ReadonlySet<string> = new Set(['serial', 'serial2', 'serial4', 'serial8', 'smallserial', 'bigserial'])

/** Sends a type on with its schema, unless it is pg_catalog's and nothing is searched before that. */
export function qualifyType(mention: TypeMention, type: TypeEntry, lookup: Lookup): Splice | undefined {
  const { wordSince = 0, span } = mention
  const name = mention.name.at(-1)
  const bare = mention.name.length === 1 || wordSince > lookup.catalog.server
  if (name === undefined || !bare || span.start === span.end) return undefined
  if (type.schema === 'pg_catalog' && lookup.context.path[0] === 'pg_catalog') return undefined
  // CREATE TABLE takes a bare `serial` for its own word, whatever type there is of that name.
  if (serials.has(name)) return undefined
  const { schema } = type
  return { span: mention.span, text: quoteName([schema, name]), edit: { do: 'QualifyType', schema, name } }
}

/**
 * Functions that an explicit cast to this type may run: those of its casts, of its element's, of a domain's base, and of
 * the columns of a row type, since `ROW(…)::t` casts each. Input and output functions of types are not counted: only
 * superusers make them. Nor are implicit and assignment casts, which nobody names: whoever owns the type attached
 * them, as with triggers and domain checks; those of PostgreSQL itself are harmless. `undefined`: not known.
 */
export function castFunctions(type: TypeEntry, lookup: Lookup): readonly FunctionEntry[] | undefined {
  const found = new Map<number, FunctionEntry>()
  const seen = new Set<number>()
  const pending: (TypeEntry | number)[] = [type, ...arrayOf(type, lookup)]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [oid, entry] = typeof next === 'number' ? [next, lookup.typeByOid(next)] : [next.oid, next]
    if (oid !== 0 && seen.has(oid)) continue
    seen.add(oid)
    for (const cast of lookup.castsTo(oid)) {
      if (cast.function === 0) continue
      const called = lookup.functionByOid(cast.function)
      if (called === undefined) return undefined
      found.set(called.oid, called)
    }
    // Types of the session's own, under a row type's columns, are not looked into: their casts were found by oid.
    if (entry !== undefined) pending.push(...partTypes(entry, lookup))
  }
  return [...found.values()]
}

function partTypes(type: TypeEntry, lookup: Lookup): readonly number[] {
  const columns = type.relation === undefined ? [] : (lookup.relation(type.schema, type.name)?.columns ?? [])
  return [...(type.element === undefined ? [] : [type.element]), ...columns.map(column => column.type)]
}

/** `x::foo[]` names only `foo`. */
function arrayOf(type: TypeEntry, lookup: Lookup): readonly TypeEntry[] {
  const array = lookup.type(type.schema, `_${type.name}`)
  return array === undefined ? [] : [array]
}

/**
 * Looking names up: the shared catalog, over it what only this session sees, over that what earlier statements of the
 * same text made. Everything that resolves asks here, so that no layer can be forgotten.
 */
import type { Catalog, FunctionEntry, OperatorEntry, RelationEntry, TypeEntry } from './catalog.ts'
import type { NameContext } from './resolved.ts'
import type { Name } from './statement.ts'

/** What statements before this one in the same text have made, renamed or dropped. */
export interface Overlay {
  relation(schema: string, name: string): RelationEntry | 'Dropped' | undefined
  /** A type that they made: its schema knows it, its casts and functions are not known. */
  type(schema: string, name: string): TypeEntry | undefined
  schema(name: string): 'Made' | 'Dropped' | undefined
}

export interface Lookup {
  readonly catalog: Catalog
  readonly context: NameContext
  /** Whether the schema exists; `pg_temp` is the session's own. */
  hasSchema(name: string): boolean
  /** `pg_temp` → the session's temporary schema, or undefined while it has none. */
  schemaNamed(name: string): string | undefined
  relation(schema: string, name: string): RelationEntry | undefined
  relationByOid(oid: number): RelationEntry | undefined
  /** Where functions and operators are looked up: the path without the temporary schema. */
  readonly functionPath: readonly string[]
  functions(schema: string, name: string): readonly FunctionEntry[]
  operators(schema: string, name: string): readonly OperatorEntry[]
  type(schema: string, name: string): TypeEntry | undefined
}

export function makeLookup(catalog: Catalog, context: NameContext, overlay?: Overlay): Lookup {
  const { own, path } = context
  const relation = (schema: string, name: string): RelationEntry | undefined => {
    const entry = overlay?.relation(schema, name) ?? own?.relation(schema, name) ?? catalog.relation(schema, name)
    return entry === 'Dropped' ? undefined : entry
  }
  const hasSchema = (name: string): boolean => {
    const made = overlay?.schema(name)
    if (made !== undefined) return made === 'Made'
    return name === own?.tempSchema || catalog.schema(name) !== undefined
  }
  return {
    catalog,
    context,
    relation,
    hasSchema,
    schemaNamed: name => (name === 'pg_temp' ? own?.tempSchema : hasSchema(name) ? name : undefined),
    relationByOid: oid => own?.relationByOid?.(oid) ?? catalog.relationByOid(oid),
    functionPath: path.filter(schema => schema !== own?.tempSchema && schema !== 'pg_temp'),
    functions: (schema, name) => own?.functions(schema, name) ?? catalog.functions(schema, name),
    operators: (schema, name) => catalog.operators(schema, name),
    type: (schema, name) =>
      overlay?.type(schema, name) ?? rowType(relation(schema, name)) ?? catalog.type(schema, name),
  }
}

/** The temporary and uncommitted relations of a session have row types that the shared catalog does not know. */
function rowType(relation: RelationEntry | undefined): TypeEntry | undefined {
  if (relation === undefined || relation.sort === 'Index' || relation.sort === 'Sequence' || relation.sort === 'Toast')
    return undefined
  return { oid: 0, schema: relation.schema, name: relation.name, sort: 'Composite', relation: relation.oid }
}

/** The first schema of `path` in which `find` finds something, and what. */
export function firstIn<Found>(
  path: readonly string[],
  find: (schema: string) => Found | undefined,
): { readonly schema: string; readonly found: Found } | undefined {
  for (const schema of path) {
    const found = find(schema)
    if (found !== undefined) return { schema, found }
  }
  return undefined
}

/** `['shop', 'orders']` → schema and name; a third part before them is the database. */
export function partsOf(name: Name): { readonly database?: string; readonly schema?: string; readonly name: string } {
  const [last = '', schema, database] = name.toReversed()
  return { ...(database === undefined ? {} : { database }), ...(schema === undefined ? {} : { schema }), name: last }
}

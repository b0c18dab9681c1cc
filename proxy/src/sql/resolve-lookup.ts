/**
 * Looking names up: the shared catalog, over it what only this session sees, over that what earlier statements of the
 * same text made. Everything that resolves asks here, so that no layer can be forgotten.
 */
import {
  type CastEntry,
  type Catalog,
  type FunctionEntry,
  firstUserOid,
  type OperatorEntry,
  type RelationEntry,
  type SchemaContents,
  type TypeEntry,
} from './catalog.ts'
import { systemColumns } from './lists/relations.ts'
import type { NameContext } from './resolved.ts'
import type { Name } from './statement.ts'

/** What statements before this one in the same text have made, renamed or dropped. */
export interface Overlay {
  relation(schema: string, name: string): RelationEntry | 'Dropped' | undefined
  relationByOid(oid: number): RelationEntry | undefined
  /** Functions that they made, beside those that there are. */
  functions(schema: string, name: string): readonly FunctionEntry[]
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
  contents(schema: string): SchemaContents
  /** Where functions and operators are looked up: the path without the temporary schema. */
  readonly functionPath: readonly string[]
  functions(schema: string, name: string): readonly FunctionEntry[]
  operators(schema: string, name: string): readonly OperatorEntry[]
  type(schema: string, name: string): TypeEntry | undefined
  typeByOid(oid: number): TypeEntry | undefined
  functionByOid(oid: number): FunctionEntry | undefined
  castsTo(typeOid: number): readonly CastEntry[]
  /** The columns of a system relation that nobody may read, if others may be. */
  closedColumns(relation: RelationEntry): readonly string[]
}

export function makeLookup(catalog: Catalog, context: NameContext, overlay?: Overlay): Lookup {
  const { own, path } = context
  const closed = new Map<RelationEntry, readonly string[]>()
  const relation = (schema: string, name: string): RelationEntry | undefined => {
    const entry = overlay?.relation(schema, name) ?? own?.relation(schema, name) ?? catalog.relation(schema, name)
    return entry === 'Dropped' ? undefined : entry
  }
  const hasSchema = (name: string): boolean => {
    const made = overlay?.schema(name)
    if (made !== undefined) return made === 'Made'
    const entry = own?.schema?.(name) ?? catalog.schema(name)
    return name === own?.tempSchema || (entry !== undefined && entry !== 'Dropped')
  }
  const type = (schema: string, name: string): TypeEntry | undefined => {
    const made = overlay?.type(schema, name)
    if (made !== undefined) return made
    const shared = catalog.type(schema, name)
    const mine = overlay?.relation(schema, name) ?? own?.relation(schema, name)
    const asked = own?.type?.(schema, name)
    const committed = asked === 'Dropped' && isMade(shared) ? undefined : shared
    const entry = asked !== undefined && asked !== 'Dropped' ? asked : (rowType(mine, shared) ?? committed)
    return mine === 'Dropped' && entry?.relation !== undefined ? undefined : entry
  }
  const operators = (schema: string, name: string): readonly OperatorEntry[] => {
    const asked = own?.operators?.(schema, name)
    const shared = catalog.operators(schema, name)
    return asked === undefined ? shared : [...shared.filter(entry => !isMade(entry)), ...asked]
  }
  return {
    catalog,
    context,
    relation,
    hasSchema,
    schemaNamed: name => (name === 'pg_temp' ? own?.tempSchema : hasSchema(name) ? name : undefined),
    contents: schema => catalog.contents(schema),
    relationByOid: oid => overlay?.relationByOid(oid) ?? own?.relationByOid?.(oid) ?? catalog.relationByOid(oid),
    functionPath: path.filter(schema => schema !== own?.tempSchema && schema !== 'pg_temp'),
    functions: (schema, name) => {
      const made = overlay?.functions(schema, name) ?? []
      const known = own?.functions(schema, name) ?? catalog.functions(schema, name)
      return made.length === 0 ? known : [...known, ...made]
    },
    operators,
    type,
    typeByOid: oid => own?.typeByOid?.(oid) ?? catalog.typeByOid(oid),
    functionByOid: oid => own?.functionByOid?.(oid) ?? catalog.functionByOid(oid),
    castsTo: oid => [...catalog.castsTo(oid), ...(own?.castsTo?.(oid) ?? [])],
    closedColumns: entry => {
      const columns = closed.get(entry) ?? closedColumns(entry, catalog.server)
      closed.set(entry, columns)
      return columns
    },
  }
}

/** By anyone but initdb. */
function isMade(entry: { readonly oid: number } | undefined): boolean {
  return entry !== undefined && entry.oid >= firstUserOid
}

/** What the list does not have is closed as well. */
function closedColumns(
  { isSystem, schema, name, columns }: RelationEntry,
  server: Catalog['server'],
): readonly string[] {
  const listed = isSystem ? systemColumns(server, schema, name) : 'Closed'
  if (listed === 'Closed' || listed.readable === 'All') return []
  const { readable } = listed
  return columns.map(column => column.name).filter(column => !readable.includes(column))
}

/** The temporary and uncommitted relations of a session have row types that the shared catalog need not know. */
function rowType(mine: RelationEntry | 'Dropped' | undefined, shared: TypeEntry | undefined): TypeEntry | undefined {
  if (mine === undefined || mine === 'Dropped' || typeless.has(mine.sort)) return undefined
  if (shared !== undefined && shared.relation === mine.oid) return shared
  return { oid: 0, schema: mine.schema, name: mine.name, sort: 'Composite', relation: mine.oid }
}

const typeless: ReadonlySet<string> = new Set(['Index', 'Sequence', 'Toast'])

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
  const [schema, database] = [name.at(-2), name.at(-3)]
  return {
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    name: name.at(-1) ?? '',
  }
}

/**
 * A catalog from a description, for policy tests that need no database:
 *
 *     server: 18
 *     relations:
 *       public.orders: [id, tenant_id, total]
 *       public.totals: {view: [public.orders], columns: [tenant_id, total]}
 *       public.events: {partitions: [public.events_2025], columns: [at, what]}
 *     functions: ["public.search_products(text)", {name: "public.refresh()", procedure: true}]
 *
 * What describes the schema (pg_catalog, information_schema) is there by itself. Every column is of type text: which
 * candidates a call has does not depend on types.
 */

import { builtins } from './builtins.ts'
import type { Catalog, FunctionEntry, RelationEntry, SchemaEntry, ServerMajor } from './catalog.ts'
import { type Described, type DescribedRelation, describe } from './catalog-description.ts'
import systemTable from './lists/relations.generated.json' with { type: 'json' }
import { systemRelations } from './lists/relations.ts'

const text = 25
const systemSchemas = ['pg_catalog', 'information_schema']

/** The catalog that a parsed YAML describes, or what is wrong with it. */
export function describedCatalog(
  value: unknown,
  database = 'postgres',
): { readonly catalog: Catalog } | { readonly problems: readonly string[] } {
  const described = describe(value)
  return 'problems' in described ? described : { catalog: catalogOf(described, database) }
}

function catalogOf(described: Described, database: string): Catalog {
  const { server } = described
  const base = builtins(server)
  const relations = [...userRelations(described.relations), ...systemEntries(server)]
  const functions = [...userFunctions(described), ...base.functions]
  const schemas = schemaEntries([...relations, ...functions].map(({ schema }) => schema))
  return {
    version: 1,
    database,
    server,
    schema: name => schemas.get(name),
    contents: schema => ({
      relations: relations.filter(entry => entry.schema === schema),
      definitions: functions.some(entry => entry.schema === schema),
    }),
    ...finders(relations, functions),
    operators: finder(base.operators),
    type: (schema, name) => base.types.find(entry => entry.schema === schema && entry.name === name),
    typeByOid: byOid(base.types),
    castsTo: oid => base.casts.filter(({ target }) => target === oid),
  }
}

function finders(relations: readonly RelationEntry[], functions: readonly FunctionEntry[]) {
  const named = finder(relations)
  return {
    relation: (schema: string, name: string) => named(schema, name)[0],
    relationByOid: byOid(relations),
    functions: finder(functions),
    functionByOid: byOid(functions),
  }
}

function finder<T extends { readonly schema: string; readonly name: string }>(entries: readonly T[]) {
  const byName = Map.groupBy(entries, ({ schema, name }) => `${schema}\0${name}`)
  return (schema: string, name: string): readonly T[] => byName.get(`${schema}\0${name}`) ?? []
}

function byOid<T extends { readonly oid: number }>(entries: readonly T[]): (oid: number) => T | undefined {
  const found = new Map(entries.map(entry => [entry.oid, entry]))
  return oid => found.get(oid)
}

function schemaEntries(names: readonly string[]): ReadonlyMap<string, SchemaEntry> {
  const distinct = [...new Set(['public', ...systemSchemas, ...names])]
  return new Map(distinct.map((name, index) => [name, { oid: 20_000 + index, name, usableBy: () => true }]))
}

const firstRelation = 30_000

function userRelations(relations: readonly DescribedRelation[]): readonly RelationEntry[] {
  const oidOf = (name: string) => firstRelation + relations.findIndex(({ key }) => key === name)
  const those = (whose: (relation: DescribedRelation) => boolean) =>
    relations.filter(whose).map(({ key }) => oidOf(key))
  return relations.map(({ key, schema, name, columns, view, partitions }) => ({
    ...plain(oidOf(key), schema, name, columns),
    sort: view !== undefined ? 'View' : partitions.length > 0 ? 'Partitioned' : 'Table',
    children: partitions.map(oidOf),
    parents: those(other => other.partitions.includes(key)),
    reads: (view ?? []).map(oidOf),
    readBy: those(other => other.view?.includes(key) === true),
    referencedBy: relations
      .filter(other => other.cascadesFrom.includes(key))
      .map(other => ({ oid: oidOf(other.key), onDelete: 'Cascade', onUpdate: 'Cascade' })),
  }))
}

function systemEntries(server: ServerMajor): readonly RelationEntry[] {
  return systemRelations(server).map((full, index) => {
    const [schema = '', name = ''] = full.split('.')
    const names = Object.entries(columnsOf[full] ?? {}).filter(
      ([, [since = 99, until = 0]]) => server >= since && server <= until,
    )
    return {
      ...plain(
        10_000 + index,
        schema,
        name,
        names.map(([column]) => column),
      ),
      isSystem: true,
    }
  })
}

const columnsOf = systemTable.relations as unknown as Readonly<
  Record<string, Readonly<Record<string, readonly number[]>>>
>

function plain(oid: number, schema: string, name: string, columns: readonly string[]): RelationEntry {
  return {
    oid,
    schema,
    name,
    sort: 'Table',
    persistence: 'Permanent',
    columns: columns.map(column => ({ name: column, type: text })),
    children: [],
    parents: [],
    reads: [],
    readBy: [],
    referencedBy: [],
    rules: [],
    isSystem: false,
  }
}

function userFunctions({ functions }: Described): readonly FunctionEntry[] {
  return functions.map((each, index) => ({ oid: 40_000 + index, defaults: 0, variadic: false, ...each }))
}

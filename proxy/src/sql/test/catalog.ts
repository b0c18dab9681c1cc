/** A small catalog made by hand, for tests that need no server. Oids are given in order; columns are text unless told. */
import type {
  CastEntry,
  Catalog,
  FunctionEntry,
  OperatorEntry,
  RelationEntry,
  SchemaEntry,
  TypeEntry,
} from '../catalog.ts'

export interface CatalogParts {
  readonly schemas?: readonly (string | { readonly name: string; readonly usableBy: readonly string[] })[]
  readonly relations?: readonly RelationPart[]
  readonly functions?: readonly (Partial<FunctionEntry> & Pick<FunctionEntry, 'name'>)[]
  readonly operators?: readonly (Partial<OperatorEntry> & Pick<OperatorEntry, 'name'>)[]
  readonly types?: readonly (Partial<TypeEntry> & Pick<TypeEntry, 'name'>)[]
  readonly casts?: readonly CastEntry[]
}

/** `name` may be `schema.name`; relations it points at are given by name. */
export interface RelationPart {
  readonly name: string
  readonly sort?: RelationEntry['sort']
  readonly persistence?: RelationEntry['persistence']
  readonly columns?: readonly string[]
  readonly children?: readonly string[]
  readonly reads?: readonly string[]
  readonly owner?: string
  readonly rules?: RelationEntry['rules']
  readonly referencedBy?: readonly {
    readonly name: string
    readonly onDelete?: RelationEntry['referencedBy'][number]['onDelete']
    readonly onUpdate?: RelationEntry['referencedBy'][number]['onUpdate']
  }[]
}

export const textType = 25

export function makeCatalog(parts: CatalogParts): Catalog {
  const schemas = new Map(
    ['pg_catalog', 'public', ...(parts.schemas ?? [])].map((part, index) => schemaEntry(part, index + 1)),
  )
  const relations = relationEntries(parts.relations ?? [])
  const byName = new Map(relations.map(entry => [`${entry.schema}.${entry.name}`, entry]))
  const byOid = new Map(relations.map(entry => [entry.oid, entry]))
  const functions = (parts.functions ?? []).map((part, index) => functionEntry(part, 5000 + index))
  const operators = (parts.operators ?? []).map((part, index) => operatorEntry(part, 6000 + index))
  const types = [
    typeEntry({ name: 'text', schema: 'pg_catalog', oid: textType }, 0),
    ...(parts.types ?? []).map((part, index) => typeEntry(part, 7000 + index)),
  ]
  return {
    version: 1,
    database: 'shop',
    server: 18,
    schema: name => schemas.get(name),
    relation: (schema, name) => byName.get(`${schema}.${name}`),
    relationByOid: oid => byOid.get(oid),
    contents: schema => ({
      relations: relations.filter(entry => entry.schema === schema),
      definitions: functions.some(entry => entry.schema === schema),
    }),
    functions: (schema, name) => functions.filter(entry => entry.schema === schema && entry.name === name),
    operators: (schema, name) => operators.filter(entry => entry.schema === schema && entry.name === name),
    type: (schema, name) => types.find(entry => entry.schema === schema && entry.name === name),
    typeByOid: oid => types.find(entry => entry.oid === oid),
    castsTo: oid => (parts.casts ?? []).filter(cast => cast.target === oid),
    functionByOid: oid => functions.find(entry => entry.oid === oid),
  }
}

function schemaEntry(part: NonNullable<CatalogParts['schemas']>[number], oid: number): [string, SchemaEntry] {
  const name = typeof part === 'string' ? part : part.name
  return [name, { oid, name, usableBy: role => typeof part === 'string' || part.usableBy.includes(role) }]
}

function split(name: string): readonly [string, string] {
  const [first = '', second] = name.split('.')
  return second === undefined ? ['public', first] : [first, second]
}

function relationEntries(parts: readonly RelationPart[]): readonly RelationEntry[] {
  const oids = new Map(parts.map((part, index) => [split(part.name).join('.'), 1000 + index]))
  const oidOf = (name: string): number => oids.get(split(name).join('.')) ?? 1
  const pointing = (key: 'children' | 'reads'): ReadonlyMap<number, readonly number[]> => {
    const pairs = parts.flatMap(part => (part[key] ?? []).map(other => ({ from: oidOf(part.name), to: oidOf(other) })))
    const groups = Map.groupBy(pairs, ({ to }) => to)
    return new Map([...groups].map(([to, group]) => [to, group.map(({ from }) => from)]))
  }
  const [parentsOf, readersOf] = [pointing('children'), pointing('reads')]
  return parts.map(part => {
    const [schema, name] = split(part.name)
    return {
      oid: oidOf(part.name),
      schema,
      name,
      sort: part.sort ?? 'Table',
      persistence: part.persistence ?? 'Permanent',
      columns: (part.columns ?? ['id']).map(column => ({ name: column, type: textType })),
      children: (part.children ?? []).map(oidOf),
      parents: parentsOf.get(oidOf(part.name)) ?? [],
      reads: (part.reads ?? []).map(oidOf),
      readBy: readersOf.get(oidOf(part.name)) ?? [],
      referencedBy: (part.referencedBy ?? []).map(by => ({
        oid: oidOf(by.name),
        onDelete: by.onDelete ?? 'NoAction',
        onUpdate: by.onUpdate ?? 'NoAction',
      })),
      ...(part.owner === undefined ? {} : { owner: oidOf(part.owner) }),
      rules: part.rules ?? [],
      isSystem: schema === 'pg_catalog',
    }
  })
}

function functionEntry(part: NonNullable<CatalogParts['functions']>[number], oid: number): FunctionEntry {
  return { oid, schema: 'public', sort: 'Function', args: ['text'], defaults: 0, variadic: false, ...part }
}

function operatorEntry(part: NonNullable<CatalogParts['operators']>[number], oid: number): OperatorEntry {
  return { oid, schema: 'public', left: 'text', right: 'text', function: 5000, ...part }
}

function typeEntry(part: NonNullable<CatalogParts['types']>[number], oid: number): TypeEntry {
  return { oid, schema: 'public', sort: 'Base', ...part }
}

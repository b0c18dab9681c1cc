/** The description of a catalog, checked: `unknown` from YAML to names that exist. See described-catalog.ts. */
import type { FunctionEntry, ServerMajor } from './catalog.ts'

export interface Described {
  readonly server: ServerMajor
  readonly relations: readonly DescribedRelation[]
  readonly functions: readonly Pick<FunctionEntry, 'schema' | 'name' | 'args' | 'sort'>[]
}

export interface DescribedRelation {
  /** `schema.name` as written. */
  readonly key: string
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  /** Set for a view: what it reads. */
  readonly view?: readonly string[]
  readonly partitions: readonly string[]
  /** Relations whose DELETE and UPDATE reach this one by a foreign key. */
  readonly cascadesFrom: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>
type Report = (problem: string) => void

/** Every mistake is told; with one, there is no catalog. */
export function describe(value: unknown): Described | { readonly problems: readonly string[] } {
  const problems: string[] = []
  const report: Report = problem => void problems.push(problem)
  const fields = fieldsOf(value, 'catalog', ['server', 'relations', 'functions'], report)
  const relations = Object.entries(fieldsOf(fields.relations ?? {}, 'relations', undefined, report)).map(([key, of]) =>
    relation(key, of, report),
  )
  const names = new Set(relations.map(({ key }) => key))
  for (const { key, view = [], partitions, cascadesFrom } of relations)
    for (const other of [...view, ...partitions, ...cascadesFrom])
      if (!names.has(other)) report(`relations.${key}: "${other}" is not described`)
  const functions = listOf(fields.functions ?? [], 'functions', report).map((each, index) =>
    functionOf(each, `functions[${index}]`, report),
  )
  const server = serverOf(fields.server ?? 18, report)
  return problems.length > 0 ? { problems } : { server, relations, functions }
}

function relation(key: string, value: unknown, report: Report): DescribedRelation {
  const [schema = '', name, more] = key.split('.')
  if (name === undefined || name === '' || schema === '' || more !== undefined)
    report(`relations.${key}: write schema.name`)
  const path = `relations.${key}`
  const base = { key, schema, name: name ?? '', partitions: [], cascadesFrom: [] }
  if (Array.isArray(value)) return { ...base, columns: words(value, path, report) }
  const fields = fieldsOf(value, path, ['columns', 'view', 'partitions', 'cascadesFrom'], report)
  const list = (field: string) => words(fields[field] ?? [], `${path}.${field}`, report)
  const view = fields.view === undefined ? {} : { view: list('view') }
  return {
    ...base,
    columns: list('columns'),
    partitions: list('partitions'),
    cascadesFrom: list('cascadesFrom'),
    ...view,
  }
}

function functionOf(value: unknown, path: string, report: Report): Described['functions'][number] {
  const fields = typeof value === 'string' ? { name: value } : fieldsOf(value, path, ['name', 'procedure'], report)
  const [, schema, name, args] = /^([^.()]+)\.([^.()]+)\((.*)\)$/.exec(String(fields.name)) ?? []
  if (schema === undefined || name === undefined || args === undefined) report(`${path}: write schema.name(type, type)`)
  const given = args === undefined || args === '' ? [] : args.split(/,\s*/)
  return {
    schema: schema ?? '',
    name: name ?? '',
    args: given,
    sort: fields.procedure === true ? 'Procedure' : 'Function',
  }
}

function serverOf(value: unknown, report: Report): ServerMajor {
  if (value === 15 || value === 16 || value === 17 || value === 18) return value
  report('server: 15, 16, 17 or 18')
  return 18
}

function fieldsOf(value: unknown, path: string, known: readonly string[] | undefined, report: Report): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(`${path}: a map is expected`)
    return {}
  }
  for (const field of Object.keys(value))
    if (known?.includes(field) === false) report(`${path}.${field}: unknown field`)
  return { ...value }
}

function listOf(value: unknown, path: string, report: Report): readonly unknown[] {
  if (Array.isArray(value)) return value
  report(`${path}: a list is expected`)
  return []
}

function words(value: unknown, path: string, report: Report): readonly string[] {
  const list = listOf(value, path, report)
  if (list.some(word => typeof word !== 'string')) report(`${path}: names are expected`)
  return list.map(String)
}

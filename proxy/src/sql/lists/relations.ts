/**
 * Which system relations and columns may be read, by server version. The table is `relations.generated.json`, made of
 * real servers; `closed-relations.ts` says what of it is closed. Nobody writes to a system relation.
 */
import type { ServerMajor } from '../catalog.ts'
import { closedColumns, closedExtensionRelations, closedRelations } from './closed-relations.ts'
import table from './relations.generated.json' with { type: 'json' }

export type SystemSchema = 'pg_catalog' | 'information_schema' | 'pg_toast'

export interface ReadableColumns {
  /** 'All' where none is closed. Otherwise the columns that may be read, the columns that every table has among them. */
  readonly readable: 'All' | readonly string[]
  /** A star, a whole row and a NATURAL JOIN mean these too. */
  readonly closed: readonly string[]
  /**
   * The closed columns may be read all the same where the SELECT that reads this relation requires, by a conjunct of its
   * WHERE, that this column equals the literal name of a setting with `settingRule(…).read`.
   */
  readonly unlessPinned?: 'name'
}

type Spans = Readonly<Record<string, readonly number[]>>

const relations: ReadonlyMap<string, Spans> = new Map(
  Object.entries(table.relations as unknown as Record<string, Spans>),
)
const everyTableHas = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

/** What may be read of a relation in a system schema. Unknown relations, and all of pg_toast, are closed. */
export function systemColumns(server: ServerMajor, schema: string, relation: string): ReadableColumns | 'Closed' {
  return ofServer(server).get(`${schema}.${relation}`) ?? 'Closed'
}

/** Follows the name in an error: "pg_catalog.pg_authid holds password hashes". */
export function whyClosed(schema: string, relation: string, column?: string): string {
  const name = `${schema}.${relation}`
  const ofColumn = column === undefined ? undefined : own(own(closedColumns, name), column)
  return ofColumn ?? own(closedRelations, name) ?? 'is not among the system relations that were looked at'
}

/**
 * Why a relation of an extension is closed, whatever a policy allows; undefined: it is an ordinary relation. Where nobody
 * can say which extension owns it, its name decides.
 */
export function closedExtensionRelation(extension: string | undefined, relation: string): string | undefined {
  if (extension !== undefined) return own(own(closedExtensionRelations, extension), relation)
  return Object.values(closedExtensionRelations)
    .map(relations => own(relations, relation))
    .find(why => why !== undefined)
}

/** The relations that a version has, as `schema.relation`; tests and docs walk it. */
export function systemRelations(server: ServerMajor): readonly string[] {
  return [...ofServer(server).keys()]
}

const byServer = new Map<ServerMajor, ReadonlyMap<string, ReadableColumns | 'Closed'>>()

/** Made once for each version that is met: it is asked for every system relation of every statement. */
function ofServer(server: ServerMajor): ReadonlyMap<string, ReadableColumns | 'Closed'> {
  const known = byServer.get(server)
  if (known !== undefined) return known
  const having = [...relations].map(([name, spans]) => [name, columnsOf(server, spans)] as const)
  const made = new Map(
    having.filter(([, columns]) => columns.length > 0).map(([name, columns]) => [name, judge(name, columns)]),
  )
  byServer.set(server, made)
  return made
}

function judge(name: string, columns: readonly string[]): ReadableColumns | 'Closed' {
  if (own(closedRelations, name) !== undefined) return 'Closed'
  const closed = columns.filter(column => own(own(closedColumns, name), column) !== undefined)
  if (closed.length === 0) return { readable: 'All', closed }
  const readable = [...columns.filter(column => !closed.includes(column)), ...everyTableHas]
  return name === 'pg_catalog.pg_settings' ? { readable, closed, unlessPinned: 'name' } : { readable, closed }
}

function columnsOf(server: ServerMajor, spans: Spans): readonly string[] {
  const having = Object.entries(spans).filter(([, [since = 99, until = 0]]) => server >= since && server <= until)
  return having.map(([column]) => column)
}

/** A key's value, and never what every object inherits: a relation may be named `constructor`. */
function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}

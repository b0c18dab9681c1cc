/** Reads rows of the sources and link groups into a state. All of it runs inside one snapshot that the caller opened. */
import { usableSql } from './poll-sql.ts'
import { literal, type Query } from './query.ts'
import { type Item, itemOf } from './shelf.ts'
import { type LinkGroupName, linkGroupNames, linkGroups, type SourceName, sourceNames, sources } from './sources.ts'
import { linksOf, type State } from './state.ts'

/** Rows a question asks for at most, so that neither side holds a whole catalog of text at once. */
const batch = 500

/** Everything. Rows that say what `known` says stay the same objects. */
export async function readAll(query: Query, known: State, roles: readonly string[]): Promise<State> {
  let state = known
  for (const name of sourceNames) state = await readSource(query, state, name)
  state = await readLinks(query, state, linkGroupNames)
  return readUsable(query, state, roles)
}

/** One source, whole. */
export async function readSource(query: Query, state: State, name: SourceName): Promise<State> {
  const { where, select } = sources[name]
  const items: Item[] = []
  const schemas = new Map<string, string>()
  for (let last = 0, read = batch; read === batch; last = items.at(-1)?.oid ?? last) {
    const rows = await query(`${select(`${where} AND t.oid > ${last}::pg_catalog.oid`)} ORDER BY t.oid LIMIT ${batch}`)
    for (const row of rows) items.push(itemOf(row, schemas))
    read = rows.length
  }
  return withShelf(state, name, state.shelves[name].replaced(items))
}

/** Those rows of a source; what is not there (any more, or not for us) is left as it is. */
export async function readRows(query: Query, state: State, name: SourceName, oids: readonly number[]): Promise<State> {
  const { where, select } = sources[name]
  const schemas = new Map(state.shelves[name].schemas().map(schema => [schema, schema]))
  let shelf = state.shelves[name]
  for (let start = 0; start < oids.length; start += batch) {
    const list = oids.slice(start, start + batch).join(',')
    const rows = await query(select(`${where} AND t.oid = ANY ('{${list}}'::pg_catalog.oid[])`))
    shelf = shelf.updated(rows.map(row => itemOf(row, schemas)))
  }
  return withShelf(state, name, shelf)
}

/** Takes out what the source no longer has. Counts by ranges of oids tell where to look: not every oid is sent. */
export async function readDeletions(query: Query, state: State, name: SourceName): Promise<State> {
  const { from, where } = sources[name]
  const shelf = state.shelves[name]
  const range = `t.oid::pg_catalog.int8 / ${oidRange}`
  const counts = await query(`SELECT ${range}, count(*) FROM ${from} WHERE ${where} GROUP BY 1`)
  const known = rangesOf(shelf)
  for (const [place, count] of counts)
    if (known.get(Number(place))?.length === Number(count)) known.delete(Number(place))
  const rows = await query(
    `SELECT t.oid FROM ${from} WHERE ${where} AND ${range} = ANY ('{${[...known.keys()].join(',')}}'::pg_catalog.int8[])`,
  )
  const present = new Set(rows.map(([oid]) => Number(oid)))
  const gone = [...known.values()].flat().filter(oid => !present.has(oid))
  return withShelf(state, name, shelf.with([], gone))
}

/** oids counted together. */
const oidRange = 1_024

function rangesOf(shelf: State['shelves'][SourceName]): Map<number, number[]> {
  const ranges = new Map<number, number[]>()
  for (const { oid } of shelf.byOid.values()) {
    const place = Math.floor(oid / oidRange)
    const oids = ranges.get(place)
    if (oids === undefined) ranges.set(place, [oid])
    else oids.push(oid)
  }
  return ranges
}

export async function readLinks(query: Query, state: State, groups: readonly LinkGroupName[]): Promise<State> {
  if (groups.length === 0) return state
  let links = state.links
  for (const group of groups) links = { ...links, ...linksOf(group, await query(linkGroups[group].select)) }
  return { ...state, links }
}

export async function readUsable(query: Query, state: State, roles: readonly string[]): Promise<State> {
  const usable = new Map<string, Set<number>>(roles.map(role => [role, new Set()]))
  for (const [role, schema] of await query(usableSql(roles, literal))) usable.get(role ?? '')?.add(Number(schema))
  return sameUsable(state.usable, usable) ? state : { ...state, usable }
}

function sameUsable(before: State['usable'], after: State['usable']): boolean {
  return (
    before.size === after.size &&
    [...after].every(([role, oids]) => before.get(role)?.symmetricDifference(oids).size === 0)
  )
}

function withShelf(state: State, name: SourceName, shelf: State['shelves'][SourceName]): State {
  return shelf === state.shelves[name] ? state : { ...state, shelves: { ...state.shelves, [name]: shelf } }
}

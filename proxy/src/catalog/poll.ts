/** What changed since the last look, and only that. See poll-sql.ts for why nothing is missed. */
import { BugError } from '../errors.ts'
import { linked } from './derive.ts'
import { type AttributeScope, attributesSql, gateSql, horizonSql, linkHashSql, youngSql } from './poll-sql.ts'
import type { Query, Row } from './query.ts'
import { readAll, readDeletions, readLinks, readRows, readSource, readUsable } from './read.ts'
import type { Shelf } from './shelf.ts'
import { linkGroupNames, type SourceName, sourceNames } from './sources.ts'
import { emptyState, type State } from './state.ts'

/** How far the reader has seen. Ids are 64 bits wide, as text. */
interface Mark {
  readonly gate: string
  readonly horizon: string
  /** Horizon of the last look at the attributes of all relations. */
  readonly attributesHorizon: string
  readonly hashes: ReadonlyMap<string, string>
  readonly roles: readonly string[]
  /** Row versions of attributes and sequences whose relations were read already, as `oid xmin`. */
  readonly seen: ReadonlySet<string>
}

/** Reads over one connection. Its calls must not overlap; one that fails leaves the connection unusable. */
export class Reader {
  state: State
  readonly #query: Query
  #mark: Mark | undefined
  #attributesCost = 0
  #attributesAt = 0

  /** `known`: what an earlier connection read; rows that did not change are shared with it. */
  constructor(query: Query, known: State = emptyState) {
    this.#query = query
    this.state = known
  }

  /** Reads everything. */
  async load(roles: readonly string[]): Promise<State> {
    const gate = await this.#text(gateSql)
    return this.#inSnapshot(async () => {
      const horizon = await this.#text(horizonSql)
      const hashes = await this.#hashes()
      const read = await readAll(this.#query, this.state, roles)
      this.#mark = { gate, horizon, attributesHorizon: horizon, hashes, roles, seen: new Set() }
      return this.#settle(read)
    })
  }

  /** Reads what changed, the columns of the relations in `scope` included; those of all others follow in turn. */
  async poll(roles: readonly string[], scope: AttributeScope): Promise<State> {
    const mark = this.#mark
    if (mark === undefined) return this.load(roles)
    const gate = await this.#text(gateSql)
    const complete = mark.attributesHorizon === mark.horizon
    const all = scope === 'All' || this.#attributesAreDue()
    if (gate === mark.gate && roles === mark.roles && (complete || !all)) return this.state
    return this.#inSnapshot(() => this.#changes(mark, gate, roles, all ? 'All' : scope))
  }

  async #changes(mark: Mark, gate: string, roles: readonly string[], scope: AttributeScope): Promise<State> {
    const horizon = await this.#text(horizonSql)
    if (BigInt(horizon) - BigInt(mark.horizon) > wrapDistance) return this.#again(gate, horizon, roles)
    const young = new Map((await this.#query(youngSql(mark.horizon))).map(youngRow))
    const touched = [...(young.get('sequences')?.pairs ?? []), ...(await this.#attributes(mark, scope))]
    const hashes = await this.#hashes()
    let state = await this.#rows(young, touched.filter(pair => !mark.seen.has(pair)).map(oidOf))
    state = await readLinks(
      this.#query,
      state,
      linkGroupNames.filter(name => hashes.get(name) !== mark.hashes.get(name)),
    )
    if (
      hashes.get('rights') !== mark.hashes.get('rights') ||
      roles !== mark.roles ||
      state.shelves.schemas !== this.state.shelves.schemas
    )
      state = await readUsable(this.#query, state, roles)
    const attributesHorizon = scope === 'All' ? horizon : mark.attributesHorizon
    const seen = new Set(scope === 'All' ? touched : [...mark.seen, ...touched])
    this.#mark = { gate, horizon, attributesHorizon, hashes, roles, seen }
    return this.#settle(state)
  }

  async #rows(young: ReadonlyMap<string, Young>, touched: readonly number[]): Promise<State> {
    let state = this.state
    const read = new Map<SourceName, ReadonlySet<number>>()
    for (const name of sourceNames) {
      const { pairs, count } = young.get(name) ?? { pairs: [], count: 0 }
      const oids = new Set(pairs.filter(pair => !this.#knows(name, pair)).map(oidOf))
      if (name === 'relations') for (const oid of touched) oids.add(oid)
      if (oids.size > 0) state = await readRows(this.#query, state, name, [...oids])
      if (state.shelves[name].byOid.size !== count) state = await readDeletions(this.#query, state, name)
      if (state.shelves[name].byOid.size !== count) throw new BugError(`${name}: ${count} rows, and not what was kept`)
      read.set(name, oids)
    }
    return this.#renamed(state, read)
  }

  // Rows carry the names of their schemas and types, whose renaming leaves the rows themselves alone.
  async #renamed(read: State, oids: ReadonlyMap<SourceName, ReadonlySet<number>>): Promise<State> {
    let state = read
    const oldNames = (name: SourceName) => namesBefore(this.state.shelves[name], read.shelves[name], oids.get(name))
    if (oldNames('schemas').length > 0) for (const name of qualified) state = await readSource(this.#query, state, name)
    const types = oldNames('types')
    for (const name of types.length > 0 ? typed : []) {
      const mentions = [...state.shelves[name].byOid.values()].filter(item =>
        types.some(type => item.text.includes(type)),
      )
      state = await readRows(
        this.#query,
        state,
        name,
        mentions.map(item => item.oid),
      )
    }
    return state
  }

  #knows(name: SourceName, pair: string): boolean {
    return this.state.shelves[name].byOid.get(oidOf(pair))?.xmin === Number(pair.slice(pair.indexOf(' ') + 1))
  }

  async #attributes(mark: Mark, scope: AttributeScope): Promise<readonly string[]> {
    if (scope !== 'All') {
      const rows = scope.length === 0 ? [] : await this.#query(attributesSql(mark.horizon, scope))
      return rows.flatMap(row => youngRow(row)[1].pairs)
    }
    const start = performance.now()
    const rows = await this.#query(attributesSql(mark.attributesHorizon, scope))
    this.#attributesAt = performance.now()
    this.#attributesCost = this.#attributesAt - start
    return rows.flatMap(row => youngRow(row)[1].pairs)
  }

  #attributesAreDue(): boolean {
    return performance.now() - this.#attributesAt >= this.#attributesCost * attributesShare
  }

  async #again(gate: string, horizon: string, roles: readonly string[]): Promise<State> {
    const hashes = await this.#hashes()
    const read = await readAll(this.#query, this.state, roles)
    this.#mark = { gate, horizon, attributesHorizon: horizon, hashes, roles, seen: new Set() }
    return this.#settle(read)
  }

  #settle(read: State): State {
    if (read !== this.state) this.state = linked(this.state, read)
    return this.state
  }

  async #hashes(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#query(linkHashSql)).map(([name, text]) => [name ?? '', text ?? '']))
  }

  async #inSnapshot<Result>(read: () => Promise<Result>): Promise<Result> {
    await this.#query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const result = await read()
    await this.#query('COMMIT')
    return result
  }

  async #text(sql: string): Promise<string> {
    return (await this.#query(sql))[0]?.[0] ?? ''
  }
}

/** Half of what `age` can tell apart. Further back, everything is read. */
const wrapDistance = 2n ** 30n
/** All attributes are looked at for one fiftieth of the time at most. */
const attributesShare = 50

interface Young {
  readonly count: number
  readonly pairs: readonly string[]
}

function youngRow([name, count, pairs]: Row): readonly [string, Young] {
  return [name ?? '', { count: Number(count), pairs: pairs == null ? [] : pairs.split(',') }]
}

function oidOf(pair: string): number {
  return Number(pair.slice(0, pair.indexOf(' ')))
}

/** Sources whose rows carry a schema's name, and those whose rows carry names of types. */
const qualified: readonly SourceName[] = ['relations', 'types', 'functions', 'operators']
const typed: readonly SourceName[] = ['functions', 'operators']

/** What those that now have another name or schema were called, as far as quoting leaves it alone: some text that any mention holds. */
function namesBefore(before: Shelf, after: Shelf, oids: ReadonlySet<number> = new Set()): readonly string[] {
  return [...oids].flatMap(oid => {
    const [was, now] = [before.byOid.get(oid), after.byOid.get(oid)]
    if (was === undefined || now === undefined || (now.name === was.name && now.schema === was.schema)) return []
    return [/[^"\\]*/u.exec(was.name)?.[0] ?? '']
  })
}

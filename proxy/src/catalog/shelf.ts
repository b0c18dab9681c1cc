/**
 * The rows of one source, by oid and by name. A shelf never changes: `with` makes another that shares the rows that
 * stayed. An entry is decoded when it is first asked for and stays with its row, so catalogs that share a row share it.
 */
import { pack } from './pack.ts'
import type { Row } from './query.ts'
import { SharedMap } from './shared-map.ts'

export class Item {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** Everything else, packed: see pack.ts. */
  readonly text: string
  /** Of the row version last read. Bookkeeping of the poll, no part of what the row says. */
  xmin: number
  /** What it was decoded to, by whoever reads this shelf. */
  entry: unknown = undefined

  constructor(oid: number, schema: string, name: string, text: string, xmin: number) {
    this.oid = oid
    this.schema = schema
    this.name = name
    this.text = text
    this.xmin = xmin
  }

  says(other: Item): boolean {
    return this.text === other.text && this.name === other.name && this.schema === other.schema
  }

  /** The same row, to be decoded anew because something it links to has changed. */
  afresh(): Item {
    return new Item(this.oid, this.schema, this.name, this.text, this.xmin)
  }
}

/** `schemas` keeps one string for each schema's name: thousands of rows share it. */
export function itemOf([oid, xmin, schema, name, ...rest]: Row, schemas: Map<string, string>): Item {
  const text = schema ?? ''
  const shared = schemas.get(text) ?? text
  if (shared === text) schemas.set(text, text)
  return new Item(Number(oid), shared, name ?? '', pack(rest), Number(xmin))
}

/** Most names are one row's: an array around each would weigh as much as the row. */
type Named = Item | readonly Item[]
type Names = SharedMap<string, Named>

export class Shelf {
  static readonly empty = new Shelf(new SharedMap(), new Map())
  readonly byOid: SharedMap<number, Item>
  readonly #bySchema: ReadonlyMap<string, Names>

  constructor(byOid: SharedMap<number, Item>, bySchema: ReadonlyMap<string, Names>) {
    this.byOid = byOid
    this.#bySchema = bySchema
  }

  named(schema: string, name: string): readonly Item[] {
    return listed(this.#bySchema.get(schema)?.get(name))
  }

  *inSchema(schema: string): Iterable<Item> {
    for (const named of this.#bySchema.get(schema)?.values() ?? []) yield* listed(named)
  }

  hasSchema(schema: string): boolean {
    return (this.#bySchema.get(schema)?.size ?? 0) > 0
  }

  schemas(): readonly string[] {
    return [...this.#bySchema.keys()]
  }

  /** This shelf with those rows put in (or in the place of the ones with their oids) and those oids taken out. */
  with(put: readonly Item[], removed: readonly number[] = []): Shelf {
    if (put.length === 0 && removed.length === 0) return this
    const changes = new Map<number, Item | undefined>([
      ...removed.map(oid => [oid, undefined] as const),
      ...put.map(item => [item.oid, item] as const),
    ])
    const gone = [...changes.keys()].flatMap(oid => this.byOid.get(oid) ?? [])
    return new Shelf(this.byOid.with(changes), renamed(this.#bySchema, gone, [...changes.values()]))
  }

  /** This shelf with those rows as last read. A row that says what it said stays the same object. */
  updated(items: readonly Item[], removed: readonly number[] = []): Shelf {
    return this.with(
      items.filter(item => !this.#keeps(item)),
      removed,
    )
  }

  /** A shelf of those rows only. */
  replaced(items: readonly Item[]): Shelf {
    const read = new Set(items.map(item => item.oid))
    return this.updated(
      items,
      [...this.byOid.values()].map(item => item.oid).filter(oid => !read.has(oid)),
    )
  }

  #keeps(item: Item): boolean {
    const known = this.byOid.get(item.oid)
    if (known === undefined || !known.says(item)) return false
    known.xmin = item.xmin
    return true
  }
}

type NameChanges = Map<string, Named | undefined>

function renamed(
  from: ReadonlyMap<string, Names>,
  gone: readonly Item[],
  put: readonly (Item | undefined)[],
): ReadonlyMap<string, Names> {
  const changes = new Map<string, NameChanges>()
  const change = (item: Item, how: (others: readonly Item[]) => readonly Item[]) => {
    const inSchema = changes.get(item.schema) ?? new Map<string, Named | undefined>()
    changes.set(item.schema, inSchema)
    const others = inSchema.has(item.name) ? inSchema.get(item.name) : from.get(item.schema)?.get(item.name)
    inSchema.set(item.name, unlisted(how(listed(others))))
  }
  for (const item of gone) change(item, others => others.filter(other => other !== item))
  for (const item of put) if (item !== undefined) change(item, others => [...others, item])
  const schemas = new Map(from)
  for (const [schema, names] of changes) schemas.set(schema, (from.get(schema) ?? new SharedMap()).with(names))
  return schemas
}

function listed(named: Named | undefined): readonly Item[] {
  if (named === undefined) return []
  return named instanceof Item ? [named] : named
}

function unlisted(items: readonly Item[]): Named | undefined {
  return items.length > 1 ? items : items[0]
}

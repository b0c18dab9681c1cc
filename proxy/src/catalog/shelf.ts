/**
 * The rows of one source, by oid and by name. A shelf never changes: `with` makes another that shares the rows that
 * stayed. An entry is decoded when it is first asked for and stays with its row, so catalogs that share a row share it.
 */
import { pack } from './pack.ts'
import type { Row } from './query.ts'

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
type Names = ReadonlyMap<string, Named>

export class Shelf {
  static readonly empty = new Shelf(new Map(), new Map())
  readonly byOid: ReadonlyMap<number, Item>
  readonly bySchema: ReadonlyMap<string, Names>

  constructor(byOid: ReadonlyMap<number, Item>, bySchema: ReadonlyMap<string, Names>) {
    this.byOid = byOid
    this.bySchema = bySchema
  }

  named(schema: string, name: string): readonly Item[] {
    return listed(this.bySchema.get(schema)?.get(name))
  }

  /** This shelf with those rows put in (or in the place of the ones with their oids) and those oids taken out. */
  with(put: readonly Item[], removed: readonly number[] = []): Shelf {
    if (put.length === 0 && removed.length === 0) return this
    const byOid = new Map(this.byOid)
    const gone = [...removed, ...put.map(item => item.oid)].flatMap(oid => this.byOid.get(oid) ?? [])
    for (const oid of removed) byOid.delete(oid)
    for (const item of put) byOid.set(item.oid, item)
    return new Shelf(byOid, renamed(this.bySchema, gone, put))
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
      [...this.byOid.keys()].filter(oid => !read.has(oid)),
    )
  }

  #keeps(item: Item): boolean {
    const known = this.byOid.get(item.oid)
    if (known === undefined || !known.says(item)) return false
    known.xmin = item.xmin
    return true
  }
}

function renamed(from: Shelf['bySchema'], gone: readonly Item[], put: readonly Item[]): Shelf['bySchema'] {
  const schemas = new Map(from)
  const copied = new Map<string, Map<string, Named>>()
  const namesOf = (schema: string) => {
    const names = copied.get(schema) ?? new Map(from.get(schema))
    copied.set(schema, names)
    schemas.set(schema, names)
    return names
  }
  for (const item of gone) takeOut(namesOf(item.schema), item)
  for (const item of put) putIn(namesOf(item.schema), item)
  return schemas
}

function takeOut(names: Map<string, Named>, item: Item): void {
  const left = listed(names.get(item.name)).filter(other => other !== item)
  if (left.length === 0) names.delete(item.name)
  else names.set(item.name, left)
}

function putIn(names: Map<string, Named>, item: Item): void {
  const others = names.get(item.name)
  names.set(item.name, others === undefined ? item : [...listed(others), item])
}

function listed(named: Named | undefined): readonly Item[] {
  if (named === undefined) return []
  return named instanceof Item ? [named] : named
}

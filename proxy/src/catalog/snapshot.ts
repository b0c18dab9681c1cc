/** A `Catalog` over one state. Entries are decoded when they are asked for. */
import type {
  CastEntry,
  Catalog,
  FunctionEntry,
  OperatorEntry,
  RelationEntry,
  SchemaContents,
  SchemaEntry,
  ServerMajor,
  TypeEntry,
} from '../sql/catalog.ts'
import { castEntry, functionEntry, operatorEntry, relationEntry, typeEntry } from './decode.ts'
import type { Item } from './shelf.ts'
import type { LinkName, State } from './state.ts'

/** Of which database and server a catalog speaks. */
export interface Origin {
  readonly database: string
  readonly server: ServerMajor
  /** Called with the oid of each relation that somebody looks at. */
  readonly onUse: (relation: number) => void
}

let lastVersion = 0

export function catalogOf(state: State, origin: Origin): Catalog {
  lastVersion += 1
  return new Snapshot(state, origin, lastVersion)
}

class Snapshot implements Catalog {
  readonly version: number
  readonly #state: State
  readonly #origin: Origin

  constructor(state: State, origin: Origin, version: number) {
    this.#state = state
    this.#origin = origin
    this.version = version
  }

  get database(): string {
    return this.#origin.database
  }

  get server(): ServerMajor {
    return this.#origin.server
  }

  schema(name: string): SchemaEntry | undefined {
    const oid = this.#state.shelves.schemas.named('', name)[0]?.oid
    if (oid === undefined) return undefined
    return { oid, name, usableBy: role => this.#state.usable.get(role)?.has(oid) ?? false }
  }

  relation(schema: string, name: string): RelationEntry | undefined {
    return this.#relation(this.#state.shelves.relations.named(schema, name)[0])
  }

  relationByOid(oid: number): RelationEntry | undefined {
    return this.#relation(this.#state.shelves.relations.byOid.get(oid))
  }

  contents(schema: string): SchemaContents {
    const { relations, functions, operators, types } = this.#state.shelves
    return {
      relations: [...relations.inSchema(schema)].map(item => this.#decoded(item)),
      definitions:
        functions.hasSchema(schema) ||
        operators.hasSchema(schema) ||
        [...types.inSchema(schema)].some(item => isOfItsOwn(this.#type(item))),
    }
  }

  functions(schema: string, name: string): readonly FunctionEntry[] {
    return this.#state.shelves.functions.named(schema, name).map(item => this.#function(item))
  }

  functionByOid(oid: number): FunctionEntry | undefined {
    const item = this.#state.shelves.functions.byOid.get(oid)
    return item && this.#function(item)
  }

  operators(schema: string, name: string): readonly OperatorEntry[] {
    return this.#state.shelves.operators
      .named(schema, name)
      .map(item => decoded(item, () => operatorEntry(item, this.#link('operatorMembers', item))))
  }

  type(schema: string, name: string): TypeEntry | undefined {
    return this.#type(this.#state.shelves.types.named(schema, name)[0])
  }

  typeByOid(oid: number): TypeEntry | undefined {
    return this.#type(this.#state.shelves.types.byOid.get(oid))
  }

  castsTo(typeOid: number): readonly CastEntry[] {
    return this.#state.shelves.casts.named('', `${typeOid}`).map(item => decoded(item, () => castEntry(item)))
  }

  #relation(item: Item | undefined): RelationEntry | undefined {
    if (item === undefined) return undefined
    this.#origin.onUse(item.oid)
    return this.#decoded(item)
  }

  #decoded(item: Item): RelationEntry {
    return decoded(item, () => relationEntry(item, this.#relationLinks(item)))
  }

  #relationLinks(item: Item) {
    const text = (name: LinkName) => this.#link(name, item) ?? ''
    return {
      children: text('children'),
      parents: text('parents'),
      reads: text('reads'),
      readBy: text('readBy'),
      referencedBy: text('referencedBy'),
      rules: text('rules'),
    }
  }

  #function(item: Item): FunctionEntry {
    return decoded(item, () => functionEntry(item, this.#link('functionMembers', item)))
  }

  #type(item: Item | undefined): TypeEntry | undefined {
    return item && decoded(item, () => typeEntry(item, this.#link('typeMembers', item)))
  }

  #link(name: LinkName, item: Item): string | undefined {
    return this.#state.links[name].get(item.oid)
  }
}

/** Neither an array's type nor a relation's. */
function isOfItsOwn(type: TypeEntry | undefined): boolean {
  return type?.relation === undefined && (type?.sort !== 'Base' || type.element === undefined)
}

/** Each shelf is read through one decoder only, so what was kept is of its type. */
function decoded<Entry>(item: Item, decode: () => Entry): Entry {
  item.entry ??= decode()
  return item.entry as Entry
}

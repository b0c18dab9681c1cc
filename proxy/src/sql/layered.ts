/**
 * A map that never changes; `with` makes another. A large base and a small patch over it: one entry more among thousands
 * copies neither.
 */
export class Layered<Key, Value> {
  readonly #base: ReadonlyMap<Key, Value>
  readonly #patch: ReadonlyMap<Key, Value>

  constructor(base: ReadonlyMap<Key, Value> = new Map(), patch: ReadonlyMap<Key, Value> = new Map()) {
    this.#base = base
    this.#patch = patch
  }

  get size(): number {
    return this.#base.size + this.#patch.size
  }

  get(key: Key): Value | undefined {
    return this.#patch.get(key) ?? this.#base.get(key)
  }

  has(key: Key): boolean {
    return this.#patch.has(key) || this.#base.has(key)
  }

  with(entries: readonly (readonly [Key, Value])[]): Layered<Key, Value> {
    if (entries.length === 0) return this
    const patch = new Map([...this.#patch, ...entries])
    return patch.size <= maxPatch ? new Layered(this.#base, patch) : new Layered(new Map([...this.#base, ...patch]))
  }
}

/** The base is copied once in so many changes. */
const maxPatch = 64

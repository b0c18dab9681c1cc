/**
 * A map that never changes. `with` makes another that shares all but the changes: a large base, and over it a small patch,
 * which is worked in once it has grown. A table more among forty thousand must not copy forty thousand.
 */
export class SharedMap<Key, Value extends object> {
  readonly size: number
  readonly #base: ReadonlyMap<Key, Value>
  /** `undefined`: taken out. */
  readonly #patch: ReadonlyMap<Key, Value | undefined>

  constructor(base: ReadonlyMap<Key, Value> = new Map(), patch: ReadonlyMap<Key, Value | undefined> = new Map()) {
    this.#base = base
    this.#patch = patch
    this.size = base.size + growth(base, patch)
  }

  get(key: Key): Value | undefined {
    return this.#patch.get(key) ?? (this.#patch.has(key) ? undefined : this.#base.get(key))
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  *entries(): Iterable<readonly [Key, Value]> {
    for (const entry of this.#base) if (!this.#patch.has(entry[0])) yield entry
    for (const [key, value] of this.#patch) if (value !== undefined) yield [key, value]
  }

  *values(): Iterable<Value> {
    for (const [, value] of this.entries()) yield value
  }

  /** This map with those values, or without, where `undefined` stands. */
  with(changes: ReadonlyMap<Key, Value | undefined>): SharedMap<Key, Value> {
    if (changes.size === 0) return this
    const patch = new Map(this.#patch)
    for (const [key, value] of changes) patch.set(key, value)
    return patch.size <= this.#base.size / patchShare
      ? new SharedMap(this.#base, patch)
      : new SharedMap(merged(this.#base, patch))
  }
}

/** The patch is copied for each change and the base only when the patch is full: about the root of a large base is best. */
const patchShare = 64

function merged<Key, Value>(
  base: ReadonlyMap<Key, Value>,
  patch: ReadonlyMap<Key, Value | undefined>,
): Map<Key, Value> {
  const all = new Map(base)
  for (const [key, value] of patch) {
    if (value === undefined) all.delete(key)
    else all.set(key, value)
  }
  return all
}

function growth<Key, Value>(base: ReadonlyMap<Key, Value>, patch: ReadonlyMap<Key, Value | undefined>): number {
  let grown = 0
  for (const [key, value] of patch) grown += Number(value !== undefined) - Number(base.has(key))
  return grown
}

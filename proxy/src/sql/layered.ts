/**
 * A map that never changes; `with` makes another. Layers, the newest first, each larger than the one before it: an entry
 * more is copied as often as layers are joined, which is the logarithm of their number.
 */
export class Layered<Key, Value> {
  readonly #layers: readonly ReadonlyMap<Key, Value>[]

  constructor(layers: readonly ReadonlyMap<Key, Value>[] = []) {
    this.#layers = layers
  }

  /** Of entries; one that was replaced may count twice. */
  get size(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.size, 0)
  }

  get(key: Key): Value | undefined {
    for (const layer of this.#layers) {
      const value = layer.get(key)
      if (value !== undefined) return value
    }
    return undefined
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  with(entries: readonly (readonly [Key, Value])[]): Layered<Key, Value> {
    if (entries.length === 0) return this
    let newest = new Map(entries)
    let at = 0
    for (let next = this.#layers[at]; next !== undefined && next.size <= newest.size; next = this.#layers[++at])
      newest = new Map([...next, ...newest])
    return new Layered([newest, ...this.#layers.slice(at)])
  }
}

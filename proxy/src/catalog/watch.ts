/**
 * Keeps a catalog up to date over a connection of its own: loads it, looks for changes each second, connects again when
 * the connection is gone. Needs CONNECT and nothing else: the system catalogs it reads are open to everyone.
 */

import { settings } from '../settings.ts'
import type { Catalog, ServerMajor } from '../sql/catalog.ts'
import { Poller } from './poller.ts'
import type { CatalogConnection } from './query.ts'
import { catalogOf } from './snapshot.ts'
import type { State } from './state.ts'
import { type RelationName, Unknown } from './unknown.ts'
import { Used } from './used.ts'

export interface CatalogOptions {
  /** Opens a connection to `database` for the catalog alone: not through a pooler that shares it by transaction. */
  readonly connect: () => Promise<CatalogConnection>
  readonly database: string
  /** Roles for which `SchemaEntry.usableBy` can say yes; `addRole` adds. */
  readonly roles: readonly string[]
  readonly pollMs: number
  readonly onChange?: (catalog: Catalog) => void
  readonly onFailure?: (error: unknown) => void
}

export interface CatalogWatch {
  /** The first catalog. Rejected only by `close`. */
  readonly ready: Promise<Catalog>
  /** The latest catalog, stale or not; undefined before the first. */
  current(): Catalog | undefined
  /** Whether the database could not be asked for longer than `settings.catalogStaleMs`. What then happens is the gateway's to say. */
  readonly stale: boolean
  /** Reads what changed, beginning after this call, columns of all relations included. Calls that wait share one read. */
  refresh(): Promise<Catalog>
  /**
   * DDL over these relations (none given: over any) is about to be sent. They are unknown until a read that began after the
   * returned function was called, or, if nobody calls it, after `settings.catalogUnknownMs`.
   */
  markUnknown(relations?: readonly RelationName[]): () => void
  /** Whether what `current` says of that relation may be wrong because of DDL under way. */
  isUnknown(relation: RelationName): boolean
  addRole(role: string): Promise<Catalog>
  close(): void
}

export function openCatalog(options: CatalogOptions): CatalogWatch {
  return new Watch(options)
}

class Watch implements CatalogWatch {
  readonly ready: Promise<Catalog>
  readonly #options: CatalogOptions
  readonly #poller: Poller
  readonly #used = new Used(settings.maxCatalogUsed)
  readonly #unknown = new Unknown()
  readonly #ready = Promise.withResolvers<Catalog>()
  #current: Catalog | undefined
  #state: State | undefined

  constructor(options: CatalogOptions) {
    this.#options = options
    this.ready = this.#ready.promise
    this.ready.catch(() => undefined) // who does not wait for it need not hear that it was closed
    this.#poller = new Poller({
      connect: options.connect,
      roles: [...new Set(options.roles)],
      pollMs: options.pollMs,
      // A mark is cleared only by a read that left nothing out.
      scope: () => (this.#unknown.size > 0 ? 'All' : this.#used.list()),
      onRead: (state, server, began) => this.#read(state, server, began),
      onFailure: error => options.onFailure?.(error),
    })
  }

  current(): Catalog | undefined {
    return this.#current
  }

  get stale(): boolean {
    return performance.now() - this.#poller.lastRead > settings.catalogStaleMs
  }

  async refresh(): Promise<Catalog> {
    await this.#poller.readNow()
    return this.ready.then(first => this.#current ?? first)
  }

  markUnknown(relations?: readonly RelationName[]): () => void {
    const over = this.#unknown.add(relations, performance.now() + settings.catalogUnknownMs)
    return () => over(performance.now())
  }

  isUnknown(relation: RelationName): boolean {
    return this.#unknown.has(relation)
  }

  addRole(role: string): Promise<Catalog> {
    this.#poller.addRole(role)
    return this.refresh()
  }

  close(): void {
    this.#poller.close()
    this.#ready.reject(new Error('the catalog was closed'))
  }

  #read(state: State, server: ServerMajor, began: number): void {
    this.#unknown.read(began)
    if (state === this.#state && server === this.#current?.server) return
    this.#state = state
    const origin = { database: this.#options.database, server, onUse: this.#used.add }
    this.#current = catalogOf(state, origin)
    this.#ready.resolve(this.#current)
    this.#options.onChange?.(this.#current)
  }
}

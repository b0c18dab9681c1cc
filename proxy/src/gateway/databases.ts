/** The catalogs of the databases behind one gateway, opened with the first session of each, closed when long unused. */
import { type CatalogWatch, openCatalog } from '../catalog/watch.ts'
import { settings } from '../settings.ts'
import { openQueryClient } from '../upstream/query-client.ts'
import type { ScramKeys } from '../upstream/scram-keys.ts'
import type { UpstreamTarget } from '../upstream/target.ts'

export interface DatabasesOptions {
  target(): UpstreamTarget
  passwordOf(role: string): string | undefined
  readonly scramKeys: ScramKeys
  readonly connectTimeoutMs: number
  /** The catalog of `database` says something new. */
  onChange(database: string): void
  onFailure(database: string, error: unknown): void
}

interface Entry {
  readonly watch: CatalogWatch
  readonly roles: Set<string>
  /** Rejected by the first failure, if it comes before the catalog. */
  readonly failed: PromiseWithResolvers<never>
  usedAt: number
  sessions: number
}

export class Databases {
  readonly #options: DatabasesOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: DatabasesOptions) {
    this.#options = options
  }

  /** The catalog of a database, as `role` may read it. Call `release` when the session is over. Rejects where it cannot be read. */
  async acquire(database: string, role: string): Promise<CatalogWatch> {
    const entry = this.#entries.get(database) ?? this.#open(database, role)
    entry.sessions += 1
    try {
      await Promise.race([entry.watch.ready, entry.failed.promise])
      if (!entry.roles.has(role)) await entry.watch.addRole(role)
      entry.roles.add(role)
      return entry.watch
    } catch (error) {
      entry.sessions -= 1
      if (this.#entries.get(database) === entry) this.forget(database)
      throw error
    }
  }

  release(database: string): void {
    const entry = this.#entries.get(database)
    if (entry === undefined) return
    entry.sessions -= 1
    entry.usedAt = performance.now()
  }

  /** A database that could not be read is not kept: the next login tries again. */
  forget(database: string): void {
    this.#entries.get(database)?.watch.close()
    this.#entries.delete(database)
  }

  closeIdle(): void {
    const before = performance.now() - settings.idleCatalogMs
    for (const [database, entry] of this.#entries)
      if (entry.sessions === 0 && entry.usedAt < before) this.forget(database)
  }

  close(): void {
    for (const database of [...this.#entries.keys()]) this.forget(database)
  }

  get stale(): readonly string[] {
    return [...this.#entries].filter(([, { watch }]) => watch.stale).map(([database]) => database)
  }

  #open(database: string, role: string): Entry {
    if (this.#entries.size >= settings.maxCatalogs) this.#forgetOldest()
    const { target, passwordOf, scramKeys, connectTimeoutMs: timeoutMs, onChange, onFailure } = this.#options
    const login = {
      role,
      password: () => passwordOf(role),
      database,
      parameters: {
        application_name: 'sallyport catalog',
        options: '-c search_path=pg_catalog',
        client_encoding: 'UTF8',
      },
      protocol: { major: 3, minor: 0 },
    } as const
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => undefined)
    const watch = openCatalog({
      connect: () => openQueryClient(target(), login, { timeoutMs, scramKeys }),
      database,
      roles: [role],
      pollMs: settings.catalogPollMs,
      onChange: () => onChange(database),
      onFailure: error => {
        failed.reject(error)
        onFailure(database, error)
      },
    })
    const entry = { watch, roles: new Set([role]), failed, usedAt: performance.now(), sessions: 0 }
    this.#entries.set(database, entry)
    return entry
  }

  #forgetOldest(): void {
    const idle = [...this.#entries]
      .filter(([, entry]) => entry.sessions === 0)
      .sort(([, a], [, b]) => a.usedAt - b.usedAt)
    const [oldest] = idle
    if (oldest !== undefined) this.forget(oldest[0])
  }
}

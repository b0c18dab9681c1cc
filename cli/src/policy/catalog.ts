/** The catalog that names are looked up in: described in YAML, or read from the database with the gateway's own login. */
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import type { Snapshot } from '@sallyport/proxy/config/snapshot.ts'
import { Databases } from '@sallyport/proxy/gateway/databases.ts'
import { passwordOf, upstreamTarget } from '@sallyport/proxy/gateway/target.ts'
import type { Catalog } from '@sallyport/proxy/sql/catalog.ts'
import { describedCatalog } from '@sallyport/proxy/sql/described-catalog.ts'
import { ScramKeys } from '@sallyport/proxy/upstream/scram-keys.ts'
import { UsageError } from '../usage.ts'

/** Throws a UsageError that says what is wrong with the description. */
export function catalogFrom(description: unknown, database: string, file: string): Catalog {
  const described = describedCatalog(description, database)
  if ('catalog' in described) return described.catalog
  throw new UsageError(`${file}: ${described.problems.join('; ')}`)
}

/** As `role` sees the database now. */
export async function liveCatalog(
  gateway: DatabaseGateway,
  snapshot: Snapshot,
  database: string,
  role: string,
): Promise<Catalog> {
  const databases = new Databases({
    target: () => upstreamTarget(gateway, snapshot),
    passwordOf: name => passwordOf(gateway, snapshot, name),
    scramKeys: new ScramKeys(),
    connectTimeoutMs: 10_000,
    onChange: () => undefined,
    onFailure: () => undefined,
  })
  try {
    return await (await databases.acquire(database, role)).ready
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`database "${database}" cannot be read (${why}); --catalog FILE takes a description instead`)
  } finally {
    databases.close()
  }
}

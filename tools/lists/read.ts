/** What a fresh server of some version says of its functions, system relations and settings. */
import { Client } from 'pg'
import { startPostgres } from '../../proxy/test/postgres-server.ts'
import { readFunctions, type ServerFunction } from './functions.ts'
import { readRelations, type ServerRelations } from './relations.ts'
import { readSettings } from './settings.ts'

export interface ServerLists {
  readonly functions: readonly ServerFunction[]
  readonly relations: ServerRelations
  readonly settings: ReadonlySet<string>
}

export function readServer(binaries: string): Promise<ServerLists> {
  return withServer(binaries, async client => ({
    functions: await readFunctions(client),
    relations: await readRelations(client),
    settings: await readSettings(client),
  }))
}

/** A superuser's connection to a server that exists only meanwhile. */
export async function withServer<T>(binaries: string, work: (client: Client) => Promise<T>): Promise<T> {
  const server = await startPostgres({ binaries })
  const client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await server.stop()
  }
}

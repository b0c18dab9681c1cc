/** Makes `settings.generated.json`: the name of every built-in setting, by server version. */
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import type { Client } from 'pg'
import { printEntries, spans } from './rows.ts'

/** Exist in every version, but pg_settings does not show them. */
const notShown = ['is_superuser', 'role', 'seed', 'session_authorization']

/** Names in lower case: PostgreSQL compares them without case. Debian's own are left out. */
export async function readSettings(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT lower(name) AS name FROM pg_settings WHERE category <> 'Customized Options'`,
  )
  return new Set([...rows.map(row => row.name), ...notShown].filter(name => name !== 'extension_destdir'))
}

export function settingsFile(servers: ReadonlyMap<ServerMajor, ReadonlySet<string>>): string {
  return printEntries('settings', [...spans(servers)])
}

/** PostgreSQL for server tests: shared servers by version and name, or one of the test's own that it may kill. */
import pg from 'pg'
import { inject } from 'vitest'
import { passwords, startCluster } from './cluster.ts'
import type { SharedServer } from './global-servers.ts'

/** The oldest and the newest that are supported. Every test of the gateway holds on both. */
export const majors = [15, 18] as const
export type Major = 15 | 16 | 17 | 18

export interface Postgres {
  readonly major: Major
  readonly host: '127.0.0.1'
  readonly port: number
  /** PEM: what signed the server's certificate. */
  readonly certificateAuthority: string
  /** For drivers; the superuser `postgres` unless another role is named. */
  url(database?: string, user?: string, password?: string): string
  /** Rows of the last statement as text, by the superuser. */
  sql(text: string, database?: string): Promise<(string | null)[][]>
  /** A copy of the sample database `shop`, or of another. */
  createDatabase(name: string, template?: string): Promise<string>
}

/** Servers of the same version with other names are the same to the last OID. Lives as long as the run. */
export async function postgres(major: Major, name = 'main'): Promise<Postgres> {
  const { port, certificateAuthority } = await ask(major, name)
  return handle(major, port, certificateAuthority)
}

async function ask(major: Major, name: string): Promise<SharedServer> {
  const response = await fetch(`http://127.0.0.1:${inject('serversPort')}/${major}/${name}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text)
}

/** One of the test's own: for tests that kill it or need their own settings. */
export async function startPostgres(
  major: Major,
  settings: Readonly<Record<string, string>> = {},
): Promise<Postgres & { readonly processId: number; log(): string; stop(): Promise<void> }> {
  const { base, certificateAuthority } = await ask(major, 'base')
  const cluster = await startCluster(base, settings)
  const { processId, log, stop } = cluster
  return { ...handle(major, cluster.port, certificateAuthority), processId, log, stop }
}

/** A client of node-postgres that never throws from nowhere: what a lost connection says is in the next query. */
export async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function handle(major: Major, port: number, certificateAuthority: string): Postgres {
  const url = (database = 'shop', user = 'postgres', password = passwords[user] ?? 'none') =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  const sql = async (text: string, database = 'shop') => {
    const client = new pg.Client({
      connectionString: url(database),
      types: { getTypeParser: () => (value: unknown) => value },
    })
    await client.connect()
    try {
      const result: unknown = await client.query({ text, rowMode: 'array' })
      return (Array.isArray(result) ? result.at(-1) : result).rows
    } finally {
      await client.end()
    }
  }
  const createDatabase = async (name: string, template = 'shop') => {
    await sql(`CREATE DATABASE ${name} TEMPLATE ${template}`, 'postgres')
    return name
  }
  return { major, host: '127.0.0.1', port, certificateAuthority, url, sql, createDatabase }
}

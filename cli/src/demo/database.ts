/** Fills the demo's server: roles with fresh passwords, the database `shop`, and a scratch database for the CI agent. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

/** The roles that the gateway may log in as. */
const roles = ['agent_ro', 'agent_support', 'agent_migrations', 'agent_ci'] as const
export type Passwords = Readonly<Record<(typeof roles)[number], string>>

export interface Superuser {
  readonly port: number
  readonly password: string
}

/** Returns the passwords of the roles, which nobody but the gateway's manifests gets to know. */
export async function fillDatabase(superuser: Superuser): Promise<Passwords> {
  const passwords = Object.fromEntries(roles.map(role => [role, randomBytes(18).toString('base64url')])) as Passwords
  const create = roles.map(role => `CREATE ROLE ${role} LOGIN PASSWORD '${passwords[role]}'`)
  await runAll(superuser, 'postgres', [
    'CREATE ROLE shop_owner',
    ...create,
    'GRANT shop_owner TO agent_migrations',
    'CREATE DATABASE shop',
    'CREATE DATABASE shop_ci OWNER agent_ci',
  ])
  await runAll(superuser, 'shop', [await readFile(join(import.meta.dirname, 'shop.sql'), 'utf8')])
  return passwords
}

/** What the superuser sees: the tour asks whether a refused statement really did nothing. */
export async function asSuperuser(superuser: Superuser, sql: string): Promise<readonly unknown[]> {
  const client = await connect(superuser, 'shop')
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function runAll(superuser: Superuser, database: string, statements: readonly string[]): Promise<void> {
  const client = await connect(superuser, database)
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function connect({ port, password }: Superuser, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database })
  await client.connect()
  return client
}

/** Everything that the demo needs, running: PostgreSQL, the identity provider, the gateway. All on 127.0.0.1. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { type Served, serve } from '@sallyport/proxy/main.ts'
import pg from 'pg'
import { fillDatabase, type Superuser } from './database.ts'
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts'
import { writeManifests } from './manifests.ts'
import { startDemoPostgres } from './postgres.ts'
import { demoUsers } from './users.ts'

export interface Stage {
  readonly manifests: string
  /** PEM file of the listener's own certificate. */
  readonly certificate: string
  readonly port: number
  readonly issuer: string
  readonly superuser: Superuser
  token(user: string): Promise<string>
  /** An ordinary driver, logged in through the gateway with a token as its password. */
  connect(user: string, role: string): Promise<pg.Client>
  close(): Promise<void>
}

export type Say = (line: string) => void

/** Ports that people know are taken where they are free. */
export async function openStage(folder: string, say: Say): Promise<Stage> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [manifests, state] = [join(folder, 'manifests'), join(folder, 'state')]
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    const superuser = { port: await freePort(5440), password: randomBytes(18).toString('base64url') }
    say('Starting PostgreSQL 18 on fresh data …')
    const postgres = await startDemoPostgres(superuser.port, superuser.password)
    closing.push(postgres.stop)
    const passwords = await fillDatabase(superuser)
    say(`PostgreSQL        127.0.0.1:${superuser.port}, database shop, sample data`)
    const provider = await startIdentityProvider({ port: await freePort(9180), users: demoUsers })
    closing.push(provider.close)
    say(`OIDC provider     ${provider.issuer}`)
    const gatewayPort = await freePort(5439)
    await writeManifests({
      folder: manifests,
      gatewayPort,
      postgresPort: superuser.port,
      issuer: provider.issuer,
      passwords,
    })
    const served = await serveGateway(manifests, state)
    closing.push(async () => served.close())
    say(`Sallyport         127.0.0.1:${served.port}, policies in ${manifests}`)
    return { manifests, superuser, close, ...doors(served, provider, join(state, 'keys/listener.crt')) }
  } catch (error) {
    await close()
    throw error
  }
}

async function serveGateway(manifests: string, state: string): Promise<Served> {
  const admin = { host: '127.0.0.1', port: await freePort(9187) }
  return serve({ manifests, state, listen: '127.0.0.1', admin, logLevel: 'silent' })
}

type Doors = Pick<Stage, 'certificate' | 'port' | 'issuer' | 'token' | 'connect'>

function doors({ port }: Served, provider: IdentityProvider, certificate: string): Doors {
  const connect = async (user: string, role: string) => {
    const password = await provider.tokenFor(user)
    const ssl = { ca: await readFile(certificate, 'utf8') }
    const client = new pg.Client({ host: '127.0.0.1', port, database: 'shop', user: role, password, ssl })
    client.on('error', () => undefined) // told by the next statement
    await client.connect()
    return client
  }
  return { certificate, port, issuer: provider.issuer, token: user => provider.tokenFor(user), connect }
}

/** The one that is wanted if it is free, otherwise any. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? 0
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = net.createServer().once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}

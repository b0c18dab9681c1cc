/** All that the lines are measured on: a PostgreSQL, gateways in front of it, PgBouncer where it is installed, pgbench. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binariesOf } from '../proxy/test/postgres-server.ts'
import { type Database, startDatabase } from './database.ts'
import { startGateway } from './gateway.ts'
import { makeProgram } from './image.ts'
import type { Peer } from './pgbench.ts'
import { startPgbouncer } from './pgbouncer.ts'
import type { Started } from './process.ts'

export type GatewayPeer = Started & { readonly peer: Peer }

export interface World {
  readonly database: Database
  readonly direct: Peer
  /** A gateway of its own, just started. `upstreamTls`: how it reaches the database. */
  gateway(upstreamTls: boolean): Promise<GatewayPeer>
  /** Undefined where it is not installed. */
  pgbouncer(): Promise<GatewayPeer | undefined>
  readonly pgbench: string | undefined
  readonly directory: string
  stop(): Promise<void>
}

export async function makeWorld(major: number, given?: string): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  const program = given ?? (await makeProgram(join(directory, 'image')))
  const database = await startDatabase(major)
  let gateways = 0
  const stop = async () => {
    await database.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return {
    database,
    directory,
    direct: { port: database.port, user: 'bench_ro', password: database.password, name: 'direct' },
    gateway: upstreamTls => startGateway(join(directory, `gateway-${gateways++}`), database, upstreamTls, program),
    pgbouncer: () => startPgbouncer(directory, database),
    pgbench: pgbenchPath(),
    stop,
  }
}

function pgbenchPath(): string | undefined {
  const places = [18, 17, 16, 15].flatMap(major => [binariesOf(major), `/usr/lib/postgresql/${major}/bin`])
  return [...places, '/usr/bin', '/usr/local/bin'].map(place => join(place, 'pgbench')).find(path => existsSync(path))
}

/** PgBouncer in session mode: the usual thing between a client and PostgreSQL, and so the measure of what one may cost. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, serverUser } from '../proxy/test/postgres-server.ts'
import type { Database } from './database.ts'
import { startProcess } from './process.ts'
import type { GatewayPeer } from './world.ts'

const program = '/usr/sbin/pgbouncer'

export function pgbouncerVersion(): string | undefined {
  if (!existsSync(program)) return undefined
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]?.replace('PgBouncer ', '')
}

export async function startPgbouncer(directory: string, database: Database): Promise<GatewayPeer | undefined> {
  if (!existsSync(program)) return undefined
  const port = await freePort()
  const { uid, gid } = await serverUser() // it refuses root, as PostgreSQL does
  const folder = join(directory, 'pgbouncer')
  await chmod(directory, 0o755)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'users.txt'), `"bench_ro" "${database.password}"\n`)
  await writeFile(join(folder, 'pgbouncer.ini'), configuration(folder, port, database.port))
  if (uid !== undefined) await chown(folder, uid, gid ?? uid)
  const user = uid === undefined ? {} : { uid, gid: gid ?? uid }
  const started = await startProcess(
    program,
    [join(folder, 'pgbouncer.ini')],
    { log: join(directory, 'pgbouncer.log'), ...user },
    port,
  )
  return { ...started, peer: { port, user: 'bench_ro', password: database.password, name: 'pgbouncer' } }
}

function configuration(folder: string, port: number, databasePort: number): string {
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'plain',
    auth_file: join(folder, 'users.txt'),
    pool_mode: 'session',
    default_pool_size: 100,
    log_connections: 0,
    log_disconnections: 0,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return ['[databases]', `* = host=127.0.0.1 port=${databasePort}`, '[pgbouncer]', ...lines, ''].join('\n')
}

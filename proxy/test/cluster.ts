/**
 * Clusters for tests: one data directory per version is made once, with roles and the database `shop`, and each server
 * runs on a copy of it. So two servers of one version are the same to the last OID, and what they answer can be compared.
 */
import { execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { testAuthority } from './certificates.ts'
import { binariesOf, freePort, serverUser } from './postgres-server.ts'

const run = promisify(execFile)

export interface Base {
  readonly major: number
  readonly directory: string
  /** PEM: what signed the server's certificate (for 127.0.0.1 and localhost). */
  readonly certificateAuthority: string
  remove(): Promise<void>
}

export interface Cluster {
  readonly major: number
  readonly port: number
  readonly processId: number
  /** What the server has logged. */
  log(): string
  stop(): Promise<void>
}

/** The passwords of the roles in samples/roles.sql. */
export const passwords: Readonly<Record<string, string>> = {
  agent_rw: 'correct horse rw',
  agent_ro: 'correct horse ro',
  agent_all: 'not asked for',
}

/** Everybody is let in from here, but the roles `agent_…`, who prove that they know their password. */
const hba = [
  'host all agent_ro all scram-sha-256',
  'host all agent_rw all scram-sha-256',
  'host all agent_md5 all md5',
  'host all all all trust',
]

const configuration: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '400',
  max_prepared_transactions: '8',
  shared_buffers: '32MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  ssl: 'on',
  ssl_cert_file: 'server.crt',
  ssl_key_file: 'server.key',
  log_min_messages: 'log',
  // a transaction's age or statistics must not make a plan differ between two servers
  max_parallel_workers_per_gather: '0',
}

/** Directories of a version: initdb, roles, the sample database. Servers run on copies of it. */
export async function makeBase(major: number): Promise<Base> {
  const user = await serverUser()
  const directory = await mkdtemp(join(tmpdir(), `sallyport-base-${major}-`))
  if (user.uid !== undefined) await chown(directory, user.uid, user.gid ?? user.uid)
  const data = join(directory, 'data')
  const flags = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-locale', '--no-sync']
  const binaries = binariesOf(major)
  await run(join(binaries, 'initdb'), ['-D', data, ...flags], { ...user, cwd: directory })
  const authority = testAuthority()
  const { certificate, key } = authority.issue('postgres', ['127.0.0.1', 'localhost'])
  for (const [name, text] of [
    ['pg_hba.conf', hba.join('\n')],
    ['server.crt', certificate],
    ['server.key', key],
    [
      'postgresql.auto.conf',
      Object.entries(configuration)
        .map(([name, value]) => `${name} = '${value}'`)
        .join('\n'),
    ],
  ] as const) {
    await writeFile(join(data, name), `${text}\n`)
    await chmod(join(data, name), 0o600)
    if (user.uid !== undefined) await chown(join(data, name), user.uid, user.gid ?? user.uid)
  }
  await fill(await startOn(major, directory, {}))
  const remove = () => rm(directory, { recursive: true, force: true })
  return { major, directory, certificateAuthority: authority.certificate, remove }
}

/** A server on its own copy of the base. */
export async function startCluster(
  base: Pick<Base, 'major' | 'directory'>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const { uid, gid } = await serverUser()
  const directory = await mkdtemp(join(tmpdir(), `sallyport-pg-${base.major}-`))
  if (uid !== undefined) await chown(directory, uid, gid ?? uid)
  await run('cp', ['-a', '--reflink=auto', join(base.directory, 'data'), join(directory, 'data')])
  const cluster = await startOn(base.major, directory, settings)
  const stop = async () => {
    await cluster.stop('SIGQUIT')
    await rm(directory, { recursive: true, force: true })
  }
  return { ...cluster, stop }
}

type Started = Omit<Cluster, 'stop'> & { stop(signal: NodeJS.Signals): Promise<void> }

async function startOn(major: number, directory: string, settings: Readonly<Record<string, string>>): Promise<Started> {
  const port = await freePort()
  const options = Object.entries({ port: String(port), ...settings }).flatMap(each => ['-c', each.join('=')])
  const said: string[] = []
  const child = spawn(join(binariesOf(major), 'postgres'), ['-D', join(directory, 'data'), ...options], {
    ...(await serverUser()),
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.on('data', chunk => said.push(String(chunk)))
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const killAtExit = () => void child.kill('SIGQUIT')
  process.once('exit', killAtExit)
  const stop = async (signal: NodeJS.Signals) => {
    process.off('exit', killAtExit)
    child.kill(signal)
    await gone
  }
  for (let tries = 0; !said.join('').includes('ready to accept connections'); tries++) {
    if (tries > 1200 || child.exitCode !== null) {
      await stop('SIGQUIT')
      throw new Error(`PostgreSQL ${major} did not start: ${said.join('')}`)
    }
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  return { major, port, processId: child.pid ?? 0, log: () => said.join(''), stop }
}

/** Not in single-user mode: what that makes has the OIDs of system objects. */
async function fill(server: Started): Promise<void> {
  for (const [database, file] of [
    ['postgres', 'roles.sql'],
    ['shop', 'shop.sql'],
  ] as const) {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database })
    await client.connect()
    const text = await readFile(new URL(`samples/${file}`, import.meta.url), 'utf8')
    for (const statement of text.split(/;\n\n/)) await client.query(statement)
    await client.end()
  }
  await server.stop('SIGINT')
}

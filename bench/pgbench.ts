/** PostgreSQL's own load generator: a client in C, light enough to be no part of what is measured. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where a client connects to, and as whom. */
export interface Peer {
  readonly name: string
  readonly port: number
  readonly user: string
  readonly password: string
}

export interface Pgbench {
  readonly program: string
  readonly directory: string
}

/** Microseconds of every transaction after the first hundred. */
export async function latencies(
  { program, directory }: Pgbench,
  peer: Peer,
  encrypted: boolean,
  seconds: number,
): Promise<readonly number[]> {
  const folder = await mkdtemp(join(directory, 'log-'))
  const args = ['-S', '-M', 'prepared', '-c', '1', '-T', String(seconds), '--log', `--log-prefix=${folder}/t`]
  await pgbench(program, args, peer, encrypted)
  const files = await Promise.all((await readdir(folder)).map(name => readFile(join(folder, name), 'utf8')))
  await rm(folder, { recursive: true })
  // client, transaction, microseconds, script, time
  const lines = files.join('').split('\n').slice(100, -1)
  return lines.map(line => Number(line.split(' ')[2]))
}

/** Transactions of `-S -M prepared` with 16 clients; how many a second. */
export async function transactions({ program }: Pgbench, peer: Peer, perClient: number): Promise<number> {
  return rate(await pgbench(program, ['-S', '-M', 'prepared', '-c', '16', '-t', String(perClient)], peer, false))
}

/** Connections a second, each with one short statement. */
export async function connects(
  { program, directory }: Pgbench,
  peer: Peer,
  clients: number,
  each: number,
): Promise<number> {
  const script = join(directory, 'connect.sql')
  await writeFile(script, 'SELECT 1;\n')
  return rate(await pgbench(program, ['-C', '-f', script, '-c', String(clients), '-t', String(each)], peer, false))
}

async function pgbench(
  program: string,
  args: readonly string[],
  { port, user, password }: Peer,
  encrypted: boolean,
): Promise<string> {
  const env = {
    ...process.env,
    PGPASSWORD: password,
    PGSSLMODE: encrypted ? 'require' : 'disable',
    PGGSSENCMODE: 'disable',
  }
  const { stdout } = await run(program, ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-n', ...args, 'bench'], {
    env,
  })
  return stdout
}

function rate(output: string): number {
  const [, tps = 'NaN'] = /tps = ([\d.]+)/.exec(output) ?? []
  return Number(tps)
}

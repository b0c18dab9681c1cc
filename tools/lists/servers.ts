/** Starts a throw-away server from a folder of PostgreSQL's programs. For generators and their tests. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'

/** Runs `work` with a superuser's connection to a fresh server. PostgreSQL refuses root, so as user postgres then. */
export async function withServer<T>(programs: string, work: (client: Client) => Promise<T>): Promise<T> {
  const folder = mkdtempSync('/tmp/sallyport-lists-')
  const data = join(folder, 'data')
  run('chmod', ['777', folder])
  asPostgres(join(programs, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-N',
  ])
  const port = await freePort()
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`
  asPostgres(join(programs, 'pg_ctl'), ['-D', data, '-l', join(folder, 'log'), '-o', options, '-w', 'start'])
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    asPostgres(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'])
    rmSync(folder, { recursive: true, force: true })
  }
}

function asPostgres(program: string, args: readonly string[]): void {
  if (process.getuid?.() !== 0) run(program, args)
  else run('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args])
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/tmp' })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

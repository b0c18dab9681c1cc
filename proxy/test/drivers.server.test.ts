/**
 * Each driver does what its users do, directly and through the gateway, and prints what it sees: the same. `make drivers`
 * installs them (drivers/install.sh); what is not there is skipped with a line that says so, except in CI, where it fails.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passwords } from './cluster.ts'
import { allow, type PolicyParts, startGateway, type TestGateway } from './gateway.ts'
import { majors, type Postgres, postgres } from './servers.ts'

const run = promisify(execFile)
const cache = new URL('../../.sallyport/drivers/', import.meta.url).pathname
const folder = new URL('drivers/', import.meta.url).pathname
const node = process.execPath

interface Where {
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

interface Driver {
  readonly name: string
  /** Missing: the driver is not installed. */
  readonly needs: string
  command(where: Where): { readonly file: string; readonly args: readonly string[]; readonly input?: string }
}

const drivers: readonly Driver[] = [
  { name: 'node-postgres', needs: node, command: where => ({ file: node, args: [`${folder}node/pg.ts`, url(where)] }) },
  {
    name: 'postgres.js',
    needs: node,
    command: where => ({ file: node, args: [`${folder}node/postgres-js.ts`, url(where)] }),
  },
  ...['psycopg', 'asyncpg', 'sqlalchemy'].map(name => ({
    name,
    needs: `${cache}python/bin/python`,
    command: (where: Where) => ({
      file: `${cache}python/bin/python`,
      args: [`${folder}python/${name}_driver.py`, url(where)],
    }),
  })),
  { name: 'pgx', needs: `${cache}go-driver`, command: where => ({ file: `${cache}go-driver`, args: [url(where)] }) },
  {
    name: 'tokio-postgres',
    needs: `${cache}rust/release/sallyport-driver-test`,
    command: where => ({ file: `${cache}rust/release/sallyport-driver-test`, args: [url(where, 'disable')] }),
  },
  { name: 'pgjdbc', needs: `${cache}java/Driver.class`, command: java },
  { name: 'psql', needs: onPath('psql'), command: psql },
  { name: 'pgbench', needs: onPath('pgbench'), command: pgbench },
]

/** What such a program is given in life: reads, writes and DDL of its schemas, functions by name, no code. */
const policy: PolicyParts = {
  name: 'programs',
  role: 'agent_rw',
  rules: [
    allow('work', ['Read', 'Write', 'DDL'], ['public.*', 'other.*', '"Odd Schema".*']),
    allow('talk', ['Utility'], ['*.*']),
  ],
  functions: { allow: ['public.*', 'pg_catalog.pg_notify'] },
}

describe.each(majors)('PostgreSQL %i', major => {
  let server: Postgres
  let gateway: TestGateway
  let token: string
  beforeAll(async () => {
    server = await postgres(major)
    gateway = await startGateway({ postgres: server, policies: [policy], ownProcess: true })
    token = await gateway.token()
    for (const side of ['direct', 'gateway']) await server.createDatabase(`drivers_${side}`)
  })
  afterAll(() => gateway?.stop())

  it.each(drivers)('$name says the same through the gateway', async ({ name, needs, command }) => {
    if (!existsSync(needs)) {
      console.warn(`${name} is not installed: run make drivers (${needs})`)
      expect(process.env.CI, `${name} is not installed`).not.toBe('true')
      return
    }
    const user = 'agent_rw'
    const [direct, through] = await Promise.all([
      say(command({ port: server.port, database: 'drivers_direct', user, password: passwords[user] ?? '' })),
      say(command({ port: gateway.port, database: 'drivers_gateway', user, password: token })),
    ])
    expect(through).toBe(direct)
    expect(direct.length).toBeGreaterThan(20)
  })
})

async function say({ file, args, input }: ReturnType<Driver['command']>): Promise<string> {
  const env = { ...process.env, PYTHONUNBUFFERED: '1', PGTZ: undefined, LC_ALL: 'C.UTF-8' }
  const running = run(file, args, { env, maxBuffer: 64 << 20, timeout: 60_000 })
  running.child.stdin?.end(input ?? '')
  const { stdout, stderr } = await running.catch((error: { stdout?: string; stderr?: string; code?: unknown }) => ({
    stdout: `${error.stdout ?? ''}\nexit ${String(error.code)}\n`,
    stderr: error.stderr ?? '',
  }))
  return canonical(stdout + stderr)
}

/** Which server, which database, which process and how fast are not compared. */
function canonical(text: string): string {
  return text
    .replaceAll(/drivers_(direct|gateway)/g, 'DATABASE')
    .replaceAll(/\b(PID|pid) \d+/g, '$1 N')
    .replaceAll(/^(latency|initial connection|tps|duration|scaling).*$/gm, '$1 …')
    .replaceAll(/0x[0-9a-f]{6,}/g, '0x…')
}

function url({ port, database, user, password }: Where, mode = 'require'): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}?sslmode=${mode}`
}

function java({ port, database, user, password }: Where): ReturnType<Driver['command']> {
  const classes = [`${cache}java`, `${cache}java/postgresql-42.7.14.jar`].join(':')
  const args = [
    '-XX:TieredStopAtLevel=1',
    '-cp',
    classes,
    'Driver',
    `jdbc:postgresql://127.0.0.1:${port}/${database}`,
    user,
    password,
  ]
  return { file: 'java', args }
}

function psql(where: Where): ReturnType<Driver['command']> {
  const args = ['--no-psqlrc', '--echo-all', '--dbname', url(where)]
  return { file: 'psql', args, input: readFileSync(`${folder}psql/commands.sql`, 'utf8') }
}

/** Its tables, then each of its scripts in each mode of the protocol, then what they left. */
function pgbench(where: Where): ReturnType<Driver['command']> {
  const script = `
    pgbench -q -i -I dtgvp -s 1 "$0" 2>/dev/null
    for mode in simple extended prepared; do
      pgbench -n -c 4 -t 50 --random-seed 7 -S -M $mode "$0" && pgbench -n -c 2 -t 20 --random-seed 7 -M $mode "$0"
    done
    psql -X "$0" -Atc 'SELECT sum(abalance), count(*) FROM pgbench_accounts' -c 'SELECT count(*) FROM pgbench_history'`
  return { file: 'bash', args: ['-c', script, url(where)] }
}

function onPath(program: string): string {
  const found = (process.env.PATH ?? '')
    .split(':')
    .map(each => `${each}/${program}`)
    .find(each => existsSync(each))
  return found ?? `/nonexistent/${program}`
}

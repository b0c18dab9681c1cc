/** A PostgreSQL of the bench's own, over TCP, with and without TLS, and the tables that the lines read. */
import pg from 'pg'
import { testAuthority } from '../proxy/test/certificates.ts'
import { binariesOf, startPostgres } from '../proxy/test/postgres-server.ts'

export interface Database {
  readonly port: number
  readonly version: string
  /** Of the role `bench_ro`; `bench_direct` has the same rights and needs none. */
  readonly password: string
  sql(text: string, database?: string): Promise<readonly Readonly<Record<string, string>>[]>
  stop(): Promise<void>
}

const hba = ['host all bench_ro all scram-sha-256', 'host all all all trust']

export async function startDatabase(major: number): Promise<Database> {
  const { certificate, key } = testAuthority().issue('postgres', ['127.0.0.1', 'localhost'])
  const server = await startPostgres({
    binaries: binariesOf(major),
    hba,
    files: { 'server.crt': certificate, 'server.key': key },
    configuration: {
      ssl: 'on',
      ssl_cert_file: 'server.crt',
      ssl_key_file: 'server.key',
      max_connections: '700',
      shared_buffers: '256MB',
      max_locks_per_transaction: '512',
      autovacuum: 'off',
      max_parallel_workers_per_gather: '0',
    },
  })
  const sql: Database['sql'] = async (text, database = 'bench') => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  await sql('CREATE DATABASE bench', 'postgres')
  for (const statement of tables) await sql(statement)
  const [{ server_version: version = '' } = {}] = await sql('SHOW server_version')
  return { port: server.port, version, password, sql, stop: server.stop }
}

const password = 'correct horse bench'

/** The tables of pgbench at scale 1, and 500,000 rows of 6 columns as an application has them. */
const tables = [
  `CREATE ROLE bench_ro LOGIN PASSWORD '${password}'`,
  'CREATE ROLE bench_direct LOGIN',
  'CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))',
  'INSERT INTO pgbench_branches VALUES (1, 0)',
  'CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))',
  "INSERT INTO pgbench_accounts SELECT aid, 1, 0, '' FROM generate_series(1, 100000) aid",
  `CREATE TABLE orders AS SELECT n AS id, 'customer ' || n % 5000 AS customer, n * 0.37 AS total,
     timestamptz '2026-01-01' + n * interval '7 seconds' AS created, md5(n::text) AS reference, n % 3 = 0 AS paid
   FROM generate_series(1, 500000) n`,
  'GRANT SELECT ON ALL TABLES IN SCHEMA public TO bench_ro, bench_direct',
  'VACUUM ANALYZE',
]

/** What the lists close is not what people need to find their way: psql's own queries, under the server's own grants. */
import { execFileSync } from 'node:child_process'
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import { systemColumns, systemRelations } from '@sallyport/proxy/sql/lists/relations.ts'
import type { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { postgresBinaries } from '../../proxy/test/postgres-server.ts'
import { withServer } from './read.ts'
import { majors } from './rows.ts'

/** Debian's postgresql-client; without it there is nothing to ask. Under CI a skip is a failure. */
const isThere = process.env.CI === 'true' || runs('psql', ['--version'])
if (!isThere) console.info('psql is not installed: what its commands read is not tested')

describe.skipIf(!isThere).each(postgresBinaries)('PostgreSQL $major', ({ major, binaries }) => {
  test('lets psql describe a database, but for settings and the secrets of other servers', () =>
    withServer(binaries, async client => {
      for (const version of majors.filter(known => known === major)) await close(client, version)
      const as = (command: string) => describes(client.port, command)
      expect(closedToPsql.filter(as)).toEqual([])
      expect(describing.filter(command => !as(command))).toEqual([])
    }))
})

/** psql's commands that a person uses to find their way; on 15 and 18 alike with the psql of this machine. */
const describing =
  '\\d|\\d+|\\d t|\\d+ t|\\d+ v|\\d+ m|\\d+ p|\\d s|\\da+|\\dA+|\\dAc|\\dAf|\\dAo|\\dAp|\\db|\\dc+|\\dC+|\\dd|\\ddp|\\dD+|\\des|\\det+|\\deu|\\dew|\\df+|\\dFd+|\\dF+|\\dFp+|\\dFt+|\\dg+|\\di+|\\dl+|\\dL+|\\dm+|\\dn+|\\do+|\\dp|\\dP+|\\dRp+|\\dRs|\\ds+|\\dt+|\\dT+|\\du|\\dv+|\\dx+|\\dX|\\dy+|\\z|\\sf f|\\sv v'.split(
    '|',
  )

/** They show settings, or the secrets of other servers. */
const closedToPsql = ['\\dconfig', '\\drds', '\\des+', '\\deu+', '\\dew+', '\\dRs+']

const systemOnly = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

function describes(port: number, command: string): boolean {
  const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'reader', '-d', 'postgres']
  return runs('psql', [...connection, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', command])
}

function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Makes the server itself enforce the lists, by its own grants, and gives it something to describe. */
async function close(client: Client, version: ServerMajor): Promise<void> {
  await client.query('CREATE ROLE reader LOGIN; SET search_path = public')
  await client.query(objects)
  for (const relation of systemRelations(version)) await grantReadable(client, version, relation)
}

async function grantReadable(client: Client, version: ServerMajor, relation: string): Promise<void> {
  const [schema = '', name = ''] = relation.split('.')
  const columns = systemColumns(version, schema, name)
  if (columns !== 'Closed' && columns.readable === 'All') return
  const all = `SELECT string_agg(quote_ident(attname), ', ') AS all FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0`
  const { rows } = await client.query<{ all: string }>(all, [relation])
  await client.query(`REVOKE ALL ON ${relation} FROM PUBLIC; REVOKE ALL (${rows[0]?.all}) ON ${relation} FROM PUBLIC`)
  if (columns === 'Closed' || columns.readable === 'All') return
  const readable = columns.readable.filter(column => !systemOnly.includes(column))
  await client.query(`GRANT SELECT (${readable.map(column => `"${column}"`).join(', ')}) ON ${relation} TO PUBLIC`)
}

const objects = `
  CREATE TABLE t (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', parent int REFERENCES t (id), CHECK (id > 0));
  CREATE INDEX ON t (name);
  CREATE VIEW v AS SELECT * FROM t;
  CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
  CREATE TABLE p (a int, b text) PARTITION BY RANGE (a);
  CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
  CREATE SEQUENCE s;
  CREATE FUNCTION f(a int, b text DEFAULT 'q') RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE POLICY own_rows ON t USING (id > 0);
  CREATE TRIGGER unchanged BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
  CREATE STATISTICS together ON id, name FROM t;
  CREATE PUBLICATION changes FOR TABLE t;
  COMMENT ON TABLE t IS 'a table'`

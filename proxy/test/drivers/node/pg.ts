/** What users of node-postgres do, printed so that two servers can be compared. The only argument is the URL. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copy from 'pg-copy-streams'
import Cursor from 'pg-cursor'

const config = { connectionString: process.argv[2]?.split('?')[0], ssl: { rejectUnauthorized: false } }
const client = new pg.Client({ ...config, application_name: 'node' })
client.on('notification', ({ channel, payload }) => print('notified', channel, payload))
client.on('notice', ({ severity, message, detail }) => print('notice', severity, message, detail))
await client.connect()
print('rows', (await client.query('SELECT * FROM customers ORDER BY id')).rows)
print('parameters', (await client.query('SELECT $1::int + 1 AS n, $2::text[] AS t', [1, ['a', 'é']])).rows)
for (const id of [1, 2, 3])
  print(
    'named',
    (await client.query({ name: 'by id', text: 'SELECT name FROM customers WHERE id = $1', values: [id] })).rows,
  )
print('array', (await client.query({ text: 'SELECT 1, NULL', rowMode: 'array' })).rows)
const several: unknown = await client.query("SELECT 1 AS a; UPDATE customers SET name = name; SELECT 'x' AS b")
print(
  'several',
  (Array.isArray(several) ? several : []).map(({ command, rowCount, rows }) => [command, rowCount, rows]),
)
await client.query('BEGIN')
await client.query('INSERT INTO api_keys VALUES ($1, $2)', [9000, 'node'])
print('error', await failure('SELECT 1/0'))
print('aborted', await failure('SELECT 1'))
await client.query('ROLLBACK')
for (const text of ['SELEC 1', "SELECT 'é', nosuch", 'SELECT * FROM nosuch', "SELECT fail('x')"])
  print('error', await failure(text))
const cursor = client.query(new Cursor('SELECT n FROM generate_series(1, 25) n'))
for (const size of [10, 10, 10]) print('cursor', (await cursor.read(size)).length)
await cursor.close()
const early = client.query(new Cursor('SELECT n FROM generate_series(1, 1000) n'))
print('early', (await early.read(3)).length)
await early.close()
const into = client.query(copy.from('COPY api_keys FROM STDIN'))
await pipeline(Readable.from(Array.from({ length: 500 }, (_, n) => `${9100 + n}\tnode ${n}\n`)), into)
print('copied in', into.rowCount)
const out = client.query(copy.to('COPY (SELECT * FROM api_keys WHERE id BETWEEN 9100 AND 9103 ORDER BY id) TO STDOUT'))
print('copied out', Buffer.concat(await out.toArray()).toString())
print('deleted', (await client.query('DELETE FROM api_keys WHERE id >= 9000')).rowCount)
await client.query('LISTEN node')
await client.query("NOTIFY node, 'hello'")
await client.query("SELECT shout('node')")
await client.end()
const pool = new pg.Pool({ ...config, max: 3 })
const many = await Promise.all(Array.from({ length: 20 }, (_, n) => pool.query('SELECT $1::int AS n', [n])))
print(
  'pool',
  many.map(({ rows }) => rows[0].n),
)
await pool.end()

async function failure(text: string): Promise<unknown> {
  try {
    return await client.query(text)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    const { code, message, position, detail, hint } = error
    return [code, message, position, detail, hint]
  }
}

function print(...values: unknown[]): void {
  console.log(JSON.stringify(values))
}

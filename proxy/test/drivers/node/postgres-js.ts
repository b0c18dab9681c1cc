/** What users of postgres.js do, printed so that two servers can be compared. The only argument is the URL. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'

const notices: unknown[] = []
const sql = postgres(process.argv[2]?.split('?')[0] ?? '', {
  ssl: { rejectUnauthorized: false },
  max: 3,
  onnotice: ({ message }) => notices.push(message),
})
print('rows', await sql`SELECT * FROM customers WHERE id >= ${1} ORDER BY id`)
print(
  'helpers',
  await sql`SELECT ${sql(['id', 'name'])} FROM ${sql('customers')} WHERE id IN ${sql([1, 2])} ORDER BY id`,
)
print(
  'insert',
  await sql`INSERT INTO api_keys ${sql([
    { id: 8000, secret: 'a' },
    { id: 8001, secret: 'b' },
  ])} RETURNING *`,
)
print(
  'together',
  await Promise.all(Array.from({ length: 30 }, (_, n) => sql`SELECT ${n}::int AS n`.then(([row]) => row?.n))),
)
for await (const rows of sql`SELECT n FROM generate_series(1, 25) n`.cursor(10)) print('cursor', rows.length)
await sql`SELECT n FROM generate_series(1, 5) n`.forEach(row => void print('each', row))
print('simple', await sql.unsafe('SELECT 1 AS a; SELECT 2 AS b').simple())
print('described', (await sql`SELECT id, name FROM customers WHERE id = ${1}`.describe()).types)
const readable = Readable.from(Array.from({ length: 300 }, (_, n) => `${8100 + n}\tjs ${n}\n`))
await pipeline(readable, await sql`COPY api_keys FROM STDIN`.writable())
const copied = await sql`COPY (SELECT * FROM api_keys WHERE id BETWEEN 8100 AND 8102 ORDER BY id) TO STDOUT`.readable()
print('copied', Buffer.concat(await copied.toArray()).toString())
print('deleted', (await sql`DELETE FROM api_keys WHERE id >= 8000`).count)
await sql
  .begin('ISOLATION LEVEL SERIALIZABLE', async transaction => {
    await transaction`INSERT INTO api_keys VALUES (8500, 'x')`
    await transaction
      .savepoint(async inner => void (await inner`SELECT 1/0`))
      .catch(error => print('savepoint', error.code))
    throw new Error('rolled back')
  })
  .catch(error => print(error.message))
print('count', await sql`SELECT count(*)::int FROM api_keys WHERE id = 8500`)
for (const text of ['SELEC 1', "SELECT 'é', nosuch", 'SELECT * FROM nosuch', "SELECT fail('x')"])
  await sql
    .unsafe(text)
    .catch(({ code, message, position, detail, hint }) => print('error', code, message, position, detail, hint))
const heard = Promise.withResolvers<unknown>()
const { unlisten } = await sql.listen('js', heard.resolve)
await sql.notify('js', 'hello é')
print('notified', await heard.promise)
await unlisten()
await sql`SELECT shout('js')`
print('notices', notices)
const slow = sql`SELECT count(*) FROM generate_series(1, 200000000)`
slow.execute()
setTimeout(() => slow.cancel(), 200)
await slow.catch(error => print('cancelled', error.code))
await sql.end()

function print(...values: unknown[]): void {
  console.log(JSON.stringify(values))
}

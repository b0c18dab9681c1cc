/**
 * Opens a catalog in a process of its own and prints what it cost, as JSON: `node --expose-gc measure.ts PORT`. Memory
 * without that flag is what a proxy has before its collector next runs in full.
 */
import pg from 'pg'
import { openCatalog } from '../watch.ts'

const port = Number(process.argv[2])
const client = async () => {
  const made = new pg.Client({
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    types: { getTypeParser: () => (text: unknown) => text },
  })
  await made.connect()
  return made
}
const connect = async () => {
  const made = await client()
  const query = async (text: string) => (await made.query<(string | null)[]>({ text, rowMode: 'array' })).rows
  await query('SELECT 1')
  return { query, closed: new Promise<void>(resolve => made.once('end', resolve)), close: () => void made.end() }
}
const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now()
  await work()
  return Number((performance.now() - start).toFixed(1))
}
const mib = (bytes: number) => Math.round(bytes / 2 ** 20)

const other = await client()
await (await connect()).close()
globalThis.gc?.()
const { rss, heapUsed } = process.memoryUsage()
const watch = openCatalog({ connect, database: 'postgres', roles: ['postgres'], pollMs: 3_600_000 })
const readyMs = await timed(() => watch.ready)
const peakMiB = mib(process.memoryUsage().rss - rss)
globalThis.gc?.()
const after = process.memoryUsage()
const run = async (sql: string) => {
  await other.query(sql)
  return timed(() => watch.refresh())
}
const commit = 'CREATE TABLE IF NOT EXISTS measured (a int, b int); INSERT INTO measured VALUES (1)'
const figures = {
  readyMs,
  peakMiB,
  rssMiB: mib(after.rss - rss),
  heapMiB: mib(after.heapUsed - heapUsed),
  refreshMs: {
    firstAfterCommit: await run(commit),
    nothingCommitted: await run('SELECT 1'),
    dataCommitted: await run('INSERT INTO measured VALUES (1)'),
    columnRenamed: await run('ALTER TABLE measured RENAME b TO c'),
    tableCreated: await run('CREATE TABLE measured_too (a int)'),
    tableDropped: await run('DROP TABLE measured, measured_too'),
  },
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
watch.close()
await other.end()

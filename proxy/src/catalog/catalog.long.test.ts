/** 20,000 relations of 10 columns: ready within 5 s, within 100 MiB (issue 3). Prints its figures. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { servers, startServer } from './test/server.ts'

const run = promisify(execFile)
const measure = new URL('./test/measure.ts', import.meta.url).pathname
const columns =
  'customer int NOT NULL, name text, email text, created timestamptz, amount numeric, status varchar(20), tenant uuid, payload jsonb, note text'
const make = `DO $$ BEGIN FOR i IN 1..20000 LOOP
    EXECUTE format('CREATE TABLE public.t%s (id bigint PRIMARY KEY, ${columns})', i);
    IF i % 1000 = 0 THEN COMMIT; END IF;
  END LOOP; END $$`

test.each(servers)('20,000 relations on $bin', async ({ bin }) => {
  const server = await startServer(bin, ['max_locks_per_transaction=4096', 'shared_buffers=256MB'])
  try {
    const client = await server.client()
    await client.query(make)
    await client.query('ANALYZE')
    await client.end()
    const { stdout } = await run(process.execPath, ['--expose-gc', measure, `${server.port}`])
    process.stdout.write(`${bin}: ${stdout}`)
    const { readyMs, rssMiB, refreshMs } = JSON.parse(stdout)
    expect(readyMs).toBeLessThan(5_000)
    expect(rssMiB).toBeLessThan(100)
    expect(refreshMs.tableCreated).toBeLessThan(1_000)
  } finally {
    await server.stop()
  }
})

/** Columns of the relations in use are looked at each time, those of all others in turn. */
import { expect, test } from 'vitest'
import { unpack } from './pack.ts'
import { Reader } from './poll.ts'
import { servers, startServer } from './test/server.ts'

test.each(servers)('columns in use first, on $bin', async ({ bin }) => {
  const server = await startServer(bin)
  const admin = await server.client()
  await admin.query('CREATE TABLE used (a int); CREATE TABLE other (a int)')
  const connection = await server.connect()
  const reader = new Reader(connection.query)
  const roles: readonly string[] = []
  const namesIn = (name: string) => unpack(reader.state.shelves.relations.named('public', name)[0]?.text ?? '')[3]
  try {
    await reader.load(roles)
    const used = reader.state.shelves.relations.named('public', 'used')[0]?.oid ?? 0
    await reader.poll(roles, 'All')
    for (const name of ['b', 'c', 'd']) {
      await admin.query(`DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY '{used,other}'::text[] LOOP
        EXECUTE format('ALTER TABLE %I RENAME %I TO ${name}', t, (SELECT attname FROM pg_attribute WHERE attrelid = t::regclass AND attnum = 1));
      END LOOP; END $$`)
      await reader.poll(roles, [used])
      expect(namesIn('used')).toBe(`{${name}}`)
    }
    const eventually = () => reader.poll(roles, [used]).then(() => namesIn('other'))
    await expect.poll(eventually, { timeout: 5_000 }).toBe('{d}')
  } finally {
    connection.close()
    await admin.end()
    await server.stop()
  }
})

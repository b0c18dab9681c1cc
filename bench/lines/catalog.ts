/** A database of 20,000 relations: how long until its first session is ready, and what knowing it costs. */
import { encodeQuery } from '../../proxy/src/wire/frontend.ts'
import { Client } from '../client.ts'
import { atMost, digits, type Figure } from '../figure.ts'
import { settledMiB } from '../process.ts'
import type { World } from '../world.ts'

const line = 'catalog of 20,000 relations'

/** Tables and their primary keys: 10,000 of each. */
const make = `DO $$ BEGIN FOR i IN 1..10000 LOOP
    EXECUTE format('CREATE TABLE public.t%s (id bigint PRIMARY KEY, customer int NOT NULL, created timestamptz,
      amount numeric(12,2), status varchar(20), tenant uuid)', i);
    IF i % 500 = 0 THEN COMMIT; END IF;
  END LOOP; END $$`

export async function measureCatalog(world: World): Promise<readonly Figure[]> {
  await world.database.sql('CREATE DATABASE large', 'postgres')
  await world.database.sql(make, 'large')
  await world.database.sql('GRANT SELECT ON ALL TABLES IN SCHEMA public TO bench_ro', 'large')
  const gateway = await world.gateway(false)
  const small = await Client.connect(gateway.peer) // what any first session loads is no part of the catalog
  await small.ask(encodeQuery('SELECT 1'))
  const before = await settledMiB(gateway.processId, 4_000)
  const start = performance.now()
  const client = await Client.connect(gateway.peer, { database: 'large' })
  await client.ask(encodeQuery('SELECT amount FROM t7777 WHERE id = 1'))
  const readyS = (performance.now() - start) / 1000
  const after = await settledMiB(gateway.processId, 8_000)
  for (const each of [small, client]) each.close()
  await gateway.stop()
  return [
    { line, name: 'first session ready', unit: 's', target: atMost(5), value: readyS, note: 'login and one statement' },
    {
      line,
      name: 'memory',
      unit: 'MiB',
      target: atMost(100),
      value: after - before,
      note: `${digits(after)} MiB, before ${digits(before)} MiB`,
    },
  ]
}

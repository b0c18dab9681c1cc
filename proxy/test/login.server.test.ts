import { afterAll, describe, expect, it } from 'vitest'
import { allowAll, startGateway, type TestGateway } from './gateway.ts'
import { connect, majors, postgres } from './servers.ts'

describe.each(majors)('a login, PostgreSQL %i', major => {
  let gateway: TestGateway
  afterAll(() => gateway?.stop())
  it('works', async () => {
    const server = await postgres(major)
    gateway = await startGateway({ postgres: server, policies: [allowAll] })
    const client = await connect({ connectionString: gateway.url('shop', 'agent_all', await gateway.token()) })
    expect((await client.query('SELECT count(*)::int AS n FROM customers')).rows).toEqual([{ n: 3 }])
    await client.end()
  })
})

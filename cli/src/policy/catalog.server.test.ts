/** Names looked up in a real database, by the gateway's own login. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOnly, startGateway, type TestGateway } from '../../../proxy/test/gateway.ts'
import { postgres } from '../../../proxy/test/servers.ts'
import { policyExplain } from '../policy-explain.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ postgres: await postgres(18), policies: [readOnly] })
})
afterAll(() => gateway.stop())

async function explain(sql: string, database = 'shop') {
  const lines: string[] = []
  const who = { as: 'idp:agent-7', groups: ['idp:agents'], claims: {}, database, searchPath: '"$user", public' }
  const code = await policyExplain(sql, {
    ...who,
    manifests: gateway.manifests,
    output: 'table',
    print: line => lines.push(line),
  })
  return { code, text: lines.join('\n') }
}

test('a database that is not there is said, and is bad usage', async () => {
  await expect(explain('SELECT 1', 'nowhere')).rejects.toThrow('database "nowhere" cannot be read')
})

test('what the database says decides', async () => {
  expect(await explain('SELECT id FROM nothing_of_that_name')).toMatchObject({
    code: 1,
    text: expect.stringContaining('42P01'),
  })
  expect(await explain('SELECT id FROM customers')).toMatchObject({
    code: 0,
    text: expect.stringContaining('FROM public.customers'),
  })
})

/** The tool of docs/connect/mcp.md, as an assistant uses it. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOnly, startGateway, type TestGateway } from '../../proxy/test/gateway.ts'
import { postgres } from '../../proxy/test/servers.ts'

let gateway: TestGateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway({ postgres: await postgres(18), policies: [readOnly] })
  folder = await mkdtemp(join(tmpdir(), 'sallyport-tool-'))
  await writeFile(join(folder, 'ca.crt'), gateway.certificate)
  await writeFile(join(folder, 'token'), await gateway.token())
})
afterAll(async () => {
  await gateway.stop()
  await rm(folder, { recursive: true })
})

async function converse(
  messages: readonly object[],
): Promise<readonly { readonly id: number; readonly result: unknown }[]> {
  const login = { PGHOST: '127.0.0.1', PGPORT: String(gateway.port), PGDATABASE: 'shop', PGUSER: 'agent_ro' }
  const secrets = { PGSSLROOTCERT: join(folder, 'ca.crt'), SALLYPORT_TOKEN_COMMAND: `cat ${join(folder, 'token')}` }
  const tool = spawn(process.execPath, [join(import.meta.dirname, 'query-tool.mjs')], {
    env: { ...process.env, ...login, ...secrets },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  tool.stdin.end(messages.map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''))
  const answers: { readonly id: number; readonly result: unknown }[] = []
  for await (const line of createInterface({ input: tool.stdout })) answers.push(JSON.parse(line))
  return answers
}

const call = (id: number, sql: string) => ({ id, method: 'tools/call', params: { name: 'query', arguments: { sql } } })

test('a refusal is told in full, a read gives rows', async () => {
  const answers = await converse([
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } },
    { method: 'notifications/initialized' },
    call(2, 'DELETE FROM orders'),
    call(3, 'SELECT count(*)::int AS n FROM customers'),
  ])
  expect(answers.map(({ id }) => id)).toEqual([1, 2, 3])
  expect(answers[1]?.result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('code=WriteNotAllowed') }],
  })
  expect(answers[2]?.result).toEqual({ content: [{ type: 'text', text: '[{"n":3}]' }] })
})

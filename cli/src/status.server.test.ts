import http from 'node:http'
import { expect, test } from 'vitest'
import { status } from './status.ts'

async function statusOf(code: number, body: string, output: 'table' | 'json' = 'table') {
  const server = http.createServer((_request, response) => response.writeHead(code).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const lines: string[] = []
  const exit = await status({ admin: `127.0.0.1:${port}`, output, print: line => lines.push(line) })
  server.close()
  return { exit, lines }
}

const notReady = '[-] accepting: draining\n[!] issuer http://idp:8080: it does not answer: refused\n[+] manifests: ok\n'

test('nobody there: 1', async () => {
  const lines: string[] = []
  expect(await status({ admin: '127.0.0.1:1', output: 'table', print: line => lines.push(line) })).toBe(1)
  expect(lines).toEqual(['nothing answers at 127.0.0.1:1'])
})

test('not ready: 1, and why', async () => {
  expect(await statusOf(503, notReady)).toEqual({
    exit: 1,
    lines: [
      'CHECK                   STATE',
      'accepting               Failing  draining',
      'issuer http://idp:8080  Warning  it does not answer: refused',
      'manifests               Ok       ok',
    ],
  })
})

test('ready: 0; for programs', async () => {
  const { exit, lines } = await statusOf(200, '[+] accepting: 2 sessions\n', 'json')
  expect(exit).toBe(0)
  expect(JSON.parse(lines.join('\n'))).toEqual({ items: [{ check: 'accepting', state: 'Ok', text: '2 sessions' }] })
})

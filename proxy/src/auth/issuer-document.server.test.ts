/** Asking an identity provider over real HTTP and HTTPS: what is refused, and what is bounded. */
import http from 'node:http'
import https from 'node:https'
import { afterEach, describe, expect, test } from 'vitest'
import { testAuthority } from '../../test/certificates.ts'
import { settings } from '../settings.ts'
import { acceptableUrl, fetchDocument } from './issuer-document.ts'

const servers: http.Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

async function serve(answer: http.RequestListener, tls?: { cert: string; key: string }): Promise<string> {
  const server = tls === undefined ? http.createServer(answer) : https.createServer(tls, answer)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${port}/keys`
}

const ask = (url: string, certificateAuthority?: string, signal = new AbortController().signal) =>
  fetchDocument({ url, signal, ...(certificateAuthority === undefined ? {} : { certificateAuthority }) })

const authority = testAuthority()
const { certificate: cert, key } = authority.issue('localhost', ['localhost'])

describe('refused', () => {
  const urls = [
    'http://idp.example.com/keys',
    'http://127.0.0.1.example.com/keys',
    'http://10.0.0.1/keys',
    'http://localhost.evil/keys',
    'https://user:password@idp.example.com/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'idp.example.com',
    '',
  ]
  test.each(urls)('%s', async url => {
    expect(acceptableUrl(url)).toBeUndefined()
    await expect(ask(url)).rejects.toThrow('only https')
  })

  test('a redirect, wherever it leads', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    )
    await expect(ask(url)).rejects.toThrow('answered 302')
  })

  test.each([204, 401, 404, 500])('status %i', async status => {
    await expect(ask(await serve((_request, response) => response.writeHead(status).end('{}')))).rejects.toThrow(
      `answered ${status}`,
    )
  })

  test('an endless answer', async () => {
    const url = await serve((_request, response) => {
      const more = () => response.write('x'.repeat(100_000), error => error ?? more())
      more()
    })
    await expect(ask(url)).rejects.toThrow(`more than ${settings.maxIssuerDocumentBytes} bytes`)
  })

  test('an answer that trickles', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 100)
      response.on('close', () => clearInterval(timer))
    })
    await expect(ask(url)).rejects.toThrow('no answer in time')
  }, 10_000)

  test('an answer that is cut', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(ask(url)).rejects.toThrow()
  })

  test('a certificate that nobody known signed', async () => {
    const url = await serve((_request, response) => response.end('{}'), { cert, key })
    await expect(ask(url)).rejects.toThrow()
    await expect(ask(url, testAuthority('other').certificate)).rejects.toThrow()
    await expect(ask(url.replace('localhost', '127.0.0.1'), authority.certificate)).rejects.toThrow()
  })

  test('nobody there, and a caller that gave up', async () => {
    await expect(ask('http://127.0.0.1:1/keys')).rejects.toThrow('ECONNREFUSED')
    await expect(ask('http://127.0.0.1:1/keys', undefined, AbortSignal.abort())).rejects.toThrow('no answer in time')
  })

  test('no error shows a query', async () => {
    const error: unknown = await ask('http://127.0.0.1:1/keys?secret=hunter2').catch(failure => failure)
    expect(String(error)).toMatch(/keys: ECONNREFUSED(?!.*hunter2)/)
  })
})

test('http on this machine, and https by its own authority', async () => {
  const answer: http.RequestListener = (_request, response) => response.end('{"keys":[]}')
  expect(await ask(await serve(answer))).toBe('{"keys":[]}')
  expect(await ask(await serve(answer, { cert, key }), authority.certificate)).toBe('{"keys":[]}')
})

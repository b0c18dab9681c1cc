/** Health and metrics over HTTP: `/livez`, `/readyz` (`?verbose` says why), `/metrics`. Reads only, and takes no input. */
import http from 'node:http'
import type { Metrics } from './metrics.ts'

/** One thing that readiness rests on. `ok: false` with `isFatal` makes the process not ready; without, it is only told. */
export interface HealthCheck {
  readonly name: string
  readonly ok: boolean
  readonly isFatal: boolean
  readonly text?: string
}

export interface AdminOptions {
  readonly host: string
  readonly port: number
  readonly metrics: Metrics
  health(): readonly HealthCheck[]
}

export async function startAdmin(options: AdminOptions): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    answer(options, new URL(request.url ?? '/', 'http://admin'), response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve)
  })
  return server
}

async function answer(options: AdminOptions, url: URL, response: http.ServerResponse): Promise<void> {
  switch (url.pathname) {
    case '/livez':
      return send(response, 200, 'ok\n')
    case '/readyz': {
      const checks = options.health()
      const isReady = checks.every(check => check.ok || !check.isFatal)
      return send(
        response,
        isReady ? 200 : 503,
        url.searchParams.has('verbose') ? verbose(checks) : isReady ? 'ok\n' : 'not ready\n',
      )
    }
    case '/metrics':
      return send(response, 200, await options.metrics.registry.metrics(), options.metrics.registry.contentType)
    default:
      return send(response, 404, 'not found\n')
  }
}

function verbose(checks: readonly HealthCheck[]): string {
  return checks
    .map(({ name, ok, isFatal, text = 'ok' }) => `[${ok ? '+' : isFatal ? '-' : '!'}] ${name}: ${text}\n`)
    .join('')
}

function send(response: http.ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

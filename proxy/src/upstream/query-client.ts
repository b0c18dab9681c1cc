/**
 * A small client for queries of our own (the catalog, health checks): simple protocol, values as text, one query at a
 * time in the order asked, each answer bounded.
 */
import { settings } from '../settings.ts'
import { decodeBackend } from '../wire/backend.ts'
import { encodeQuery, encodeTerminate } from '../wire/frontend-encode.ts'
import { connectUpstream } from './connect.ts'
import { UpstreamRefused, UpstreamUnavailable } from './errors.ts'
import { blamePeer, Exchange } from './exchange.ts'
import { fieldsOf } from './log-in.ts'
import type { ConnectOptions, UpstreamLogin, UpstreamTarget } from './target.ts'

export type Row = readonly (string | null)[]

export interface QueryClient {
  /** The rows of all statements in `sql`. Rejects with UpstreamRefused and stays usable, or with UpstreamUnavailable and is over. */
  query(sql: string): Promise<readonly Row[]>
  close(): void
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
}

export interface QueryClientOptions extends ConnectOptions {
  /** milliseconds for one query, then the connection is given up: the peer may be gone. Without it: no limit. */
  readonly queryTimeoutMs?: number
}

/** Connects and logs in like a session of an agent. */
export async function openQueryClient(
  target: UpstreamTarget,
  login: UpstreamLogin,
  options: QueryClientOptions,
): Promise<QueryClient> {
  const { socket, rest } = await connectUpstream(target, login, options)
  const exchange = new Exchange(socket, settings.maxQueryResultBytes, 'Close')
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  if (rest.length > 0) socket.unshift(rest)
  socket.resume()
  let last: Promise<unknown> = Promise.resolve()
  return {
    closed,
    query(sql) {
      const answer = last.then(() => limited(exchange, options.queryTimeoutMs, () => ask(exchange, sql)))
      last = answer.catch(() => undefined)
      return answer
    },
    close() {
      socket.end(encodeTerminate())
      exchange.fail(new UpstreamUnavailable('network', 'the connection was closed'))
    },
  }
}

async function limited<T>(exchange: Exchange, timeoutMs: number | undefined, work: () => Promise<T>): Promise<T> {
  if (timeoutMs === undefined) return work()
  const timer = setTimeout(() => {
    exchange.fail(new UpstreamUnavailable('timeout', `the database gave no answer within ${timeoutMs} ms`))
  }, timeoutMs)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}

async function ask(exchange: Exchange, sql: string): Promise<readonly Row[]> {
  exchange.allow()
  exchange.write(encodeQuery(sql))
  const rows: Row[] = []
  let refusal: UpstreamRefused | undefined
  for (;;) {
    const message = await nextAnswer(exchange)
    if (message.is === 'DataRow') rows.push(message.values.map(value => value?.toString('utf8') ?? null))
    if (message.is === 'ErrorResponse') refusal ??= new UpstreamRefused(fieldsOf(message.fields))
    if (message.is.startsWith('Copy')) exchange.fail(new UpstreamUnavailable('protocol', 'COPY is not for this client'))
    if (message.is !== 'ReadyForQuery') continue
    if (refusal !== undefined) throw refusal
    return rows
  }
}

async function nextAnswer(exchange: Exchange): Promise<ReturnType<typeof decodeBackend>> {
  const { type, bytes } = await exchange.next()
  try {
    return decodeBackend(type, bytes)
  } catch (error) {
    const blamed = blamePeer(error)
    exchange.fail(blamed)
    throw blamed
  }
}

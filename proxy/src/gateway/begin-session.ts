/** From a login to a session: the client's last words of the login, and the loop that takes over its sockets. */
import type net from 'node:net'
import type tls from 'node:tls'
import type { JudgedStatement } from '../session/judgement.ts'
import type { RateWindow } from '../session/rate.ts'
import type { Refusal } from '../session/refusal.ts'
import { Session } from '../session/session.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import type { Upstream } from '../upstream/target.ts'
import { encodeBackendKeyData, encodeParameterStatus, encodeReadyForQuery } from '../wire/backend.ts'
import type { CancelKey } from './cancel-keys.ts'
import { Conversation } from './conversation.ts'
import type { Judge } from './judge.ts'
import type { GatewayNumbers } from './limits.ts'
import type { LoggedIn } from './login.ts'
import { serverFrames } from './peer.ts'
import type { SessionEntry } from './session-entry.ts'

export interface SessionHost {
  readonly judge: Judge
  readonly numbers: GatewayNumbers
  readonly rate: RateWindow
  readonly server: ServerMajor
  cancelUpstream(upstream: Upstream): void
  onRefused(refusal: Refusal): void
  onPermitted(statements: readonly JudgedStatement[]): void
  onBug(error: unknown): void
  onEnd(): void
}

export function beginSession(
  socket: net.Socket | tls.TLSSocket,
  loggedIn: LoggedIn,
  entry: SessionEntry,
  host: SessionHost,
): void {
  const { upstream, messages, identity } = loggedIn
  const { numbers } = host
  const now = performance.now()
  const session = new Session({
    limits: numbers.session,
    epoch: { policy: entry.policyEpoch, catalog: entry.catalog.current()?.version ?? 0 },
    searchPath: upstream.parameters.get('search_path'), // reported since PostgreSQL 18
    server: host.server,
    rate: host.rate,
    tokenExpiresAt: now + identity.expiresAt * 1000 - Date.now(),
    now,
  })
  const conversation = new Conversation({
    client: { socket, frames: messages.frames },
    server: { socket: upstream.socket, frames: serverFrames(numbers.maxMessageBytes) },
    session,
    maxQueuedBytes: numbers.maxQueuedBytes,
    judge: effect => host.judge.judge(effect, entry),
    cancelUpstream: () => host.cancelUpstream(upstream),
    onRefused: host.onRefused,
    onPermitted: host.onPermitted,
    onDefinitionsChanging: relations => entry.definitionsChanging(relations),
    onDefinitionsSettled: () => entry.definitionsSettled(),
    onBug: host.onBug,
    onEnd: host.onEnd,
  })
  entry.conversation = conversation
  if (upstream.reads !== undefined) upstream.reads.isFree = () => conversation.hasPassedOn
  socket.write(greeting(upstream, entry.key))
  conversation.start({ client: messages.release(numbers.maxMessageBytes), server: upstream.rest })
}

/** What a server says between the password and the first query; the key is ours. */
function greeting(upstream: Upstream, { processId, secretKey }: CancelKey): Buffer {
  return Buffer.concat([
    ...upstream.notices,
    ...[...upstream.parameters].map(([name, value]) => encodeParameterStatus(name, value)),
    encodeBackendKeyData(processId, secretKey),
    encodeReadyForQuery('I'),
  ])
}

/** What a login asks of its gateway: whether it is open, which method, which policies, whose role, and the second door. */
import type { Authenticator } from '../auth/authenticator.ts'
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { type LoginFacts, type Selection, selectPolicies } from '../policy/select.ts'
import { refusalFor } from '../session/refusal.ts'
import { settings } from '../settings.ts'
import { connectUpstream } from '../upstream/connect.ts'
import type { ScramKeys } from '../upstream/scram-keys.ts'
import type { Upstream } from '../upstream/target.ts'
import type { Databases } from './databases.ts'
import { handOnOptions } from './hand-on.ts'
import { identify, type Method } from './identify.ts'
import type { InForce } from './in-force.ts'
import { type Asked, type LoginHost, LoginRefused } from './login.ts'
import { isLoopback } from './peer.ts'
import type { Started } from './startup.ts'
import type { StartupWishes } from './startup-settings.ts'
import type { Subjects } from './subjects.ts'
import { passwordOf, upstreamTarget } from './target.ts'

export type Port = 'Main' | 'OAuth'

/** What of the gateway a login needs; functions where a snapshot may replace it meanwhile. */
export interface Admitting {
  inForce(): InForce
  authenticator(): Authenticator
  isDraining(): boolean
  readonly subjects: Subjects
  readonly databases: Databases
  readonly scramKeys: ScramKeys
}

export function loginHost(gateway: Admitting, port: Port): LoginHost {
  const { subjects, databases } = gateway
  return {
    closedFor: () => (gateway.inForce().manifest.spec.paused ? paused : gateway.isDraining() ? draining : undefined),
    methodFor: (started, wishes) => methodFor(gateway.inForce(), port, started, wishes),
    identify: (method, messages, send, signal) =>
      identify({ method, messages, authenticator: gateway.authenticator(), send }, signal),
    select: (identity, database, login) => selectFor(gateway.inForce(), identity, database, login),
    admit: identity => {
      const { maxSessions, maxSessionsPerSubject } = gateway.inForce().numbers
      return subjects.admit(identity, maxSessions, maxSessionsPerSubject)
    },
    dismiss: identity => subjects.dismiss(identity),
    catalogOf: (database, role) => databases.acquire(database, role),
    releaseCatalog: database => databases.release(database),
    connect: asked => connect(gateway.inForce(), gateway.scramKeys, asked),
  }
}

/** The policies that hold for a session now. */
export function selectFor(
  { policies, broken, manifest }: InForce,
  identity: Identity,
  database: string,
  { application, client }: Pick<LoginFacts, 'application' | 'client'>,
): { readonly selection: Selection } | { readonly reason: Reason } {
  const { namespace, name } = manifest.metadata
  const login = { application, client, now: Date.now() }
  return selectPolicies({ policies, broken, gateway: { namespace, name }, identity, database, login })
}

function methodFor(
  { manifest }: InForce,
  port: Port,
  { socket, isEncrypted }: Started,
  wishes: StartupWishes,
): { readonly method: Method } | { readonly reason: Reason } {
  const { tls, methods } = manifest.spec.listener
  if (!isEncrypted && !(tls.mode === 'Optional' && isLoopback(socket))) return { reason: tlsRequired }
  const wantsOAuth = port === 'OAuth' || wishes.wantsOAuth
  if (wantsOAuth && !methods.includes('OAuthBearer')) return { reason: noOAuth }
  return { method: wantsOAuth ? 'OAuthBearer' : (methods[0] ?? 'Password') }
}

function connect({ manifest, snapshot, namedGroups }: InForce, scramKeys: ScramKeys, asked: Asked): Promise<Upstream> {
  const handedOn = handOnOptions(asked.identity, { claims: manifest.spec.handOn.claims, namedGroups })
  if ('reason' in handedOn) throw new LoginRefused(refusalFor(handedOn.reason, 'FATAL'))
  const login = {
    role: asked.role,
    password: () => passwordOf(manifest, snapshot, asked.role),
    database: asked.wishes.database,
    parameters: {
      ...timeoutOf(asked.selection),
      ...Object.fromEntries(asked.wishes.settings.map(({ name, value }) => [name, value])),
      application_name: asked.application,
      client_encoding: 'UTF8',
      options: handedOn.options,
    },
    protocol: { major: 3, minor: 0 },
  } as const
  return connectUpstream(upstreamTarget(manifest, snapshot), login, {
    timeoutMs: settings.upstreamConnectTimeoutMs,
    scramKeys,
  })
}

/** From the start, so that RESET goes back to the policy's limit and not beyond it. */
function timeoutOf({ limits: { statementTimeoutMs } }: Selection): Readonly<Record<string, string>> {
  return statementTimeoutMs === undefined ? {} : { statement_timeout: `${statementTimeoutMs}` }
}

export const paused: Reason = {
  code: 'Paused',
  text: 'this gateway is paused',
  hint: 'Ask whoever runs it; connect again when it is not.',
}
export const draining: Reason = { code: 'Draining', text: 'this gateway is shutting down', hint: 'Connect again.' }
const tlsRequired: Reason = {
  code: 'TlsRequired',
  text: 'a token is taken over TLS only',
  hint: 'Connect with sslmode=require (or verify-full).',
}
const noOAuth: Reason = {
  code: 'TokenInvalid',
  text: 'this gateway does not offer OAUTHBEARER',
  hint: 'Give the token as the password.',
}

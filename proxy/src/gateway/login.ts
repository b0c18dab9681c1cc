/**
 * A client on its way in: startup, identity, policy, role, and then the second door. Whatever fails here is told as FATAL
 * and ends the connection; nothing has reached the database that was not the gateway's own login.
 */

import type { CatalogWatch } from '../catalog/watch.ts'
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { chooseRole, type Selection } from '../policy/select.ts'
import { type Refusal, refusalFor } from '../session/refusal.ts'
import type { Catalog, ServerMajor } from '../sql/catalog.ts'
import { UpstreamRefused, UpstreamUnavailable } from '../upstream/errors.ts'
import type { Upstream } from '../upstream/target.ts'
import { encodeAuthentication, encodeNegotiateProtocolVersion } from '../wire/backend.ts'
import type { StartupMessage } from '../wire/startup.ts'
import type { Identified, Method } from './identify.ts'
import { PeerMessages } from './peer.ts'
import type { Started } from './startup.ts'
import { readWishes, refuseSetting, type StartupWishes } from './startup-settings.ts'

/** Ends the login: the client is told. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.fields.message)
    this.refusal = refusal
  }
}

/** What the login asks of the gateway that it is for. */
export interface LoginHost {
  /** Why nobody may come in at present: paused, draining, full. */
  closedFor(): Reason | undefined
  methodFor(started: Started, wishes: StartupWishes): { readonly method: Method } | { readonly reason: Reason }
  identify(
    method: Method,
    messages: PeerMessages,
    send: (bytes: Buffer) => void,
    signal: AbortSignal,
  ): Promise<Identified>
  select(
    identity: Identity,
    database: string,
    login: { readonly application: string; readonly client: string },
  ): { readonly selection: Selection } | { readonly reason: Reason }
  /** Counts the session; the reason where the subject has too many. */
  admit(identity: Identity): Reason | undefined
  dismiss(identity: Identity): void
  catalogOf(database: string, role: string): Promise<CatalogWatch>
  releaseCatalog(database: string): void
  connect(asked: Asked): Promise<Upstream>
}

export interface LoggedIn {
  readonly messages: PeerMessages
  readonly identity: Identity
  readonly selection: Selection
  readonly role: string
  readonly database: string
  readonly application: string
  readonly minor: number
  readonly catalog: CatalogWatch
  readonly server: ServerMajor
  readonly upstream: Upstream
}

/** Rejects with LoginRefused, PeerProtocolError, PeerGone, or the signal's reason. Leaves nothing counted behind then. */
export async function logIn(host: LoginHost, started: Started, client: string, signal: AbortSignal): Promise<LoggedIn> {
  const wishes = readWishes(started.startup)
  refuseIf(wishes.reason)
  const { method } = orRefuse(host.methodFor(started, wishes))
  const send = (bytes: Buffer): void => void started.socket.write(bytes)
  const minor = negotiate(started.startup, send)
  const messages = new PeerMessages(started.socket, started.rest)
  const { identity } = orRefuse(await host.identify(method, messages, send, signal))
  refuseIf(host.closedFor())
  const application =
    wishes.settings.find(setting => setting.name === 'application_name')?.value ?? `sallyport:${identity.username}`
  const { selection } = orRefuse(host.select(identity, wishes.database, { application, client }))
  const { role } = orRefuse(chooseRole(selection, wishes.user))
  refuseIf(host.admit(identity))
  send(encodeAuthentication({ is: 'AuthenticationOk' })) // what fails from here on is told as a server does: after it
  try {
    const { catalog, server, upstream } = await open(host, { identity, selection, role, application, wishes })
    return {
      messages,
      identity,
      selection,
      role,
      database: wishes.database,
      application,
      minor,
      catalog,
      server,
      upstream,
    }
  } catch (error) {
    host.dismiss(identity)
    throw upstreamRefusal(error)
  }
}

/** Protocol 3.2 at most; what we do not know of is named, and the client decides. */
function negotiate({ minor, protocolOptions }: StartupMessage, send: (bytes: Buffer) => void): number {
  const unknown = [...protocolOptions.keys()]
  const spoken = Math.min(minor, newestMinor)
  if (minor > newestMinor || unknown.length > 0) send(encodeNegotiateProtocolVersion((3 << 16) | spoken, unknown))
  return spoken
}

const newestMinor = 2

/** What a login has come to, before the database is asked. */
export interface Asked {
  readonly identity: Identity
  readonly selection: Selection
  readonly role: string
  readonly application: string
  readonly wishes: StartupWishes
}

async function open(host: LoginHost, asked: Asked): Promise<Pick<LoggedIn, 'catalog' | 'server' | 'upstream'>> {
  const { selection, role, wishes } = asked
  const catalog = await host.catalogOf(wishes.database, role)
  try {
    const known: Catalog = await catalog.ready
    refuseIf(refuseSetting(wishes.settings, known.server, selection.limits))
    return { catalog, server: known.server, upstream: await host.connect(asked) }
  } catch (error) {
    host.releaseCatalog(wishes.database)
    throw error
  }
}

function orRefuse<T extends object>(found: T | { readonly reason: Reason }): T {
  if ('reason' in found) throw new LoginRefused(refusalFor(found.reason, 'FATAL'))
  return found
}

function refuseIf(reason: Reason | undefined): void {
  if (reason !== undefined) throw new LoginRefused(refusalFor(reason, 'FATAL'))
}

/** What the server itself says of a login is passed on; that there is none is ours to say. */
function upstreamRefusal(error: unknown): unknown {
  if (error instanceof UpstreamRefused && !error.sqlState.startsWith('28')) {
    const { M: message = 'the database refused the login', D: detail, H: hint } = error.fields
    return new LoginRefused({ fields: { severity: 'FATAL', sqlState: error.sqlState, message, detail, hint } })
  }
  const cause = causeOf(error)
  if (cause === undefined) return error
  const text = 'the database behind this gateway cannot be reached'
  return new LoginRefused(refusalFor({ code: 'UpstreamUnavailable', text, about: { cause } }, 'FATAL'))
}

/** A refused login of class 28 is the gateway's own: the agent's token is not at fault, and must not seem to be. */
function causeOf(error: unknown): string | undefined {
  if (error instanceof UpstreamRefused) return 'credentials'
  return error instanceof UpstreamUnavailable ? error.reason : undefined
}

/**
 * One DatabaseGateway at work: its listener's sockets come in here, and each becomes a session or is told why not. A new
 * snapshot is in force for every session at its next statement.
 */
import type net from 'node:net'
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import { type Authenticator, createAuthenticator } from '../auth/authenticator.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { PeerProtocolError } from '../errors.ts'
import type { Parser } from '../parser/parser.ts'
import type { Selection } from '../policy/select.ts'
import type { JudgedStatement } from '../session/judgement.ts'
import { errorBytes, type Refusal, refusalFor } from '../session/refusal.ts'
import { settings } from '../settings.ts'
import { sendCancel } from '../upstream/connect.ts'
import { ScramKeys } from '../upstream/scram-keys.ts'
import type { Upstream } from '../upstream/target.ts'
import { type Admitting, draining, loginHost, type Port, paused, selectFor } from './admission.ts'
import { beginSession } from './begin-session.ts'
import { CancelKeys } from './cancel-keys.ts'
import { Databases } from './databases.ts'
import type { GatewayEvents, SessionLabels } from './events.ts'
import { type InForce, inForce, type OwnCertificate } from './in-force.ts'
import { Judge } from './judge.ts'
import { type LoggedIn, LoginRefused, logIn } from './login.ts'
import { SessionEntry } from './session-entry.ts'
import { prepareSocket, receiveStartup, type Started } from './startup.ts'
import { Subjects } from './subjects.ts'
import { passwordOf, upstreamTarget } from './target.ts'

export interface GatewayOptions {
  /** `namespace/name` */
  readonly key: string
  readonly parser: Parser
  readonly ownCertificate: OwnCertificate
  readonly events: GatewayEvents
}

export class Gateway {
  readonly key: string
  readonly #options: GatewayOptions
  readonly #judge: Judge
  readonly #scramKeys = new ScramKeys()
  readonly #databases: Databases
  readonly #sessions = new Set<SessionEntry>()
  readonly #subjects = new Subjects()
  readonly #cancelKeys = new CancelKeys()
  readonly #admitting: Admitting
  readonly #ticker: NodeJS.Timeout
  #now: InForce
  #authenticator: Authenticator
  #policyEpoch = 1
  #pending = 0
  #isDraining = false

  constructor(options: GatewayOptions, snapshot: Snapshot, manifest: DatabaseGateway) {
    this.key = options.key
    this.#options = options
    this.#now = inForce(snapshot, manifest, options.ownCertificate)
    this.#judge = new Judge(options.parser, () => this.#now.numbers.maxStatementBytes)
    this.#authenticator = this.#makeAuthenticator()
    this.#databases = new Databases({
      target: () => upstreamTarget(this.#now.manifest, this.#now.snapshot),
      passwordOf: role => passwordOf(this.#now.manifest, this.#now.snapshot, role),
      scramKeys: this.#scramKeys,
      connectTimeoutMs: settings.upstreamConnectTimeoutMs,
      onChange: database => this.#catalogChanged(database),
      onFailure: (database, error) => options.events.catalogFailed(this.key, database, error),
    })
    this.#admitting = {
      inForce: () => this.#now,
      authenticator: () => this.#authenticator,
      isDraining: () => this.#isDraining,
      subjects: this.#subjects,
      databases: this.#databases,
      scramKeys: this.#scramKeys,
    }
    this.#ticker = setInterval(() => this.#tick(), settings.sessionTickMs)
  }

  /** A new snapshot that still has this gateway. Throws, and changes nothing, where it names a certificate that is not there. */
  apply(snapshot: Snapshot, manifest: DatabaseGateway): void {
    const before = issuersOf(this.#now)
    this.#now = inForce(snapshot, manifest, this.#options.ownCertificate)
    this.#policyEpoch += 1
    if (JSON.stringify(before) !== JSON.stringify(issuersOf(this.#now))) this.#replaceAuthenticator()
    if (manifest.spec.paused) this.#endAll(refusalFor(paused, 'FATAL'))
    for (const session of this.#sessions) session.policiesChanged(this.#selectionFor(session), this.#policyEpoch)
    this.#options.events.policiesInForce(this.key, snapshot.revision, this.#sessions.size)
  }

  /** A connection on one of the gateway's ports. Never rejects. */
  async accept(raw: net.Socket, port: Port): Promise<void> {
    prepareSocket(raw)
    if (this.#pending >= settings.maxPendingLogins) return void raw.destroy()
    this.#pending += 1
    const client = `${raw.remoteAddress}:${raw.remotePort}`
    let socket = raw
    try {
      const signal = AbortSignal.timeout(this.#now.numbers.loginTimeoutMs)
      const started = await receiveStartup(raw, () => this.#now.secureContext, signal)
      if (started.is === 'CancelRequest') return this.#cancel(raw, started.processId, started.secretKey)
      socket = started.socket
      this.#begin(started, await logIn(loginHost(this.#admitting, port), started, client, signal), client)
    } catch (error) {
      this.#refuseLogin(socket, client, error)
    } finally {
      this.#pending -= 1
    }
  }

  get state(): {
    readonly sessions: number
    readonly isDraining: boolean
    readonly staleDatabases: readonly string[]
    readonly issuers: ReturnType<Authenticator['status']>
  } {
    return {
      sessions: this.#sessions.size,
      isDraining: this.#isDraining,
      staleDatabases: this.#databases.stale,
      issuers: this.#authenticator.status(),
    }
  }

  /** No new sessions; idle ones end, transactions may finish. Resolves when none is left, or `drainTimeout` is over. */
  async drain(): Promise<void> {
    this.#isDraining = true
    const refusal = refusalFor(draining, 'FATAL')
    for (const session of [...this.#sessions]) session.conversation?.tell({ is: 'drainStarted', refusal })
    const until = performance.now() + this.#now.numbers.drainTimeoutMs
    while (this.#sessions.size > 0 && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 20))
    this.#endAll(refusal)
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#endAll(refusalFor(draining, 'FATAL'))
    this.#authenticator.close()
    this.#databases.close()
  }

  #selectionFor(session: SessionEntry): Selection | Refusal {
    const found = selectFor(this.#now, session.identity, session.database, session)
    return 'selection' in found ? found.selection : refusalFor(found.reason)
  }

  #begin({ socket }: Started, loggedIn: LoggedIn, client: string): void {
    const key = this.#cancelKeys.mint(loggedIn.minor, () => entry.conversation?.tell({ is: 'cancelRequested' }))
    const entry = new SessionEntry({ ...loggedIn, client, key, policyEpoch: this.#policyEpoch })
    const { events } = this.#options
    const labels: SessionLabels = {
      gateway: this.key,
      database: entry.database,
      role: entry.role,
      username: entry.identity.username,
    }
    const startedAt = performance.now()
    this.#sessions.add(entry)
    entry.policiesChanged(this.#selectionFor(entry), this.#policyEpoch) // the snapshot may have changed during the login
    events.sessionStarted(labels, client)
    beginSession(socket, loggedIn, entry, {
      judge: this.#judge,
      numbers: this.#now.numbers,
      server: loggedIn.server,
      rate: this.#subjects.rateOf(entry.identity),
      cancelUpstream: upstream => this.#cancelUpstream(upstream),
      onRefused: refusal => events.requestRefused(labels, refusal),
      onPermitted: statements => tellPermitted(events, labels, statements),
      onBug: error => events.bug('session', error),
      onEnd: () => {
        this.#end(entry)
        events.sessionEnded(labels, performance.now() - startedAt)
      },
    })
  }

  #end(entry: SessionEntry): void {
    if (entry.changesDefinitions) entry.definitionsSettled()
    this.#sessions.delete(entry)
    this.#cancelKeys.forget(entry.key)
    this.#subjects.dismiss(entry.identity)
    this.#databases.release(entry.database)
  }

  #refuseLogin(socket: net.Socket, client: string, error: unknown): void {
    const refusal = loginRefusal(error)
    if (refusal !== undefined) {
      this.#options.events.loginRefused(this.key, client, refusal)
      if (socket.writable) socket.write(errorBytes(refusal))
    } else if (!(error instanceof Error) || !expected.has(error.name)) this.#options.events.bug('login', error)
    socket.destroySoon()
  }

  #cancel(raw: net.Socket, processId: number, secretKey: Buffer): void {
    this.#cancelKeys.cancel(processId, secretKey)
    raw.destroySoon()
  }

  #cancelUpstream({ processId, secretKey }: Upstream): void {
    const { manifest, snapshot } = this.#now
    sendCancel(upstreamTarget(manifest, snapshot), processId, secretKey, settings.upstreamConnectTimeoutMs).catch(
      error => {
        this.#options.events.catalogFailed(this.key, 'cancel', error)
      },
    )
  }

  /** Keys that are known stay known: the provider may be down just now. */
  #replaceAuthenticator(): void {
    const previous = this.#authenticator
    this.#authenticator = this.#makeAuthenticator(previous)
    previous.close()
  }

  #makeAuthenticator(previous?: Authenticator): Authenticator {
    const issuers = issuersOf(this.#now)
    return createAuthenticator({
      oidc: issuers.map(({ settings: issuer }) => issuer),
      caFor: issuer =>
        issuers.find(({ settings: { issuer: other } }) => other.url === issuer.url)?.certificateAuthority,
      now: () => Date.now(),
      ...(previous === undefined ? {} : { previous }),
    })
  }

  #catalogChanged(database: string): void {
    for (const session of this.#sessions) if (session.database === database) session.catalogChanged()
  }

  #tick(): void {
    const now = performance.now()
    for (const { conversation } of [...this.#sessions]) conversation?.tell({ is: 'ticked', now })
    this.#subjects.forgetIdle(now)
    this.#databases.closeIdle()
  }

  #endAll(refusal: Refusal): void {
    for (const session of [...this.#sessions]) session.conversation?.tell({ is: 'killed', refusal })
  }
}

function tellPermitted(events: GatewayEvents, labels: SessionLabels, statements: readonly JudgedStatement[]): void {
  events.statementsPermitted(labels, statements.length)
  for (const { policy, verdict, reason } of statements.flatMap(({ decision }) => decision.audited)) {
    if (verdict !== 'Allow') events.auditDiffered(labels, policy, reason?.code ?? verdict)
  }
}

/** Issuers with their certificate authorities read: what differs in either makes another authenticator. */
function issuersOf({ manifest, snapshot }: InForce) {
  const { namespace } = manifest.metadata
  return (manifest.spec.authentication.oidc ?? []).map(settings => {
    const ca = settings.issuer.certificateAuthority?.configMapKeyRef
    return { settings, certificateAuthority: ca && (snapshot.configMapValue(namespace, ca.name, ca.key) ?? '') }
  })
}

const expected = new Set(['PeerGone', 'TimeoutError', 'AbortError'])

function loginRefusal(error: unknown): Refusal | undefined {
  if (error instanceof LoginRefused) return error.refusal
  if (error instanceof PeerProtocolError)
    return {
      fields: { severity: 'FATAL', sqlState: error.sqlState, message: error.message },
      code: 'ProtocolViolation',
    }
  if (error instanceof Error && error.name === 'TimeoutError')
    return { fields: { severity: 'FATAL', sqlState: '57014', message: 'login took too long' }, code: 'LoginTimeout' }
  return undefined
}

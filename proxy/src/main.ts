/** A process that serves from a folder of manifests: the one place that knows every room. */
import fs from 'node:fs'
import type http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import { createLogger, type Logger, reportTo } from './admin/log.ts'
import { createMetrics, type Metrics } from './admin/metrics.ts'
import { type HealthCheck, startAdmin } from './admin/server.ts'
import type { Snapshot } from './config/snapshot.ts'
import { type Source, watchManifests } from './config/watch.ts'
import type { Port } from './gateway/admission.ts'
import { selfSignedCertificate } from './gateway/certificates.ts'
import { Gateway } from './gateway/gateway.ts'
import type { OwnCertificate } from './gateway/in-force.ts'
import { openParser, type Parser } from './parser/parser.ts'

export interface ServeOptions {
  readonly manifests: string
  readonly state: string
  /** `namespace/name`; needed where the manifests have more than one. */
  readonly gateway?: string
  /** Host that the gateway listens on. */
  readonly listen: string
  /** Instead of the port that the manifest says; 0: any. */
  readonly port?: number
  readonly admin?: { readonly host: string; readonly port: number }
  readonly logLevel: string
}

export interface Served {
  readonly port: number
  readonly oauthPort?: number
  readonly adminPort?: number
  /** No new sessions; resolves when all have ended. */
  stop(): Promise<void>
  close(): void
}

/** A mistake in what the process was given: told in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs a gateway until `stop`. Rejects with UsageError where the manifests do not say which, or cannot be served. */
export async function serve(options: ServeOptions): Promise<Served> {
  const logger = createLogger(options.logLevel)
  const metrics = createMetrics()
  const running = new Running(options, await openParser(), logger, metrics)
  try {
    await running.start()
    return running
  } catch (error) {
    running.close()
    throw error
  }
}

class Running implements Served {
  readonly #options: ServeOptions
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #parser: Parser
  readonly #listeners: net.Server[] = []
  #source: Source | undefined
  #gateway: Gateway | undefined
  #admin: http.Server | undefined
  #problem: string | undefined
  port = 0
  oauthPort?: number
  adminPort?: number

  constructor(options: ServeOptions, parser: Parser, logger: Logger, metrics: Metrics) {
    this.#options = options
    this.#parser = parser
    this.#logger = logger
    this.#metrics = metrics
  }

  async start(): Promise<void> {
    fs.mkdirSync(this.#options.state, { recursive: true, mode: 0o700 })
    this.#source = await watchManifests(this.#options.manifests, {
      onSnapshot: snapshot => this.#apply(snapshot),
      onProblem: problem =>
        this.#logger[problem.severity === 'Error' ? 'error' : 'warn']({ problem }, 'manifest problem'),
    })
    const snapshot = this.#source.current()
    const key = chooseGateway(snapshot, this.#options.gateway)
    const manifest = snapshot.gateways.get(key)
    if (manifest === undefined) throw new UsageError(`no DatabaseGateway ${key} in ${this.#options.manifests}`)
    this.#gateway = new Gateway(
      {
        key,
        parser: this.#parser,
        ownCertificate: ownCertificate(this.#options.state, this.#options.listen),
        events: reportTo(this.#logger, this.#metrics),
      },
      snapshot,
      manifest,
    )
    await this.#listen(manifest)
    this.#told(snapshot)
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.close()
    await this.#gateway?.drain()
    this.close()
  }

  close(): void {
    for (const listener of this.#listeners) listener.close()
    this.#gateway?.close()
    this.#source?.close()
    this.#admin?.close()
    void this.#parser.close()
  }

  async #listen(manifest: DatabaseGateway): Promise<void> {
    const { port, oauthPort } = manifest.spec.listener
    this.port = await this.#openPort(this.#options.port ?? port, 'Main')
    if (oauthPort !== undefined)
      this.oauthPort = await this.#openPort(this.#options.port === 0 ? 0 : oauthPort, 'OAuth')
    if (this.#options.admin !== undefined) {
      this.#admin = await this.#openAdmin(this.#options.admin)
      this.adminPort = portOf(this.#admin)
    }
    this.#logger.info(
      {
        gateway: this.#gateway?.key,
        host: this.#options.listen,
        port: this.port,
        oauthPort: this.oauthPort,
        adminPort: this.adminPort,
      },
      'serving',
    )
  }

  async #openAdmin(admin: { readonly host: string; readonly port: number }): Promise<http.Server> {
    try {
      return await startAdmin({ ...admin, metrics: this.#metrics, health: () => this.#health() })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new UsageError(`--admin ${admin.host}:${admin.port} cannot be served: ${why}`)
    }
  }

  async #openPort(port: number, which: Port): Promise<number> {
    const server = net.createServer({ noDelay: true }, socket => void this.#gateway?.accept(socket, which))
    this.#listeners.push(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', error =>
        reject(new UsageError(`cannot listen on ${this.#options.listen}:${port}: ${error.message}`)),
      )
      server.listen({ port, host: this.#options.listen, backlog: 1024 }, resolve)
    })
    return portOf(server)
  }

  #apply(snapshot: Snapshot): void {
    const gateway = this.#gateway
    if (gateway === undefined) return
    const manifest = snapshot.gateways.get(gateway.key)
    try {
      if (manifest === undefined)
        throw new Error(`DatabaseGateway ${gateway.key} is no longer in the manifests: what was last in force stays`)
      gateway.apply(snapshot, manifest)
      this.#problem = undefined
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
      this.#logger.error({ problem: this.#problem }, 'a snapshot was not applied')
    }
    this.#told(snapshot)
  }

  #told(snapshot: Snapshot): void {
    for (const severity of ['Error', 'Warning'] as const) {
      this.#metrics.manifestProblems.set(
        { severity },
        snapshot.problems.filter(problem => problem.severity === severity).length,
      )
    }
  }

  #health(): readonly HealthCheck[] {
    const state = this.#gateway?.state
    const problems = this.#source?.current().problems.filter(problem => problem.severity === 'Error') ?? []
    const manifests = [
      ...problems.map(
        problem =>
          `${problem.file}:${problem.line ?? '?'}: ${problem.path === undefined ? '' : `${problem.path}: `}${problem.message}`,
      ),
      ...(this.#problem === undefined ? [] : [this.#problem]),
    ]
    return [
      {
        name: 'accepting',
        ok: state?.isDraining === false,
        isFatal: true,
        text: state?.isDraining === false ? `${state.sessions} sessions` : 'draining',
      },
      { name: 'manifests', ok: manifests.length === 0, isFatal: false, text: manifests.join('; ') || 'ok' },
      {
        name: 'catalogs',
        ok: state?.staleDatabases.length === 0,
        isFatal: false,
        text: state?.staleDatabases.map(name => `${name} is stale`).join('; ') || 'ok',
      },
      ...(state?.issuers ?? []).map(({ issuer, error }) => ({
        name: `issuer ${issuer}`,
        ok: error === undefined,
        isFatal: false,
        text: error ?? 'ok',
      })),
    ]
  }
}

function chooseGateway(snapshot: Snapshot, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted.includes('/') ? wanted : `default/${wanted}`
  const keys = [...snapshot.gateways.keys()]
  const [only, ...others] = keys
  if (only === undefined) throw new UsageError(`no DatabaseGateway in the manifests${firstProblem(snapshot)}`)
  if (others.length > 0)
    throw new UsageError(`the manifests have several gateways; say which with --gateway: ${keys.join(', ')}`)
  return only
}

function firstProblem(snapshot: Snapshot): string {
  const [problem] = snapshot.problems
  return problem === undefined
    ? ''
    : ` (${problem.file}:${problem.line ?? '?'}: ${problem.path ?? ''} ${problem.message})`
}

function portOf(server: net.Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** Made once and kept, so that a client that has seen it knows it again. */
function ownCertificate(state: string, host: string): OwnCertificate {
  const folder = path.join(state, 'keys')
  const [certificateFile, keyFile] = [path.join(folder, 'listener.crt'), path.join(folder, 'listener.key')]
  if (fs.existsSync(certificateFile) && fs.existsSync(keyFile)) {
    return { certificate: fs.readFileSync(certificateFile, 'utf8'), key: fs.readFileSync(keyFile, 'utf8') }
  }
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const made = selfSignedCertificate([...new Set(['localhost', '127.0.0.1', '::1', host])])
  fs.writeFileSync(keyFile, made.key, { mode: 0o600 })
  fs.writeFileSync(certificateFile, made.certificate)
  return made
}

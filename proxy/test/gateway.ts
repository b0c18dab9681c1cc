/** A gateway for tests: manifests in a folder of its own, an issuer whose keys the test has, and tokens from it. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  AccessPolicySpec,
  DatabaseGatewaySpec,
  GatewayLimits,
  PolicyRule,
} from '@sallyport/crds/types.generated.ts'
import { stringify } from 'yaml'
import { serve } from '../src/main.ts'
import { passwords } from './cluster.ts'
import { issuerUrl, sign, type TestKey, testKey } from './issuer.ts'
import { freePort } from './postgres-server.ts'
import type { Postgres } from './servers.ts'

export type PolicyParts = Partial<AccessPolicySpec> & { readonly name?: string }

/** Lets through all that is not refused always. */
export const allowAll: PolicyParts = {
  name: 'all',
  role: 'agent_all',
  rules: [allow('all', ['*'], ['*.*'])],
  functions: { allow: ['*.*'] },
}

/** Reads of the schema public, but for the keys. */
export const readOnly: PolicyParts = {
  name: 'reads',
  role: 'agent_ro',
  rules: [
    allow('reads', ['Read'], ['public.*']),
    { name: 'secrets', action: 'Deny', tables: ['public.api_keys'], message: 'keys are for the payments service only' },
  ],
}

export function allow(name: string, statements: readonly string[], tables: readonly string[]): PolicyRule {
  return { name, action: 'Allow', statements, tables }
}

export interface TestToken {
  readonly sub?: string
  readonly groups?: readonly string[]
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface GatewayOptions {
  readonly postgres: Pick<Postgres, 'host' | 'port' | 'certificateAuthority'>
  readonly policies: readonly PolicyParts[]
  /** Over the ordinary ones, field by field of the top level. */
  readonly spec?: Partial<DatabaseGatewaySpec>
  /** Over the defaults. */
  readonly limits?: Partial<GatewayLimits>
  /** An issuer with this URL and discovery, instead of one whose keys are in the manifest: serve `keySet` there. */
  readonly issuer?: string
  /** `bin/sallyport serve` in a process of its own, instead of in this one. */
  readonly ownProcess?: boolean
  readonly logLevel?: string
}

export interface TestGateway {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly oauthPort: number
  readonly adminPort: number
  readonly processId: number
  readonly manifests: string
  /** PEM: the listener's own certificate. */
  readonly certificate: string
  /** JSON: the public key of its tokens. */
  readonly keySet: string
  token(who?: TestToken): Promise<string>
  /** For drivers; `sslmode` is for them to add. */
  url(database: string, user: string, token: string): string
  /** In force within two seconds, at the next statement. */
  setPolicies(policies: readonly PolicyParts[]): Promise<void>
  /** What it has logged, where it has a process of its own. */
  log(): string
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-gateway-'))
  const key = await testKey('ES256', 'test')
  const manifests = join(directory, 'manifests')
  await writeManifests(manifests, options, key)
  const run = options.ownProcess === true ? await runProcess(directory, options) : await runHere(directory, options)
  const certificate = await readFile(join(directory, 'state/keys/listener.crt'), 'utf8')
  return {
    host: '127.0.0.1',
    ...run,
    manifests,
    certificate,
    keySet: keySetOf(key),
    token: (who = {}) => tokenFrom(key, options.issuer ?? issuerUrl, who),
    url: (database, user, token) => `postgres://${user}:${encodeURIComponent(token)}@127.0.0.1:${run.port}/${database}`,
    setPolicies: policies => writePolicies(manifests, policies),
    stop: async () => {
      await run.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

type Run = Pick<TestGateway, 'port' | 'oauthPort' | 'adminPort' | 'processId' | 'log' | 'kill' | 'stop'>

async function runHere(directory: string, { logLevel = 'silent' }: GatewayOptions): Promise<Run> {
  const served = await serve({
    manifests: join(directory, 'manifests'),
    state: join(directory, 'state'),
    listen: '127.0.0.1',
    port: 0,
    admin: { host: '127.0.0.1', port: 0 },
    logLevel,
  })
  const { port, oauthPort = 0, adminPort = 0 } = served
  const here = { processId: process.pid, log: () => '', kill: () => undefined, stop: async () => served.close() }
  return { port, oauthPort, adminPort, ...here }
}

async function runProcess(directory: string, { logLevel = 'info' }: GatewayOptions): Promise<Run> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const program = new URL('../../bin/sallyport', import.meta.url).pathname
  const flags = ['--manifests', join(directory, 'manifests'), '--state', join(directory, 'state')]
  const ports = ['--port', String(port), '--admin', `127.0.0.1:${adminPort}`, '--log-level', logLevel]
  const child = spawn(program, ['serve', ...flags, ...ports], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  child.stdout.on('data', chunk => said.push(String(chunk)))
  child.stderr.on('data', chunk => said.push(String(chunk)))
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const kill = (signal: NodeJS.Signals = 'SIGKILL') => void child.kill(signal)
  const killAtExit = () => kill()
  process.once('exit', killAtExit)
  const stop = async () => {
    process.off('exit', killAtExit)
    kill()
    await gone
  }
  for (let tries = 0; !(await isReady(adminPort)); tries++) {
    if (tries > 400 || child.exitCode !== null) {
      await stop()
      throw new Error(`the gateway did not start: ${said.join('')}`)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { port, oauthPort: 0, adminPort, processId: child.pid ?? 0, log: () => said.join(''), kill, stop }
}

async function isReady(adminPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).ok
  } catch {
    return false
  }
}

function keySetOf(key: TestKey): string {
  return JSON.stringify({ keys: [key.jwk] })
}

function tokenFrom(
  key: TestKey,
  issuer: string,
  { sub = 'agent-7', groups = ['agents'], claims = {} }: TestToken,
): Promise<string> {
  return sign(key, { nowMs: Date.now(), claims: { iss: issuer, sub, groups, ...claims } })
}

async function writeManifests(folder: string, options: GatewayOptions, key: TestKey): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { host, port, certificateAuthority } = options.postgres
  const credentials = Object.keys(passwords).map(role => ({ role, passwordSecretRef: { name: 'agents', key: role } }))
  const gateway = {
    ...head('DatabaseGateway', 'shop'),
    spec: {
      upstream: { host, port, tls: { mode: 'Disable' }, credentials },
      authentication: {
        oidc: [
          {
            issuer: {
              url: options.issuer ?? issuerUrl,
              audiences: ['sallyport'],
              ...(options.issuer === undefined ? { jwks: keySetOf(key) } : {}),
            },
            clockSkew: '1s',
            claimMappings: { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } },
          },
        ],
      },
      listener: {
        port: 5432,
        oauthPort: await freePort(),
        methods: ['Password', 'OAuthBearer'],
        tls: { mode: 'Optional' },
      },
      limits: options.limits ?? {},
      ...options.spec,
    },
  }
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: head('Secret', 'agents').metadata,
    stringData: passwords,
  }
  const ca = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: head('ConfigMap', 'ca').metadata,
    data: { 'ca.crt': certificateAuthority },
  }
  await writeFile(join(folder, 'gateway.yaml'), [gateway, secret, ca].map(each => stringify(each)).join('---\n'))
  await writePolicies(folder, options.policies)
}

/** Written beside and moved into place, as a careful person's editor does. */
async function writePolicies(folder: string, policies: readonly PolicyParts[]): Promise<void> {
  const documents = policies.map(({ name = 'policy', ...spec }) =>
    stringify({
      ...head('AccessPolicy', name),
      spec: {
        targetRefs: [{ kind: 'DatabaseGateway', name: 'shop' }],
        subjects: [{ kind: 'Group', name: 'idp:agents' }],
        databases: ['*'],
        ...spec,
      },
    }),
  )
  await writeFile(join(folder, '.policies'), documents.join('---\n'))
  await rename(join(folder, '.policies'), join(folder, 'policies.yaml'))
}

function head(kind: string, name: string) {
  return { apiVersion: 'sallyport.dev/v1alpha1', kind, metadata: { name, namespace: 'data' } }
}

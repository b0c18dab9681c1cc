/** `sallyport serve` as a user runs it, with a policy on, from manifests of the bench's own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { issuerUrl, sign, type TestKey, testKey } from '../proxy/test/issuer.ts'
import { freePort } from '../proxy/test/postgres-server.ts'
import type { Database } from './database.ts'
import { startProcess } from './process.ts'
import type { GatewayPeer } from './world.ts'

export async function startGateway(
  directory: string,
  database: Database,
  upstreamTls: boolean,
  program: string,
): Promise<GatewayPeer> {
  const key = await testKey('ES256', 'bench')
  const port = await freePort()
  const manifests = join(directory, 'manifests')
  await mkdir(manifests, { recursive: true })
  await writeFile(join(manifests, 'bench.yaml'), documents(database, upstreamTls, port, key))
  const flags = ['--manifests', manifests, '--state', join(directory, 'state'), '--admin', 'off']
  const started = await startProcess(program, ['serve', ...flags], { log: join(directory, 'log') }, port)
  const token = await sign(key, { nowMs: Date.now(), claims: { sub: 'bench', groups: ['agents'] } })
  return { ...started, peer: { port, user: 'bench_ro', password: token, name: 'gateway' } }
}

function documents(database: Database, upstreamTls: boolean, port: number, key: TestKey): string {
  const gateway = {
    ...head('sallyport.dev/v1alpha1', 'DatabaseGateway', 'bench'),
    spec: {
      upstream: {
        host: '127.0.0.1',
        port: database.port,
        tls: { mode: upstreamTls ? 'Require' : 'Disable' },
        credentials: [{ role: 'bench_ro', passwordSecretRef: { name: 'bench', key: 'password' } }],
      },
      authentication: {
        oidc: [
          {
            issuer: { url: issuerUrl, audiences: ['sallyport'], jwks: JSON.stringify({ keys: [key.jwk] }) },
            claimMappings: { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } },
          },
        ],
      },
      listener: { port, tls: { mode: 'Optional' } },
      limits: { maxSessions: 600, maxSessionsPerSubject: 600 },
    },
  }
  const secret = { ...head('v1', 'Secret', 'bench'), stringData: { password: database.password } }
  return [gateway, secret, policy].map(document => stringify(document)).join('---\n')
}

const policy = {
  ...head('sallyport.dev/v1alpha1', 'AccessPolicy', 'reads'),
  spec: {
    targetRefs: [{ kind: 'DatabaseGateway', name: 'bench' }],
    subjects: [{ kind: 'Group', name: 'idp:agents' }],
    databases: ['*'],
    role: 'bench_ro',
    rules: [
      { name: 'reads', action: 'Allow', statements: ['Read'], tables: ['public.*'] },
      { name: 'secrets', action: 'Deny', tables: ['public.api_keys', '*.secrets'] },
      { name: 'unbounded', action: 'Deny', statements: ['Update', 'Delete'], when: '!statement.hasWhere' },
    ],
    functions: { allow: ['pg_catalog.pg_sleep'] },
  },
}

function head(apiVersion: string, kind: string, name: string) {
  return { apiVersion, kind, metadata: { name, namespace: 'bench' } }
}

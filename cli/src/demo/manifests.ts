/** The folder of manifests that the demo's gateway runs on: a gateway of its own, and the policies of `examples/`. */
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Passwords } from './database.ts'

const examples = join(import.meta.dirname, '../../../examples')
const policies = ['read-only-analyst', 'support-agent', 'migration-agent', 'ci-agent'] as const

export interface DemoManifests {
  readonly folder: string
  readonly gatewayPort: number
  readonly postgresPort: number
  readonly issuer: string
  readonly passwords: Passwords
}

/** Written anew at each start: what was edited in the last demo is gone. */
export async function writeManifests(manifests: DemoManifests): Promise<void> {
  await rm(manifests.folder, { recursive: true, force: true })
  await mkdir(manifests.folder, { recursive: true, mode: 0o700 })
  const documents = [gateway(manifests), secret(manifests.passwords)].map(each => stringify(each, { lineWidth: 0 }))
  await writeFile(join(manifests.folder, 'gateway.yaml'), documents.join('---\n'), { mode: 0o600 })
  for (const name of policies)
    await copyFile(join(examples, name, 'policy.yaml'), join(manifests.folder, `${name}.yaml`))
}

/** Adds a rule to a policy as a person would with an editor; returns what undoes it. */
export async function addRule(file: string, rule: string): Promise<() => Promise<void>> {
  const before = await readFile(file, 'utf8')
  await replace(
    file,
    before.replace(/^( *)rules:\n/m, (line, indent) => `${line}${indent}  - ${rule}\n`),
  )
  return () => replace(file, before)
}

/** Beside, then into place: a watcher never sees half a file. */
async function replace(file: string, text: string): Promise<void> {
  const beside = join(file, '..', '.edited')
  await writeFile(beside, text)
  await rename(beside, file)
}

function gateway({ gatewayPort, postgresPort, issuer, passwords }: DemoManifests) {
  const credentials = Object.keys(passwords).map(role => ({
    role,
    passwordSecretRef: { name: 'shop-agents', key: role },
  }))
  const prefixed = (claim: string) => ({ claim, prefix: 'idp:' })
  return {
    apiVersion: 'sallyport.dev/v1alpha1',
    kind: 'DatabaseGateway',
    metadata: { name: 'shop', namespace: 'data' },
    spec: {
      upstream: { host: '127.0.0.1', port: postgresPort, tls: { mode: 'Disable' }, credentials },
      authentication: {
        oidc: [
          {
            issuer: { url: issuer, audiences: ['sallyport'] },
            claimMappings: { username: prefixed('sub'), groups: prefixed('groups') },
          },
        ],
      },
      handOn: { claims: ['sub', 'tenant'] },
      listener: { port: gatewayPort, tls: { mode: 'Required' } },
    },
  }
}

function secret(passwords: Passwords) {
  const metadata = { name: 'shop-agents', namespace: 'data' }
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData: passwords }
}

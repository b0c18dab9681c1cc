/** What is in force → the snapshot that everybody reads. */
import type { ConfigMap, Secret } from '@sallyport/crds/core.ts'
import type { AccessPolicy, DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import type { Assembled, InForce } from './assemble.ts'
import type { Resource } from './judge.ts'
import { danglingReferences } from './references.ts'
import { digestOf } from './revision.ts'
import type { FileProblem, PolicyInForce, Snapshot } from './snapshot.ts'

export function makeSnapshot(assembled: Assembled): Snapshot {
  const sorted = [...assembled.inForce].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
  const gateways = new Map(sorted.flatMap(gatewayEntry))
  const policies = sorted.flatMap(policyEntry)
  const broken = assembled.broken.map(({ file: _, ...policy }) => policy)
  const held = (id: string): Resource | undefined => assembled.inForce.get(id)?.resource
  return {
    revision: digestOf([sorted.filter(isOwn).map(identityOf), broken]),
    gateways,
    policies,
    broken,
    problems: [...assembled.problems, ...danglingReferences(assembled)].sort(byPlace),
    secretValue: (namespace, name, key) => keyOf(held(`Secret ${namespace}/${name}`), key),
    configMapValue: (namespace, name, key) => keyOf(held(`ConfigMap ${namespace}/${name}`), key),
  }
}

function isOwn({ resource }: InForce): boolean {
  return resource.kind === 'DatabaseGateway' || resource.kind === 'AccessPolicy'
}

function identityOf({ resource: { kind, metadata }, state, digest }: InForce): readonly string[] {
  return [kind, metadata.namespace, metadata.name, state, digest]
}

function byPlace(a: FileProblem, b: FileProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0)
}

function gatewayEntry({ resource }: InForce): readonly (readonly [string, DatabaseGateway])[] {
  if (resource.kind !== 'DatabaseGateway') return []
  return [[`${resource.metadata.namespace}/${resource.metadata.name}`, resource]]
}

function policyEntry({ resource, state }: InForce): readonly PolicyInForce[] {
  if (resource.kind !== 'AccessPolicy') return []
  const { metadata, spec }: AccessPolicy = resource
  return [{ namespace: metadata.namespace, name: metadata.name, spec, state }]
}

/** stringData wins over data, as on the API server. */
function keyOf(resource: Resource | undefined, key: string): string | undefined {
  if (resource?.kind === 'Secret') return own(resource.stringData, key) ?? decoded(own(resource.data, key))
  if (resource?.kind === 'ConfigMap') return own(resource.data, key) ?? decoded(own(resource.binaryData, key))
  return undefined
}

function own(values: Secret['data'] | ConfigMap['data'], key: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8')
}

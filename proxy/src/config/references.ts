/** Names in resources that lead nowhere. Warnings: what they name may come later, and until then the answer is no. */
import { nearest } from '@sallyport/crds/nearest.ts'
import { formatPath, type Segments } from '@sallyport/crds/paths.ts'
import type { AccessPolicy, DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import type { Assembled } from './assemble.ts'
import type { Resource } from './judge.ts'
import type { FileProblem } from './snapshot.ts'

interface Dangling {
  readonly at: Segments
  readonly message: string
}

export function danglingReferences({ inForce }: Assembled): readonly FileProblem[] {
  const gateways = [...inForce.values()].map(each => each.resource).filter(each => each.kind === 'DatabaseGateway')
  return [...inForce.values()].flatMap(each => {
    const { document } = each
    if (document === undefined) return []
    return dangling(each.resource, inForce, gateways).map(({ at, message }) => {
      return {
        file: document.file,
        line: document.lineOf(at),
        path: formatPath(at),
        message,
        severity: 'Warning' as const,
      }
    })
  })
}

type All = Assembled['inForce']

function dangling(resource: Resource, all: All, gateways: readonly DatabaseGateway[]): readonly Dangling[] {
  if (resource.kind === 'AccessPolicy') return ofPolicy(resource, gateways)
  return resource.kind === 'DatabaseGateway' ? ofGateway(resource, all) : []
}

function ofPolicy({ metadata, spec }: AccessPolicy, gateways: readonly DatabaseGateway[]): readonly Dangling[] {
  const { namespace } = metadata
  const here = gateways.filter(each => each.metadata.namespace === namespace)
  return spec.targetRefs.flatMap(({ name }, index) => {
    const gateway = here.find(each => each.metadata.name === name)
    if (gateway === undefined) {
      const meant = nearest(
        name,
        here.map(each => each.metadata.name),
      )
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`
      return [{ at: ['spec', 'targetRefs', index, 'name'], message: `no DatabaseGateway ${namespace}/${name}${hint}` }]
    }
    const roles = gateway.spec.upstream.credentials.map(each => each.role)
    if (spec.role === undefined || roles.includes(spec.role)) return []
    return [
      {
        at: ['spec', 'role'],
        message: `gateway ${name} has no credentials for role ${spec.role}; it has ${roles.join(', ')}`,
      },
    ]
  })
}

function ofGateway({ metadata: { namespace }, spec }: DatabaseGateway, all: All): readonly Dangling[] {
  return keysOf(spec).flatMap(({ at, kind, name, key }) => {
    const held = all.get(`${kind} ${namespace}/${name}`)?.resource
    if (held === undefined) return [{ at, message: `no ${kind} ${namespace}/${name}` }]
    return holds(held, key) ? [] : [{ at, message: `${kind} ${namespace}/${name} has no key ${key}` }]
  })
}

interface KeyReference {
  readonly at: Segments
  readonly kind: 'Secret' | 'ConfigMap'
  readonly name: string
  readonly key: string
}

function keysOf({ upstream, authentication, listener }: DatabaseGateway['spec']): readonly KeyReference[] {
  const authority = (at: Segments, ca: typeof upstream.tls.certificateAuthority): readonly KeyReference[] =>
    ca === undefined
      ? []
      : [{ at: [...at, 'certificateAuthority', 'configMapKeyRef'], kind: 'ConfigMap', ...ca.configMapKeyRef }]
  const pair = (at: Segments, name: string | undefined): readonly KeyReference[] =>
    name === undefined
      ? []
      : ['tls.crt', 'tls.key'].map(key => ({ at: [...at, 'secretName'], kind: 'Secret', name, key }))
  return [
    ...authority(['spec', 'upstream', 'tls'], upstream.tls.certificateAuthority),
    ...pair(['spec', 'upstream', 'tls', 'clientCertificate'], upstream.tls.clientCertificate?.secretName),
    ...pair(['spec', 'listener', 'tls'], listener.tls.secretName),
    ...upstream.credentials.flatMap(({ passwordSecretRef: ref }, at): readonly KeyReference[] =>
      ref === undefined
        ? []
        : [{ at: ['spec', 'upstream', 'credentials', at, 'passwordSecretRef'], kind: 'Secret', ...ref }],
    ),
    ...(authentication.oidc ?? []).flatMap(({ issuer }, at) =>
      authority(['spec', 'authentication', 'oidc', at, 'issuer'], issuer.certificateAuthority),
    ),
  ]
}

function holds(resource: Resource, key: string): boolean {
  if (resource.kind !== 'Secret' && resource.kind !== 'ConfigMap') return false
  const more = resource.kind === 'Secret' ? resource.stringData : resource.binaryData
  return Object.hasOwn(resource.data ?? {}, key) || Object.hasOwn(more ?? {}, key)
}

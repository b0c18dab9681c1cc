/** What one snapshot means for one gateway: compiled once, replaced whole. */
import tls from 'node:tls'
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { compilePolicy } from '../policy/compile.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { BrokenPolicy } from '../policy/select.ts'
import { type GatewayNumbers, numbersOf } from './limits.ts'
import { keyPair } from './target.ts'

export interface InForce {
  readonly snapshot: Snapshot
  readonly manifest: DatabaseGateway
  readonly numbers: GatewayNumbers
  readonly policies: readonly CompiledPolicy[]
  readonly broken: readonly BrokenPolicy[]
  /** Groups that a policy of this gateway names: the only ones handed on to the database. */
  readonly namedGroups: ReadonlySet<string>
  readonly secureContext: tls.SecureContext
}

export interface OwnCertificate {
  readonly certificate: string
  readonly key: string
}

/** `own`: used where the gateway names no certificate. Throws where the one that it names is not there or no certificate. */
export function inForce(snapshot: Snapshot, manifest: DatabaseGateway, own: OwnCertificate): InForce {
  const { policies, broken } = compileAll(snapshot)
  const { namespace } = manifest.metadata
  const { secretName } = manifest.spec.listener.tls
  const pair = secretName === undefined ? own : keyPair(snapshot, namespace, secretName)
  if (pair === undefined) throw new Error(`Secret ${namespace}/${secretName} has no tls.crt and tls.key`)
  return {
    snapshot,
    manifest,
    numbers: numbersOf(manifest),
    policies,
    broken,
    namedGroups: new Set(
      policies
        .filter(policy => policy.gateways.has(manifest.metadata.name))
        .flatMap(policy => [...policy.subjects.groups]),
    ),
    secureContext: tls.createSecureContext({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.2' }),
  }
}

/** What the snapshot accepted compiles; what does not, all the same, denies. */
function compileAll(snapshot: Snapshot): Pick<InForce, 'policies' | 'broken'> {
  const policies: CompiledPolicy[] = []
  const broken: BrokenPolicy[] = [...snapshot.broken]
  for (const { namespace, name, spec } of snapshot.policies) {
    const result = compilePolicy({
      apiVersion: 'sallyport.dev/v1alpha1',
      kind: 'AccessPolicy',
      metadata: { namespace, name },
      spec,
    })
    if ('compiled' in result) policies.push(result.compiled)
    else
      broken.push({
        namespace,
        name,
        targets: 'All',
        subjects: spec.subjects,
        problem: result.problems[0]?.message ?? 'it does not compile',
      })
  }
  return { policies, broken }
}

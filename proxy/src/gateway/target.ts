/** `spec.upstream` with its references read. */
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { UpstreamTarget } from '../upstream/target.ts'

export function upstreamTarget(gateway: DatabaseGateway, snapshot: Snapshot): UpstreamTarget {
  const { host, port, tls } = gateway.spec.upstream
  const namespace = gateway.metadata.namespace
  const ca = tls.certificateAuthority?.configMapKeyRef
  const certificateAuthority = ca && (snapshot.configMapValue(namespace, ca.name, ca.key) ?? trustNobody)
  const clientCertificate = keyPair(snapshot, namespace, tls.clientCertificate?.secretName)
  return {
    host,
    port,
    tls: {
      mode: tls.mode,
      ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
    },
  }
}

/** A certificate authority that is named and not there: no certificate is good then. */
const trustNobody = ''

/** `tls.crt` and `tls.key` of a Secret; undefined where it has not both. */
export function keyPair(
  snapshot: Snapshot,
  namespace: string,
  secret: string | undefined,
): { certificate: string; key: string } | undefined {
  if (secret === undefined) return undefined
  const certificate = snapshot.secretValue(namespace, secret, 'tls.crt')
  const key = snapshot.secretValue(namespace, secret, 'tls.key')
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

/** The password of a role, as the Secret has it now. */
export function passwordOf(gateway: DatabaseGateway, snapshot: Snapshot, role: string): string | undefined {
  const reference = gateway.spec.upstream.credentials.find(credential => credential.role === role)?.passwordSecretRef
  return reference && snapshot.secretValue(gateway.metadata.namespace, reference.name, reference.key)
}

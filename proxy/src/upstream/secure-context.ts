/** Certificates read once: parsing PEM costs a millisecond of each login otherwise. */
import { createHash } from 'node:crypto'
import tls from 'node:tls'
import { settings } from '../settings.ts'
import { UpstreamUnavailable } from './errors.ts'
import type { UpstreamTls } from './target.ts'

const contexts = new Map<string, tls.SecureContext>()

/** TLS 1.2 and later with these certificates. Found again by content: a rotated certificate is another context. */
export function secureContextOf(given: UpstreamTls): tls.SecureContext {
  const place = placeOf(given)
  const context = contexts.get(place) ?? makeContext(given)
  contexts.delete(place)
  contexts.set(place, context)
  for (const oldest of contexts.keys()) {
    if (contexts.size <= settings.maxSecureContexts) break
    contexts.delete(oldest)
  }
  return context
}

function placeOf({ certificateAuthority, clientCertificate }: UpstreamTls): string {
  const content = JSON.stringify([certificateAuthority, clientCertificate?.certificate, clientCertificate?.key])
  return createHash('sha256').update(content).digest('base64')
}

function makeContext({ certificateAuthority, clientCertificate }: UpstreamTls): tls.SecureContext {
  // Node takes an empty authority for none, and would trust everybody that the web trusts.
  if (certificateAuthority !== undefined && !certificateAuthority.includes('-----BEGIN CERTIFICATE-----'))
    throw new UpstreamUnavailable('tls', 'the certificate authority for the database is not there or is no certificate')
  try {
    return tls.createSecureContext({
      minVersion: 'TLSv1.2',
      ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
      ...(clientCertificate === undefined ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    })
  } catch {
    // OpenSSL's words could quote the key.
    throw new UpstreamUnavailable('tls', 'the certificates for the database cannot be read')
  }
}

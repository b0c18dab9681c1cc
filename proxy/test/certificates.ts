/** Certificates for tests: an authority and what it signs. */
import { createPrivateKey } from 'node:crypto'
import { type Certificate, makeCertificate } from '../src/gateway/certificates.ts'

const hourMs = 3_600_000

export interface TestAuthority {
  /** PEM */
  readonly certificate: string
  issue(commonName: string, hosts?: readonly string[]): Certificate
}

export function testAuthority(commonName = 'sallyport test authority'): TestAuthority {
  const validity = { notBefore: new Date(Date.now() - hourMs), notAfter: new Date(Date.now() + 24 * hourMs) }
  const authority = makeCertificate({ commonName, hosts: [], authority: true, ...validity })
  const issuer = { commonName, key: createPrivateKey(authority.key) }
  return {
    certificate: authority.certificate,
    issue: (name, hosts = []) => makeCertificate({ commonName: name, hosts, issuer, ...validity }),
  }
}

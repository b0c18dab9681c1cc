/**
 * tls-server-end-point (RFC 5929 section 4.1): the hash of the server's certificate by the hash of its signature, MD5
 * and SHA-1 replaced by SHA-256. For a signature without one hash (Ed25519), or whose hash hides in parameters
 * (RSASSA-PSS), there is none, and the login goes without channel binding.
 */
import { createHash, type X509Certificate } from 'node:crypto'

export function serverEndPoint(certificate: X509Certificate): Buffer | undefined {
  const hash = hashOfSignature[certificate.signatureAlgorithmOid]
  return hash === undefined ? undefined : createHash(hash).update(certificate.raw).digest()
}

const hashOfSignature: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'sha256', // md5WithRSAEncryption
  '1.2.840.113549.1.1.5': 'sha256', // sha1WithRSAEncryption
  '1.2.840.113549.1.1.11': 'sha256', // sha256WithRSAEncryption
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.10045.4.1': 'sha256', // ecdsa-with-SHA1
  '1.2.840.10045.4.3.1': 'sha224', // ecdsa-with-SHA224
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

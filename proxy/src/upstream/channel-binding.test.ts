import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serverEndPoint } from './channel-binding.ts'

const cases: [string, string | undefined][] = [
  ['ed25519', undefined], // no single hash: no binding
  ['rsa-pss', undefined], // its hash is a parameter
  ['rsa-sha1', 'sha256'], // RFC 5929: never SHA-1
  ['rsa-sha512', 'sha512'],
  ['ecdsa-sha384', 'sha384'],
]
test.each(cases)('%s: %s', (name, hash) => {
  const certificate = new X509Certificate(readFileSync(new URL(`testdata/${name}.pem`, import.meta.url)))
  const expected = hash === undefined ? undefined : createHash(hash).update(certificate.raw).digest()
  expect(serverEndPoint(certificate)).toEqual(expected)
})

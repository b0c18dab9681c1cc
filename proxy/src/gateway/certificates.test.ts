import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { testAuthority } from '../../test/certificates.ts'
import { selfSignedCertificate } from './certificates.ts'

test('it is for its hosts and nobody else', () => {
  const { certificate } = selfSignedCertificate(['localhost', '127.0.0.1', '::1', 'fe80::1:2', '*.data.svc'])
  const read = new X509Certificate(certificate)
  for (const host of ['localhost', 'orders.data.svc']) expect(read.checkHost(host)).toBeDefined()
  for (const host of ['localhost.example', 'a.b.data.svc', 'data.svc']) expect(read.checkHost(host)).toBeUndefined()
  for (const address of ['127.0.0.1', '::1', 'fe80::1:2']) expect(read.checkIP(address)).toBeDefined()
  for (const address of ['127.0.0.2', '::2', 'fe80::12']) expect(read.checkIP(address)).toBeUndefined()
})

test('its key is its own, it signed itself, and it signs nobody else', () => {
  const { certificate, key } = selfSignedCertificate(['localhost'])
  const read = new X509Certificate(certificate)
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.ca).toBe(false)
  expect(selfSignedCertificate(['localhost']).certificate).not.toBe(certificate)
})

test.each([
  ['2026-01-01T00:00:00Z', 'Dec 31 23:00:00 2025 GMT', 'Jan  1 00:00:00 2036 GMT'],
  // From 2050 on times have another form (GeneralizedTime).
  ['2045-06-01T12:00:00Z', 'Jun  1 11:00:00 2045 GMT', 'Jun  1 12:00:00 2055 GMT'],
])('made at %s', (now, from, to) => {
  const read = new X509Certificate(selfSignedCertificate(['localhost'], new Date(now)).certificate)
  expect([read.validFrom, read.validTo]).toEqual([from, to])
})

test('an authority signs for others', () => {
  const authority = testAuthority()
  const own = new X509Certificate(authority.certificate)
  const issued = new X509Certificate(authority.issue('agent', ['localhost']).certificate)
  expect([own.ca, issued.ca]).toEqual([true, false])
  expect(issued.checkIssued(own) && issued.verify(own.publicKey)).toBe(true)
  expect(issued.subject).toBe('CN=agent')
})

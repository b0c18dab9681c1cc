/**
 * The listener's own certificate where the manifests name none (`listener.tls.selfSigned`). X.509 in DER is a handful of
 * nested length-prefixed values (X.690), and this writes only the few that a P-256 certificate needs (RFC 5280).
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import net from 'node:net'

export interface Certificate {
  /** PEM */
  readonly certificate: string
  /** PEM, PKCS #8 */
  readonly key: string
}

export interface CertificateRequest {
  readonly commonName: string
  /** DNS names and IP addresses. */
  readonly hosts: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** May sign other certificates. */
  readonly authority?: boolean
  /** Who signs; without it, the certificate signs itself. */
  readonly issuer?: { readonly commonName: string; readonly key: KeyObject }
}

/** A fresh P-256 key and a certificate for these hosts that it signed itself, good for ten years from an hour ago. */
export function selfSignedCertificate(hosts: readonly string[], now: Date = new Date()): Certificate {
  const notBefore = new Date(now.getTime() - 3_600_000)
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(now.getUTCFullYear() + 10)
  return makeCertificate({ commonName: hosts[0] ?? 'sallyport', hosts, notBefore, notAfter })
}

/** A fresh P-256 key and its certificate. */
export function makeCertificate(request: CertificateRequest): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = toBeSigned(request, publicKey)
  const signature = sign('sha256', body, request.issuer?.key ?? privateKey)
  const certificate = sequence(body, sequence(ecdsaWithSha256), der(0x03, Buffer.from([0]), signature))
  return { certificate: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function toBeSigned(request: CertificateRequest, publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  // A positive number of 16 bytes that does not begin with zero.
  const serial = Buffer.concat([Buffer.from([0x40 | ((randomBytes(1)[0] ?? 0) & 0x3f)]), randomBytes(15)])
  return sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, serial),
    sequence(ecdsaWithSha256),
    name(request.issuer?.commonName ?? request.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.commonName),
    spki,
    der(0xa3, sequence(...extensions(request, spki))),
  )
}

function extensions(request: CertificateRequest, spki: Buffer): Buffer[] {
  const authority = request.authority === true
  const keyUsage = authority ? Buffer.from([1, 0x06]) : Buffer.from([7, 0x80]) // keyCertSign and cRLSign; digitalSignature
  const list = [
    extension('2.5.29.19', true, sequence(...(authority ? [der(0x01, Buffer.from([0xff]))] : []))),
    extension('2.5.29.15', true, der(0x03, keyUsage)),
    extension('2.5.29.14', false, der(0x04, createHash('sha1').update(spki).digest())),
  ]
  if (!authority) list.push(extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))))
  if (request.hosts.length > 0)
    list.push(extension('2.5.29.17', false, sequence(...request.hosts.map(alternativeName))))
  return list
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value))
}

function alternativeName(host: string): Buffer {
  const address = addressBytes(host)
  return address === undefined ? der(0x82, Buffer.from(host, 'latin1')) : der(0x87, address)
}

function addressBytes(host: string): Buffer | undefined {
  if (net.isIPv4(host)) return Buffer.from(host.split('.').map(Number))
  if (!net.isIPv6(host)) return undefined
  // The URL parser writes every form of an IPv6 address in one: lower case, `::` once.
  const [head = '', tail] = new URL(`http://[${host}]/`).hostname.slice(1, -1).split('::')
  const words = (part: string | undefined) => (part ?? '').split(':').filter(word => word !== '')
  const before = words(head)
  const after = words(tail)
  const zeros = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0')
  return Buffer.from([...before, ...zeros, ...after].map(word => word.padStart(4, '0')).join(''), 'hex')
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName, 'utf8')))))
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

const ecdsaWithSha256 = oid('1.2.840.10045.4.3.2')

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]))
}

function base128(value: number): number[] {
  const low = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) low.unshift((rest & 0x7f) | 0x80)
  return low
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

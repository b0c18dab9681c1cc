/**
 * The client's half of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677; channel binding tls-server-end-point,
 * RFC 5929).
 *
 *     C> client-first   n,,n=,r=NONCE                  (p=tls-server-end-point,, with channel binding)
 *     S> server-first   r=NONCE+MORE,s=SALT,i=ROUNDS
 *     C> client-final   c=BASE64(gs2 header, binding),r=…,p=PROOF
 *     S> server-final   v=SIGNATURE                    proves that the server knows the password too
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { settings } from '../settings.ts'
import { UpstreamUnavailable } from './errors.ts'
import { hmac, type ScramKeys } from './scram-keys.ts'

export interface ClientFirst {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS'
  readonly message: string
  readonly nonce: string
  /** base64 of the gs2 header and the binding's data: what `c=` must say. */
  readonly binding: string
}

export interface ClientFinal {
  readonly message: string
  readonly serverSignature: Buffer
}

/** How the connection stands: in the clear, or over TLS with the hash of the server's certificate where that is defined. */
export interface Channel {
  readonly encrypted: boolean
  readonly serverEndPoint?: Buffer
}

/**
 * Chooses the mechanism and its gs2 flag. `y` says "I could bind, you seem unable": a server that can will then know that
 * somebody took PLUS out of its list. Over a channel that we cannot bind, `n` is the truth.
 */
export function clientFirst(offered: readonly string[], channel: Channel, nonce: string): ClientFirst {
  const endPoint = channel.encrypted ? channel.serverEndPoint : undefined
  const plus = offered.includes('SCRAM-SHA-256-PLUS')
  if (endPoint !== undefined && plus) return first('SCRAM-SHA-256-PLUS', 'p=tls-server-end-point,,', endPoint, nonce)
  if (!offered.includes('SCRAM-SHA-256')) throw failure(`the server offers no SASL mechanism that we speak`)
  return first('SCRAM-SHA-256', endPoint === undefined ? 'n,,' : 'y,,', Buffer.alloc(0), nonce)
}

function first(mechanism: ClientFirst['mechanism'], header: string, data: Buffer, nonce: string): ClientFirst {
  const binding = Buffer.concat([Buffer.from(header), data]).toString('base64')
  // The user's name is the startup packet's; PostgreSQL ignores the one here.
  return { mechanism, message: `${header}n=,r=${nonce}`, nonce, binding }
}

/** Answers server-first. */
export async function clientFinal(
  begun: ClientFirst,
  serverFirst: string,
  password: string,
  keys: ScramKeys,
): Promise<ClientFinal> {
  const { nonce, salt, iterations } = readServerFirst(serverFirst, begun.nonce)
  const { clientKey, serverKey } = await keys.get(password, salt, iterations)
  const withoutProof = `c=${begun.binding},r=${nonce}`
  const authMessage = `n=,r=${begun.nonce},${serverFirst},${withoutProof}`
  const clientSignature = hmac(createHash('sha256').update(clientKey).digest(), authMessage)
  const proof = clientKey.map((byte, at) => byte ^ (clientSignature[at] ?? 0))
  const message = `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
  return { message, serverSignature: hmac(serverKey, authMessage) }
}

/** Throws unless the server proved that it knows the password's verifier. */
export function checkServerFinal(final: ClientFinal, serverFinal: string): void {
  if (serverFinal.startsWith('e=')) throw failure('the server ended the SCRAM exchange with an error')
  const signature = decodeBase64(/^v=([^,]+)(?:,|$)/.exec(serverFinal)?.[1])
  if (signature === undefined) throw failure('the server sent a malformed SCRAM server-final message')
  if (signature.length !== final.serverSignature.length || !timingSafeEqual(signature, final.serverSignature)) {
    throw failure('the server does not know the password: its SCRAM signature is wrong')
  }
}

/** The rounds are bounded: a hostile server must not make us compute for hours. */
function readServerFirst(message: string, ours: string): { nonce: string; salt: Buffer; iterations: number } {
  const [, nonce, saltText, rounds] = /^r=([\x21-\x2b\x2d-\x7e]+),s=([^,]+),i=([1-9]\d{0,9})(?:,|$)/.exec(message) ?? []
  const salt = decodeBase64(saltText)
  if (nonce === undefined || salt === undefined || salt.length === 0) {
    throw failure('the server sent a malformed SCRAM server-first message')
  }
  if (!nonce.startsWith(ours) || nonce.length === ours.length)
    throw failure('the server did not continue our SCRAM nonce')
  const iterations = Number(rounds)
  if (iterations > settings.maxScramIterations) {
    throw failure(`the server asks for ${iterations} SCRAM iterations; at most ${settings.maxScramIterations} are done`)
  }
  return { nonce, salt, iterations }
}

/** Buffer.from forgives what is not base64; a peer's message is not forgiven. */
function decodeBase64(text: string | undefined): Buffer | undefined {
  if (text === undefined || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  return Buffer.from(text, 'base64')
}

function failure(message: string): UpstreamUnavailable {
  return new UpstreamUnavailable('authentication', message)
}

/** A provider's JSON Web Key Set, reduced to what may verify a token here: public signature keys, and not too many. */
import { createLocalJWKSet, type JWK, type LocalJWKSet } from 'jose'
import { settings } from '../settings.ts'

/** Signatures only, and only asymmetric ones: no `none`, no HS*. */
export const signatureAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

export interface KeySet {
  readonly find: LocalJWKSet
  readonly count: number
  /** The same keys give the same text: a changed one means that what was verified before is verified again. */
  readonly content: string
}

/** Throws an Error that says what is wrong with the document. */
export function readKeySet(text: string): KeySet {
  const { keys } = asRecord(parsed(text))
  if (!Array.isArray(keys)) throw new Error('the key set has no list of keys')
  if (keys.length > settings.maxIssuerKeys) throw new Error(`the key set has more than ${settings.maxIssuerKeys} keys`)
  const usable = keys.map(asRecord).flatMap(publicKey)
  if (usable.length === 0) throw new Error('the key set has no public signature key')
  return { find: createLocalJWKSet({ keys: usable }), count: usable.length, content: JSON.stringify(usable) }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the answer is not JSON')
  }
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** Only the public members that we know are taken over, so that a private or symmetric key never gets in. */
function publicKey(key: Readonly<Record<string, unknown>>): JWK[] {
  const { kty } = key
  const members = typeof kty === 'string' && Object.hasOwn(publicMembers, kty) ? publicMembers[kty] : undefined
  if (members === undefined || typeof kty !== 'string') return []
  if (key.use !== undefined && key.use !== 'sig') return []
  const given: Record<string, string> = {}
  for (const member of [...members, 'kid', 'alg']) {
    const value = key[member]
    if (typeof value === 'string') given[member] = value
  }
  return members.every(member => given[member] !== undefined) ? [{ kty, ...given } as JWK] : []
}

const publicMembers: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
}

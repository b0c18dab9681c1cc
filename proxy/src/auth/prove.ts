/** A token's claims, proven by a key that its issuer publishes. */
import { compactVerify, errors } from 'jose'
import type { Reason } from '../policy/reason.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { type KeySet, signatureAlgorithms } from './key-set.ts'
import { tokenInvalid } from './refusals.ts'
import { type Claims, jsonObject, type UnprovenToken } from './token.ts'

export type Proof = { readonly claims: Claims } | { readonly reason: Reason }

/** Checks the signature; with a key that is not known, the provider is asked once more. */
export async function prove(token: string, { header }: UnprovenToken, keys: IssuerKeys): Promise<Proof> {
  if (keys.known === undefined) await keys.refresh()
  const first = await verifyWith(token, keys.known)
  if (first !== 'noKey') return first
  await keys.refresh()
  const second = await verifyWith(token, keys.known)
  if (second !== 'noKey') return second
  return { reason: keys.known === undefined ? keysUnknown : unknownKey(header.kid !== undefined) }
}

async function verifyWith(token: string, known: KeySet | undefined): Promise<Proof | 'noKey'> {
  if (known === undefined) return 'noKey'
  try {
    const { payload } = await compactVerify(token, known.find, { algorithms: signatureAlgorithms })
    const claims = jsonObject(Buffer.from(payload).toString('base64url'))
    return claims === undefined ? { reason: unproven } : { claims }
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'noKey'
    return { reason: error instanceof errors.JWKSMultipleMatchingKeys ? ambiguousKey : unproven }
  }
}

const unproven = tokenInvalid('signature', "token's signature does not hold")
const keysUnknown = tokenInvalid(
  'keys',
  "the issuer's keys cannot be fetched at the moment",
  'try again in a few seconds',
)
const ambiguousKey = tokenInvalid('key', 'token names no key (kid), and several keys of its issuer could be meant')

function unknownKey(named: boolean): Reason {
  return tokenInvalid(
    'key',
    named
      ? 'token is signed with a key that its issuer does not publish'
      : 'token is signed with a kind of key that its issuer does not publish',
  )
}

/** A token taken apart, before anything of it is believed. */

import type { Reason } from '../policy/reason.ts'
import { settings } from '../settings.ts'
import { signatureAlgorithms } from './key-set.ts'
import { tokenInvalid, tokenMissing } from './refusals.ts'

export type Claims = Readonly<Record<string, unknown>>

export interface UnprovenToken {
  readonly issuer: string
  readonly header: Claims
}

const another = 'send the compact form of a signed JWT (three base64url parts with dots between)'

/** Reads the header and the issuer, which say which keys may prove the rest. */
export function readToken(token: string): { readonly token: UnprovenToken } | { readonly reason: Reason } {
  if (token === '') return { reason: tokenMissing }
  if (Buffer.byteLength(token) > settings.maxPasswordBytes) {
    return { reason: tokenInvalid('size', `token is longer than ${settings.maxPasswordBytes} bytes`) }
  }
  const [, head, body] = /^([\w-]+)\.([\w-]+)\.[\w-]*$/.exec(token) ?? []
  const header = jsonObject(head)
  const issuer = jsonObject(body)?.iss
  if (header === undefined || typeof issuer !== 'string') {
    return { reason: tokenInvalid('format', 'password is not an identity token', another) }
  }
  const reason = headerRefusal(header)
  return reason === undefined ? { token: { issuer, header } } : { reason }
}

/** Decodes base64url JSON that is an object; strict UTF-8, so that two readers cannot see two texts. */
export function jsonObject(part: string | undefined): Claims | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part ?? '', 'base64url'))
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

function headerRefusal(header: Claims): Reason | undefined {
  const { alg, typ, crit, kid } = header
  if (typeof alg !== 'string' || !signatureAlgorithms.includes(alg)) {
    return tokenInvalid('algorithm', 'token is not signed with an accepted algorithm (RS*, PS*, ES*, EdDSA)')
  }
  // RFC 7515 section 4.1.11: what must be understood and is not makes the token invalid. We understand nothing of it.
  if (crit !== undefined) return tokenInvalid('crit', 'token has a critical header that the gateway does not know')
  if (kid !== undefined && typeof kid !== 'string') return tokenInvalid('format', 'token has a malformed key id')
  // RFC 8725 section 3.11: a logout token or a DPoP proof of the same issuer is no proof of who connects.
  if (typ !== undefined && !(typeof typ === 'string' && tokenTypes.includes(typ.toLowerCase()))) {
    return tokenInvalid('type', 'token is of a type that proves no identity (accepted: JWT, at+jwt)')
  }
  return undefined
}

const tokenTypes = ['jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']

/**
 * OAUTHBEARER (RFC 7628), the server's half as libpq 18 expects it:
 *
 *     S> AuthenticationSASL [OAUTHBEARER]
 *     C> SASLInitialResponse  n,,^Aauth=Bearer TOKEN^A^A
 *     S> AuthenticationOk                                   no SASLFinal: libpq calls one an error
 *
 *     C> …                    n,,^Aauth=^A^A                no token: discovery, which is no failed login
 *     S> SASLContinue         {"status":"invalid_token", …}
 *     C> ^A                   (pgx sends nothing)
 *     S> ErrorResponse 28000, close
 *
 * A client that gives no initial response gets an empty SASLContinue first. Pure: bytes in, what to do out.
 */
import type { Reason } from '../policy/reason.ts'
import { tokenInvalid, tokenMissing } from './refusals.ts'

export interface Discovery {
  readonly openidConfiguration: string
  readonly scope: string
}

export type SaslStep =
  | { readonly do: 'verify'; readonly token: string }
  /** Send these bytes in a SASLContinue and pass on what the client answers. */
  | { readonly do: 'challenge'; readonly bytes: Buffer }
  | { readonly do: 'fail'; readonly reason: Reason; readonly violation?: true }

export interface OauthBearer {
  /** The client's bytes: SASLInitialResponse's data (undefined where it has none) or a SASLResponse. */
  receive(bytes: Buffer | undefined): SaslStep
  /** The token was refused: the challenge to send; after the client's answer comes `fail` with this reason. */
  refused(reason: Reason): SaslStep
}

export const oauthBearerMechanism = 'OAUTHBEARER'

/** One exchange. `discovery` must stay the same between attempts: libpq compares it with its `oauth_issuer`. */
export function oauthBearer(discovery: Discovery | undefined): OauthBearer {
  let state: 'initial' | 'verifying' | 'refused' | 'over' = 'initial'
  let greeted = false
  let verdict: Reason = tokenMissing

  const end = (step: SaslStep): SaslStep => {
    state = 'over'
    return step
  }
  const refused = (reason: Reason): SaslStep => {
    state = 'refused'
    verdict = reason
    return { do: 'challenge', bytes: failure(discovery) }
  }
  const begin = (bytes: Buffer): SaslStep => {
    const read = readInitialResponse(bytes)
    if ('violation' in read) return end(violation(read.violation))
    if (read.token === '') return refused(tokenMissing)
    state = 'verifying'
    return { do: 'verify', token: read.token }
  }

  return {
    refused: reason => (state === 'verifying' ? refused(reason) : end({ do: 'fail', reason })),
    receive(bytes) {
      if (state === 'initial' && bytes === undefined && !greeted) {
        greeted = true
        return { do: 'challenge', bytes: Buffer.alloc(0) }
      }
      if (state === 'initial' && bytes !== undefined) return begin(bytes)
      const answered = state === 'refused' && bytes?.length === 1 && bytes[0] === 1
      if (answered) return end({ do: 'fail', reason: verdict })
      return end(violation('the client sent what has no place in an OAUTHBEARER exchange'))
    },
  }
}

type InitialResponse = { readonly token: string } | { readonly violation: string }

/** gs2 header, then `key=value` pairs each ended by ^A, then one more ^A (RFC 7628 section 3.1). */
export function readInitialResponse(bytes: Buffer): InitialResponse {
  const text = bytes.toString('latin1')
  // eslint-like tools dislike control characters in patterns; here they are the format.
  const [, flag, authzid, pairs] = /^([^,]*),([^,]*),\x01((?:[^\x01]+\x01)*)\x01$/s.exec(text) ?? []
  if (pairs === undefined || text.includes('\0')) return { violation: 'malformed OAUTHBEARER message' }
  if (flag !== 'n' && flag !== 'y') return { violation: 'OAUTHBEARER has no channel binding' }
  if (authzid !== '') return { violation: 'an authorization identity is not supported' }
  return readAuth(pairs.split('\x01').slice(0, -1))
}

function readAuth(pairs: readonly string[]): InitialResponse {
  if (!pairs.every(pair => /^[A-Za-z]+=[\t\n\r\x20-\x7e]*$/.test(pair)))
    return { violation: 'malformed OAUTHBEARER key' }
  const values = pairs.filter(pair => pair.startsWith('auth=')).map(pair => pair.slice('auth='.length))
  const [value] = values
  if (value === undefined || values.length > 1) return { violation: 'OAUTHBEARER needs exactly one auth value' }
  if (value === '') return { token: '' }
  // RFC 6750: the scheme in any case, then the token's characters.
  const token = /^bearer +([A-Za-z0-9\-._~+/]*=*)$/i.exec(value)?.[1]
  return token === undefined ? { violation: 'OAUTHBEARER auth value is not a bearer token' } : { token }
}

/** RFC 7628 section 3.2.2. libpq reads the two values that say where a token comes from. */
function failure(discovery: Discovery | undefined): Buffer {
  const where =
    discovery === undefined ? {} : { 'openid-configuration': discovery.openidConfiguration, scope: discovery.scope }
  return Buffer.from(JSON.stringify({ status: 'invalid_token', ...where }))
}

function violation(problem: string): SaslStep {
  return { do: 'fail', reason: tokenInvalid('sasl', problem), violation: true }
}

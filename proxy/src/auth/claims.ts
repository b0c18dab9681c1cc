/** What proven claims must say before they count: a list of checks, each of which finds one thing wrong or nothing. */
import { type Refusal, tokenExpired, tokenInvalid } from './refusals.ts'
import type { Claims } from './token.ts'

export interface ClaimRequirements {
  readonly audiences: readonly string[]
  readonly clockSkewMs: number
  readonly maxTokenLifetimeMs: number
  readonly requiredValues: readonly { readonly claim: string; readonly requiredValue: string }[]
}

type ClaimCheck = (claims: Claims, required: ClaimRequirements, nowMs: number) => Refusal

/** The first refusal, or nothing. */
export function checkClaims(claims: Claims, required: ClaimRequirements, nowMs: number): Refusal {
  for (const check of claimChecks) {
    const refusal = check(claims, required, nowMs)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** The checks that time can change: they hold again for a token that was verified before. */
export function checkTimes(claims: Claims, required: ClaimRequirements, nowMs: number): Refusal {
  return expired(claims, required, nowMs) ?? notYetValid(claims, required, nowMs)
}

/** Unix time, seconds, until which a token counts: its expiry and the clock skew that its issuer is granted. */
export function countsUntil(claims: Claims, required: ClaimRequirements): number {
  return (seconds(claims, 'exp') ?? 0) + required.clockSkewMs / 1000
}

const claimChecks: readonly ClaimCheck[] = [
  foreignAudience,
  timesMissing,
  expired,
  notYetValid,
  livesTooLong,
  boundToKey,
  requiredValueMissing,
  subjectMissing,
]

function foreignAudience(claims: Claims, required: ClaimRequirements): Refusal {
  const { aud } = claims
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (required.audiences.some(accepted => audiences.includes(accepted))) return undefined
  const wanted = required.audiences.map(audience => `"${audience}"`).join(' or ')
  return tokenInvalid(
    'audience',
    `token is for another audience; this gateway is ${wanted}`,
    `ask for audience ${wanted}`,
  )
}

function timesMissing(claims: Claims): Refusal {
  const missing = ['exp', 'iat'].filter(claim => seconds(claims, claim) === undefined)
  if (missing.length > 0) return tokenInvalid('times', `token does not say its ${missing.join(' and ')}`)
  if (claims.nbf !== undefined && seconds(claims, 'nbf') === undefined)
    return tokenInvalid('times', 'token has a malformed nbf')
  return undefined
}

function expired(claims: Claims, required: ClaimRequirements, nowMs: number): Refusal {
  const exp = seconds(claims, 'exp') ?? 0
  return nowMs / 1000 < countsUntil(claims, required) ? undefined : tokenExpired(nowMs / 1000 - exp)
}

function notYetValid(claims: Claims, { clockSkewMs }: ClaimRequirements, nowMs: number): Refusal {
  const from = Math.max(
    seconds(claims, 'nbf') ?? Number.NEGATIVE_INFINITY,
    seconds(claims, 'iat') ?? Number.NEGATIVE_INFINITY,
  )
  const early = from - (nowMs + clockSkewMs) / 1000
  if (early <= 0) return undefined
  return tokenInvalid('notYetValid', `token is not valid yet; try again in ${Math.ceil(early)} s`)
}

function livesTooLong(claims: Claims, { maxTokenLifetimeMs }: ClaimRequirements): Refusal {
  const lifetime = (seconds(claims, 'exp') ?? 0) - (seconds(claims, 'iat') ?? 0)
  if (lifetime > 0 && lifetime * 1000 <= maxTokenLifetimeMs) return undefined
  const most = Math.floor(maxTokenLifetimeMs / 1000)
  return tokenInvalid(
    'lifetime',
    `token lives ${Math.ceil(lifetime)} s; at most ${most} s are accepted`,
    'ask for a shorter-lived token',
  )
}

/** RFC 7800: such a token counts only with a proof that its sender has the key, and PostgreSQL's protocol has no place for it. */
function boundToKey(claims: Claims): Refusal {
  return claims.cnf === undefined
    ? undefined
    : tokenInvalid('bound', 'token is bound to a key (cnf), which cannot be proven here')
}

function requiredValueMissing(claims: Claims, { requiredValues }: ClaimRequirements): Refusal {
  const missing = requiredValues.find(({ claim, requiredValue }) => own(claims, claim) !== requiredValue)
  return missing === undefined
    ? undefined
    : tokenInvalid('claim', `token's claim "${missing.claim}" does not have the value that this gateway requires`)
}

function subjectMissing({ sub }: Claims): Refusal {
  return typeof sub === 'string' && sub !== '' ? undefined : tokenInvalid('subject', 'token names no subject')
}

/** A claim of the token itself, never something that objects inherit. */
export function own(claims: Claims, claim: string): unknown {
  return Object.hasOwn(claims, claim) ? claims[claim] : undefined
}

function seconds(claims: Claims, claim: string): number | undefined {
  const value = own(claims, claim)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

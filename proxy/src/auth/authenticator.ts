/**
 * Who connects: a token → an identity, or the reason why not. Nothing of the token is believed before its signature was
 * checked with a key that its issuer published; the issuer is believed only if the gateway names it.
 */
import { compactVerify, errors } from 'jose'
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { settings } from '../settings.ts'
import { checkClaims, checkTimes } from './claims.ts'
import { identityOf } from './identity-of.ts'
import { type FetchDocument, fetchDocument } from './issuer-document.ts'
import { discoveryUrl, IssuerKeys, type KeysStatus } from './issuer-keys.ts'
import { type KeySet, signatureAlgorithms } from './key-set.ts'
import { compileIssuer, type IssuerRules, type OidcSettings } from './oidc-settings.ts'
import { tokenInvalid, tokenMissing } from './refusals.ts'
import type { Discovery } from './sasl.ts'
import { jsonObject, readToken, type UnprovenToken } from './token.ts'
import { tokenHash, VerifiedTokens } from './verified-tokens.ts'

export interface AuthenticatorOptions {
  readonly oidc: readonly OidcSettings[]
  /** PEM of an issuer's certificate authority, where its settings name one. */
  caFor(issuer: OidcSettings['issuer']): string | undefined
  readonly fetch?: FetchDocument
  /** The one that this one replaces: keys of issuers whose source is the same are taken over. Close it afterwards. */
  readonly previous?: Authenticator
  /** Unix time, milliseconds. */
  now(): number
}

export type Authentication = { readonly identity: Identity } | { readonly reason: Reason }

export interface IssuerStatus extends KeysStatus {
  readonly issuer: string
}

export interface Authenticator {
  /** Never throws, and never answers with any part of the token. */
  authenticate(token: string): Promise<Authentication>
  /** Where a client of OAUTHBEARER gets a token: the first issuer. */
  discovery(): Discovery | undefined
  status(): readonly IssuerStatus[]
  /** The keys that came from this source, for `previous`. */
  keysFrom(source: string): KeySet | undefined
  /** Ends the background work. */
  close(): void
}

interface Issuer {
  readonly url: string
  /** Where its keys come from: equal text, equal keys. */
  readonly source: string
  readonly rules: IssuerRules | undefined
  readonly problem: string | undefined
  readonly keys: IssuerKeys
}

/** Begins to fetch the issuers' keys at once; a login that comes before they are there waits for them. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const issuers = new Map(options.oidc.map(each => [each.issuer.url, prepareIssuer(each, options)]))
  const verified = new VerifiedTokens()
  return {
    authenticate: token => authenticate(token, issuers, verified, options.now()).catch(() => ({ reason: bug })),
    discovery: () => discoveryOf(options.oidc[0]?.issuer.url),
    status: () => [...issuers.values()].map(statusOf),
    keysFrom: source => [...issuers.values()].find(issuer => issuer.source === source)?.keys.known,
    close: () => {
      for (const { keys } of issuers.values()) keys.close()
    },
  }
}

function prepareIssuer(issuerSettings: OidcSettings, options: AuthenticatorOptions): Issuer {
  const { issuer } = issuerSettings
  const certificateAuthority = options.caFor(issuer)
  const problems = problemsOf(issuerSettings, certificateAuthority)
  const compiled = compileIssuer(issuerSettings)
  if ('problems' in compiled) problems.push(...compiled.problems)
  const source = JSON.stringify([issuer.url, issuer.jwksURL, issuer.jwks, certificateAuthority])
  const known = options.previous?.keysFrom(source)
  const keys = new IssuerKeys({
    issuer,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(known === undefined ? {} : { known }),
    ...{ fetch: options.fetch ?? fetchDocument, now: options.now },
  })
  const rules = 'ok' in compiled && problems.length === 0 ? compiled.ok : undefined
  return { url: issuer.url, source, rules, problem: problems.length === 0 ? undefined : problems.join('; '), keys }
}

/** An authority that is named and is not there must not become "everybody that the web trusts". */
function problemsOf({ issuer }: OidcSettings, certificateAuthority: string | undefined): string[] {
  if (issuer.certificateAuthority === undefined && certificateAuthority === undefined) return []
  const isCertificate = certificateAuthority?.includes('-----BEGIN CERTIFICATE-----') === true
  return isCertificate ? [] : ['issuer.certificateAuthority: it is not there, or no certificate']
}

async function authenticate(
  token: string,
  issuers: ReadonlyMap<string, Issuer>,
  verified: VerifiedTokens,
  nowMs: number,
): Promise<Authentication> {
  if (token === '') return { reason: tokenMissing }
  const hash = tokenHash(token)
  const remembered = recall(hash, issuers, verified, nowMs)
  if (remembered !== undefined) return remembered
  const read = readToken(token)
  if ('reason' in read) return read
  const issuer = issuers.get(read.token.issuer)
  if (issuer === undefined) return { reason: foreignIssuer }
  if (issuer.rules === undefined) return { reason: brokenIssuer }
  const generation = issuer.keys.generation
  const proven = await prove(token, read.token, issuer.keys)
  if ('reason' in proven) return proven
  const reason = checkClaims(proven.claims, issuer.rules, nowMs)
  if (reason !== undefined) return { reason }
  const answer = identityOf(proven.claims, issuer.rules)
  // Keys that changed meanwhile make the entry stale from the start; it is checked again then.
  if ('identity' in answer && token.length <= settings.maxVerifiedTokenBytes)
    verified.keep(hash, { identity: answer.identity, generation })
  return answer
}

/** A token seen before: its signature holds as long as the keys are the same, its times are checked again. */
function recall(
  hash: string,
  issuers: ReadonlyMap<string, Issuer>,
  verified: VerifiedTokens,
  nowMs: number,
): Authentication | undefined {
  const known = verified.find(hash)
  const issuer = known && issuers.get(known.identity.issuer)
  if (known === undefined || issuer?.rules === undefined) return undefined
  const reason = checkTimes(known.identity.claims, issuer.rules, nowMs)
  if (reason === undefined && known.generation === issuer.keys.generation) return { identity: known.identity }
  verified.drop(hash)
  return reason === undefined ? undefined : { reason }
}

/** Checks the signature; with a key that is not known, the provider is asked once more. */
async function prove(
  token: string,
  { header }: UnprovenToken,
  keys: IssuerKeys,
): Promise<{ readonly claims: Readonly<Record<string, unknown>> } | { readonly reason: Reason }> {
  if (keys.known === undefined) await keys.refresh()
  const first = await verifyWith(token, keys.known)
  if (first !== 'noKey') return first
  await keys.refresh()
  const second = await verifyWith(token, keys.known)
  if (second !== 'noKey') return second
  return { reason: keys.known === undefined ? keysUnknown : unknownKey(header.kid !== undefined) }
}

async function verifyWith(
  token: string,
  known: KeySet | undefined,
): Promise<{ readonly claims: Readonly<Record<string, unknown>> } | { readonly reason: Reason } | 'noKey'> {
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

function discoveryOf(issuer: string | undefined): Discovery | undefined {
  return issuer === undefined ? undefined : { openidConfiguration: discoveryUrl(issuer), scope: 'openid' }
}

function statusOf({ url, keys, problem }: Issuer): IssuerStatus {
  return { issuer: url, ...keys.status(), ...(problem === undefined ? {} : { error: problem }) }
}

const bug: Reason = { code: 'Internal', text: 'the token could not be checked: a bug of the gateway' }
const unproven = tokenInvalid('signature', "token's signature does not hold")
const foreignIssuer = tokenInvalid('issuer', 'token is from an issuer that this gateway does not trust')
const brokenIssuer = tokenInvalid(
  'settings',
  "the gateway's settings for this issuer are not accepted; its operator must mend them",
)
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

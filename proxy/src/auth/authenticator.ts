/**
 * Who connects: a token → an identity, or the reason why not. Nothing of the token is believed before its signature was
 * checked with a key that its issuer published; the issuer is believed only if the gateway names it.
 */
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { settings } from '../settings.ts'
import { checkClaims, checkTimes } from './claims.ts'
import { identityOf } from './identity-of.ts'
import { type Issuer, prepareIssuer } from './issuer.ts'
import type { FetchDocument } from './issuer-document.ts'
import { discoveryUrl, type KeysStatus } from './issuer-keys.ts'
import type { KeySet } from './key-set.ts'
import type { OidcSettings } from './oidc-settings.ts'
import { prove } from './prove.ts'
import { tokenInvalid, tokenMissing } from './refusals.ts'
import type { Discovery } from './sasl.ts'
import { readToken } from './token.ts'
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

/** Begins to fetch the issuers' keys at once; a login that comes before they are there waits for them. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { fetch, previous } = options
  const surroundings = {
    fetch,
    caFor: options.caFor,
    now: options.now,
    keysFrom: (source: string) => previous?.keysFrom(source),
  }
  const issuers = new Map(options.oidc.map(each => [each.issuer.url, prepareIssuer(each, surroundings)]))
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

function discoveryOf(issuer: string | undefined): Discovery | undefined {
  return issuer === undefined ? undefined : { openidConfiguration: discoveryUrl(issuer), scope: 'openid' }
}

function statusOf({ url, keys, problem }: Issuer): IssuerStatus {
  return { issuer: url, ...keys.status(), ...(problem === undefined ? {} : { error: problem }) }
}

const bug: Reason = { code: 'Internal', text: 'the token could not be checked: a bug of the gateway' }
const foreignIssuer = tokenInvalid('issuer', 'token is from an issuer that this gateway does not trust')
const brokenIssuer = tokenInvalid(
  'settings',
  "the gateway's settings for this issuer are not accepted; its operator must mend them",
)

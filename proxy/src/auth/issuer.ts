/** One issuer that the gateway trusts: its rules, compiled, and its keys, fetched and kept. */
import { type FetchDocument, fetchDocument } from './issuer-document.ts'
import { IssuerKeys } from './issuer-keys.ts'
import type { KeySet } from './key-set.ts'
import { compileIssuer, type IssuerRules, type OidcSettings } from './oidc-settings.ts'

export interface Issuer {
  readonly url: string
  /** Where its keys come from: equal text, equal keys. */
  readonly source: string
  readonly rules: IssuerRules | undefined
  readonly problem: string | undefined
  readonly keys: IssuerKeys
}

export interface IssuerSurroundings {
  caFor(issuer: OidcSettings['issuer']): string | undefined
  /** Keys that a predecessor had from the same source. */
  keysFrom(source: string): KeySet | undefined
  readonly fetch: FetchDocument | undefined
  now(): number
}

/** Begins to fetch its keys. With a problem in its settings it proves nobody. */
export function prepareIssuer(issuerSettings: OidcSettings, surroundings: IssuerSurroundings): Issuer {
  const { issuer } = issuerSettings
  const certificateAuthority = surroundings.caFor(issuer)
  const problems = problemsOf(issuerSettings, certificateAuthority)
  const compiled = compileIssuer(issuerSettings)
  if ('problems' in compiled) problems.push(...compiled.problems)
  const source = JSON.stringify([issuer.url, issuer.jwksURL, issuer.jwks, certificateAuthority])
  const known = surroundings.keysFrom(source)
  const keys = new IssuerKeys({
    issuer,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(known === undefined ? {} : { known }),
    ...{ fetch: surroundings.fetch ?? fetchDocument, now: () => surroundings.now() },
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

/** An issuer of tokens for tests: keys, a key set, and tokens good and bad. No sockets: `answers` is what a fetch gets. */
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { FetchDocument } from '../src/auth/issuer-document.ts'

export const issuerUrl = 'https://idp.example.com'

export interface TestKey {
  readonly alg: string
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export async function testKey(alg: string, kid: string): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export interface TokenOptions {
  readonly header?: Readonly<Record<string, unknown>>
  /** Over the good ones; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly nowMs: number
}

/** A good token but for what the options say. */
export function sign(key: TestKey, { header, claims, nowMs }: TokenOptions): Promise<string> {
  const now = Math.floor(nowMs / 1000)
  const all = { iss: issuerUrl, aud: 'sallyport', sub: 'alice', iat: now, exp: now + 600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey)
}

/** Provider documents by URL, and how often each was asked for. A function answers anew each time. */
export function testProvider(documents: Record<string, string | (() => string)>): {
  readonly fetch: FetchDocument
  readonly asked: string[]
  documents: Record<string, string | (() => string)>
} {
  const asked: string[] = []
  const provider = {
    asked,
    documents,
    fetch: async ({ url }: { url: string }) => {
      asked.push(url)
      const document = provider.documents[url]
      if (document === undefined) throw new Error(`${url}: ECONNREFUSED`)
      return typeof document === 'string' ? document : document()
    },
  }
  return provider
}

export const jwksUrl = `${issuerUrl}/keys`

/** The two documents of a provider with these keys. */
export function documentsOf(keys: readonly TestKey[]): Record<string, string> {
  return {
    [`${issuerUrl}/.well-known/openid-configuration`]: JSON.stringify({ issuer: issuerUrl, jwks_uri: jwksUrl }),
    [jwksUrl]: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }),
  }
}

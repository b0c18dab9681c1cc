import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { base64url, exportSPKI, generateSecret, SignJWT } from 'jose'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { documentsOf, issuerUrl, jwksUrl, sign, type TestKey, testKey, testProvider } from '../../test/issuer.ts'
import { settings } from '../settings.ts'
import { type Authenticator, createAuthenticator } from './authenticator.ts'
import type { FetchDocument } from './issuer-document.ts'
import type { OidcSettings } from './oidc-settings.ts'

const start = 1_800_000_000_000
let nowMs = start
const now = () => nowMs
const open: Authenticator[] = []
afterEach(() => {
  nowMs = start
  for (const authenticator of open.splice(0)) authenticator.close()
})

const base: OidcSettings = {
  issuer: { url: issuerUrl, audiences: ['sallyport', 'sallyport-too'] },
  claimMappings: { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } },
  claimValidationRules: [],
  clockSkew: '30s',
  maxTokenLifetime: '1h',
}

function authenticatorOf(fetch: FetchDocument, ...oidc: readonly Partial<OidcSettings>[]): Authenticator {
  const all = (oidc.length === 0 ? [{}] : oidc).map(settingsOfIssuer => ({ ...base, ...settingsOfIssuer }))
  const authenticator = createAuthenticator({ oidc: all, caFor: () => undefined, fetch, now })
  open.push(authenticator)
  return authenticator
}

let es: TestKey
let rs: TestKey
let stranger: TestKey
beforeAll(async () => {
  ;[es, rs, stranger] = await Promise.all([testKey('ES256', 'es'), testKey('RS256', 'rs'), testKey('ES256', 'es')])
})

/** `allow` with the user name, or the code and the problem. */
async function verdict(authenticator: Authenticator, token: string): Promise<string> {
  const answer = await authenticator.authenticate(token)
  if ('identity' in answer) return `allow ${answer.identity.username}`
  // Whatever is wrong, no part of the token comes back.
  for (const part of token.split('.').filter(text => text.length > 8))
    expect(JSON.stringify(answer)).not.toContain(part)
  return `${answer.reason.code} ${answer.reason.about?.problem ?? ''}`.trim()
}

const encode = (value: unknown) => base64url.encode(typeof value === 'string' ? value : JSON.stringify(value))
const seconds = () => Math.floor(nowMs / 1000)
const goodClaims = () => ({ iss: issuerUrl, aud: 'sallyport', sub: 'alice', iat: seconds(), exp: seconds() + 600 })
const good = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  sign(es, { claims, header, nowMs })
const provider = () => testProvider(documentsOf([es, rs]))

describe('tokens that prove nothing', () => {
  const unsigned = async (header: unknown) => `${encode(header)}.${encode(goodClaims())}.`
  const cut = async (change: (parts: string[]) => string[]) => change((await good()).split('.')).join('.')

  const hostile: [string, () => Promise<string>, string][] = [
    ['nothing', async () => '', 'TokenMissing'],
    ['a password', async () => 'hunter2', 'TokenInvalid format'],
    ['three words', async () => 'a.b.c', 'TokenInvalid format'],
    ['a JSON array', async () => `${encode([])}.${encode([])}.x`, 'TokenInvalid format'],
    ['five parts (JWE)', async () => `${await good()}.x.y`, 'TokenInvalid format'],
    ['no issuer', () => good({ iss: undefined }), 'TokenInvalid format'],
    ['a list of issuers', () => good({ iss: [issuerUrl] }), 'TokenInvalid format'],
    [
      'header that is not UTF-8',
      async () => `${base64url.encode(Buffer.from('7b22ff', 'hex'))}.${encode(goodClaims())}.x`,
      'TokenInvalid format',
    ],
    ['alg none', () => unsigned({ alg: 'none' }), 'TokenInvalid algorithm'],
    ['alg None', () => unsigned({ alg: 'None' }), 'TokenInvalid algorithm'],
    ['no alg', () => unsigned({}), 'TokenInvalid algorithm'],
    ['alg as a list', () => unsigned({ alg: ['ES256'] }), 'TokenInvalid algorithm'],
    ['ES256 without a signature', () => unsigned({ alg: 'ES256', kid: 'es' }), 'TokenInvalid signature'],
    [
      'two algs, the last one counts for every reader',
      async () => {
        const parts = (await good()).split('.')
        return [encode('{"alg":"none","alg":"ES256","kid":"es"}'), parts[1], parts[2]].join('.')
      },
      'TokenInvalid signature',
    ],
    [
      'HS256 with a secret of its own',
      async () =>
        new SignJWT(goodClaims()).setProtectedHeader({ alg: 'HS256', kid: 'es' }).sign(await generateSecret('HS256')),
      'TokenInvalid algorithm',
    ],
    [
      'HS256 with the public key as secret',
      async () => {
        const { importJWK } = await import('jose')
        const key = await importJWK(rs.jwk, 'RS256', { extractable: true })
        if (key instanceof Uint8Array) throw new Error('an RSA key')
        const input = `${encode({ alg: 'HS256', kid: 'rs' })}.${encode(goodClaims())}`
        return `${input}.${createHmac('sha256', await exportSPKI(key))
          .update(input)
          .digest('base64url')}`
      },
      'TokenInvalid algorithm',
    ],
    ['a key of somebody else under a known kid', () => sign(stranger, { nowMs }), 'TokenInvalid signature'],
    ['a kid that nobody publishes', () => good({}, { kid: 'other' }), 'TokenInvalid key'],
    ['a kid that is no text', () => good({}, { kid: { $ne: '' } }), 'TokenInvalid format'],
    [
      'its own key in jwk',
      () => sign(stranger, { nowMs, header: { jwk: stranger.jwk, kid: 'mine' } }),
      'TokenInvalid key',
    ],
    [
      'its own key in jwk, known kid',
      () => sign(stranger, { nowMs, header: { jwk: stranger.jwk } }),
      'TokenInvalid signature',
    ],
    [
      'its own key behind jku',
      () => sign(stranger, { nowMs, header: { jku: 'https://evil.example/keys' } }),
      'TokenInvalid signature',
    ],
    [
      'its own key behind x5u',
      () => sign(stranger, { nowMs, header: { x5u: 'https://evil.example/c', x5c: ['AA=='] } }),
      'TokenInvalid signature',
    ],
    ['a kid with another algorithm of its key', () => good({}, { kid: 'rs' }), 'TokenInvalid key'],
    [
      'crit',
      () => good({}, { crit: ['exp'], exp: 1 }).catch(() => unsigned({ alg: 'ES256', crit: ['exp'] })),
      'TokenInvalid crit',
    ],
    ['empty crit', () => unsigned({ alg: 'ES256', kid: 'es', crit: [] }), 'TokenInvalid crit'],
    ['b64 false', () => unsigned({ alg: 'ES256', kid: 'es', b64: false, crit: ['b64'] }), 'TokenInvalid crit'],
    ['a logout token', () => good({}, { typ: 'logout+jwt' }), 'TokenInvalid type'],
    ['a DPoP proof', () => good({}, { typ: 'dpop+jwt' }), 'TokenInvalid type'],
    [
      'claims changed',
      () => cut(([head = '', , signature = '']) => [head, encode({ ...goodClaims(), sub: 'root' }), signature]),
      'TokenInvalid signature',
    ],
    [
      'signature cut',
      () => cut(([head = '', body = '', signature = '']) => [head, body, signature.slice(0, -4)]),
      'TokenInvalid signature',
    ],
    [
      'signature of zeros',
      () => cut(([head = '', body = '']) => [head, body, base64url.encode(Buffer.alloc(64))]),
      'TokenInvalid signature',
    ],
    ['whitespace around', async () => ` ${await good()}`, 'TokenInvalid format'],
    ['a newline at its end', async () => `${await good()}\n`, 'TokenInvalid format'],
    ['huge', async () => `${await good()}${'A'.repeat(settings.maxPasswordBytes)}`, 'TokenInvalid size'],
    ['another issuer', () => good({ iss: 'https://evil.example' }), 'TokenInvalid issuer'],
    ['the issuer with a slash', () => good({ iss: `${issuerUrl}/` }), 'TokenInvalid issuer'],
    ['the issuer in capitals', () => good({ iss: issuerUrl.toUpperCase() }), 'TokenInvalid issuer'],
    ['an issuer that objects inherit', () => good({ iss: '__proto__' }), 'TokenInvalid issuer'],
    ['another audience', () => good({ aud: 'payments' }), 'TokenInvalid audience'],
    ['part of an audience', () => good({ aud: 'sally' }), 'TokenInvalid audience'],
    ['no audience', () => good({ aud: undefined }), 'TokenInvalid audience'],
    ['an audience that is an object', () => good({ aud: { 0: 'sallyport' } }), 'TokenInvalid audience'],
    ['no exp', () => good({ exp: undefined }), 'TokenInvalid times'],
    ['no iat', () => good({ iat: undefined }), 'TokenInvalid times'],
    ['exp as text', () => good({ exp: String(seconds() + 60) }), 'TokenInvalid times'],
    ['exp without end', async () => await good({ exp: null }), 'TokenInvalid times'],
    ['nbf as text', () => good({ nbf: '1' }), 'TokenInvalid times'],
    ['expired', () => good({ iat: seconds() - 700, exp: seconds() - 100 }), 'TokenExpired expired'],
    ['expired just beyond the skew', () => good({ iat: seconds() - 700, exp: seconds() - 30 }), 'TokenExpired expired'],
    ['not valid yet', () => good({ nbf: seconds() + 31 }), 'TokenInvalid notYetValid'],
    ['issued in the future', () => good({ iat: seconds() + 60 }), 'TokenInvalid notYetValid'],
    ['too long-lived', () => good({ exp: seconds() + 3601 }), 'TokenInvalid lifetime'],
    [
      'too long-lived, seen late',
      () => good({ iat: seconds() - 86_400, exp: seconds() + 60 }),
      'TokenInvalid lifetime',
    ],
    ['expired before it was issued', () => good({ iat: seconds() + 20, exp: seconds() + 10 }), 'TokenInvalid lifetime'],
    ['bound to a key', () => good({ cnf: { jkt: 'x' } }), 'TokenInvalid bound'],
    ['no subject', () => good({ sub: undefined }), 'TokenInvalid subject'],
    ['an empty subject', () => good({ sub: '' }), 'TokenInvalid subject'],
    ['a subject that is a number', () => good({ sub: 7 }), 'TokenInvalid subject'],
    ['a subject with NUL', () => good({ sub: 'alice\0admin' }), 'TokenInvalid mapping'],
    ['a subject with a newline', () => good({ sub: 'alice\nroot' }), 'TokenInvalid mapping'],
    ['an endless subject', () => good({ sub: 'a'.repeat(5_000) }), 'TokenInvalid mapping'],
    ['groups as an object', () => good({ groups: { admins: true } }), 'TokenInvalid mapping'],
    ['groups with a number', () => good({ groups: ['a', 1] }), 'TokenInvalid mapping'],
    ['an empty group', () => good({ groups: [''] }), 'TokenInvalid mapping'],
    [
      'endless groups',
      () => good({ groups: Array.from({ length: settings.maxGroups + 1 }, (_, n) => `g${n}`) }),
      'TokenInvalid mapping',
    ],
  ]
  test.each(hostile)('%s', async (_name, token, expected) => {
    expect(await verdict(authenticatorOf(provider().fetch), await token())).toBe(expected)
  })

  test('a good token with any one character changed before its signature, or any text at all', async () => {
    const authenticator = authenticatorOf(provider().fetch)
    const token = await good()
    const changed = fc
      .tuple(fc.nat(token.lastIndexOf('.') - 1), fc.base64String({ minLength: 4, maxLength: 4 }))
      .map(([at, text]) => {
        const character =
          text
            .replace(/[+/=]/g, '_')
            .split('')
            .find(each => each !== token[at]) ?? '-'
        return token.slice(0, at) + character + token.slice(at + 1)
      })
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.string(), fc.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]*$/)), async text => {
        expect(text === token || 'reason' in (await authenticator.authenticate(text))).toBe(true)
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  test('no issuer in the settings: nobody', async () => {
    const authenticator = createAuthenticator({ oidc: [], caFor: () => undefined, fetch: provider().fetch, now })
    expect(await verdict(authenticator, await good())).toBe('TokenInvalid issuer')
    expect(authenticator.discovery()).toBeUndefined()
  })

  const broken: [string, Partial<OidcSettings>][] = [
    ['CEL that does not compile', { claimValidationRules: [{ expression: 'claims.' }] }],
    ['CEL over what is not there', { claimValidationRules: [{ expression: 'statement.kind == "x"' }] }],
    ['CEL of another type', { claimValidationRules: [{ expression: '"yes"' }] }],
    ['a duration that is none', { maxTokenLifetime: 'forever' }],
    ['no way to a user name', { claimMappings: { username: {} } }],
    ['a rule of nothing', { claimValidationRules: [{ claim: 'env' }] }],
    ['an issuer without TLS', { issuer: { url: 'http://idp.example.com', audiences: ['sallyport'] } }],
    ['no audience', { issuer: { url: issuerUrl, audiences: [] } }],
    [
      'an authority that is not there',
      { issuer: { ...base.issuer, certificateAuthority: { configMapKeyRef: { name: 'ca', key: 'ca.crt' } } } },
    ],
  ]
  test.each(broken)('settings with %s prove nobody, and say so', async (_name, settingsOfIssuer) => {
    const authenticator = authenticatorOf(provider().fetch, settingsOfIssuer)
    const iss = settingsOfIssuer.issuer?.url ?? issuerUrl
    expect(await verdict(authenticator, await good({ iss }))).toBe('TokenInvalid settings')
    expect(authenticator.status()[0]?.error).toBeTruthy()
  })

  test('the text says what to do', async () => {
    const authenticator = authenticatorOf(provider().fetch)
    const answer = await authenticator.authenticate(await good({ iat: seconds() - 600, exp: seconds() - 42 }))
    expect(answer).toMatchObject({
      reason: { text: 'token expired 42 s ago', hint: 'get a new token and connect again' },
    })
  })
})

describe('tokens that prove somebody', () => {
  const fine: [string, () => Promise<string>][] = [
    ['ES256', () => good()],
    ['RS256', () => sign(rs, { nowMs })],
    ['at+jwt', () => good({}, { typ: 'at+jwt' })],
    ['no kid, one key fits', () => good({}, { kid: undefined })],
    ['a jwk of its own beside the right signature', () => good({}, { jwk: stranger.jwk })],
    ['several audiences', () => good({ aud: ['other', 'sallyport-too'] })],
    ['expired within the skew', () => good({ iat: seconds() - 600, exp: seconds() - 29 })],
    ['not valid yet within the skew', () => good({ nbf: seconds() + 30, iat: seconds() + 30 })],
    ['the longest life', () => good({ exp: seconds() + 3600 })],
  ]
  test.each(fine)('%s', async (_name, token) => {
    expect(await verdict(authenticatorOf(provider().fetch), await token())).toBe('allow idp:alice')
  })

  test.each(['ES384', 'ES512', 'PS256', 'EdDSA', 'RS512'])('%s', async alg => {
    const key = await testKey(alg, 'k')
    expect(await verdict(authenticatorOf(testProvider(documentsOf([key])).fetch), await sign(key, { nowMs }))).toBe(
      'allow idp:alice',
    )
  })

  test('the identity', async () => {
    const authenticator = authenticatorOf(provider().fetch, {
      kubernetesUsername: { expression: "'oidc:' + claims.sub" },
    })
    const token = await good({
      groups: ['agents', 'agents', 'ops'],
      act: { sub: 'bob', act: { sub: 'eve' } },
      tenant: 'acme',
    })
    expect(await authenticator.authenticate(token)).toMatchObject({
      identity: {
        ...{ issuer: issuerUrl, subject: 'alice', username: 'idp:alice', groups: ['idp:agents', 'idp:ops'] },
        ...{ actor: 'bob', kubernetesUsername: 'oidc:alice', expiresAt: seconds() + 630 },
        claims: { tenant: 'acme' },
      },
    })
    expect(JSON.stringify(await authenticator.authenticate(token))).not.toContain(token)
  })

  const mappings: [string, Partial<OidcSettings>, Record<string, unknown>, string][] = [
    ['one group as text', {}, { groups: 'ops' }, 'allow idp:alice'],
    ['a claim that is absent', { claimMappings: { username: { claim: 'email' } } }, {}, 'TokenInvalid mapping'],
    [
      'a claim that objects inherit',
      { claimMappings: { username: { claim: 'constructor' } } },
      {},
      'TokenInvalid mapping',
    ],
    [
      'a list as user name',
      { claimMappings: { username: { claim: 'names' } } },
      { names: ['a', 'b'] },
      'TokenInvalid mapping',
    ],
    [
      'an e-mail address, verified',
      { claimMappings: { username: { claim: 'email' } } },
      { email: 'a@x', email_verified: true },
      'allow a@x',
    ],
    [
      'an e-mail address, unverified',
      { claimMappings: { username: { claim: 'email' } } },
      { email: 'a@x', email_verified: false },
      'TokenInvalid claim',
    ],
    [
      'an e-mail address, "true"',
      { claimMappings: { username: { claim: 'email' } } },
      { email: 'a@x', email_verified: 'true' },
      'TokenInvalid claim',
    ],
    [
      'an expression',
      { claimMappings: { username: { expression: "claims.org + '/' + claims.sub", prefix: 'p:' } } },
      { org: 'o' },
      'allow p:o/alice',
    ],
    [
      'an expression that fails',
      { claimMappings: { username: { expression: 'claims.org' } } },
      {},
      'TokenInvalid mapping',
    ],
    [
      'an expression for groups that fails',
      { claimMappings: { username: { claim: 'sub' }, groups: { expression: 'claims.realm.roles' } } },
      {},
      'TokenInvalid mapping',
    ],
    [
      'a kubernetesUsername that fails',
      { kubernetesUsername: { expression: 'claims.upn' } },
      {},
      'TokenInvalid mapping',
    ],
    [
      'a required value',
      { claimValidationRules: [{ claim: 'env', requiredValue: 'prod' }] },
      { env: 'prod' },
      'allow idp:alice',
    ],
    [
      'a required value that differs',
      { claimValidationRules: [{ claim: 'env', requiredValue: 'prod' }] },
      { env: 'dev' },
      'TokenInvalid claim',
    ],
    [
      'a required value that is absent',
      { claimValidationRules: [{ claim: 'env', requiredValue: 'prod' }] },
      {},
      'TokenInvalid claim',
    ],
    [
      'a required value within a list',
      { claimValidationRules: [{ claim: 'env', requiredValue: 'prod' }] },
      { env: ['prod'] },
      'TokenInvalid claim',
    ],
    [
      'a rule that holds',
      { claimValidationRules: [{ expression: "claims.amr.exists(m, m == 'mfa')" }] },
      { amr: ['pwd', 'mfa'] },
      'allow idp:alice',
    ],
    [
      'a rule that does not',
      { claimValidationRules: [{ expression: "claims.amr.exists(m, m == 'mfa')" }] },
      { amr: ['pwd'] },
      'TokenInvalid rule',
    ],
    [
      'a rule that fails',
      { claimValidationRules: [{ expression: "claims.amr.exists(m, m == 'mfa')" }] },
      {},
      'TokenInvalid rule',
    ],
    [
      'the second of two rules',
      { claimValidationRules: [{ expression: 'true' }, { expression: 'claims.sub == "bob"' }] },
      {},
      'TokenInvalid rule',
    ],
  ]
  test.each(mappings)('%s', async (_name, settingsOfIssuer, claims, expected) => {
    expect(await verdict(authenticatorOf(provider().fetch, settingsOfIssuer), await good(claims))).toBe(expected)
  })

  test('groups by expression', async () => {
    const groups = { expression: 'claims.realm.roles', prefix: 'kc:' }
    const authenticator = authenticatorOf(provider().fetch, { claimMappings: { username: { claim: 'sub' }, groups } })
    const answer = await authenticator.authenticate(await good({ realm: { roles: ['a', 'b'] } }))
    expect(answer).toMatchObject({ identity: { groups: ['kc:a', 'kc:b'] } })
  })

  test('each issuer has its own keys and rules', async () => {
    const other = 'https://other.example'
    const jwks = JSON.stringify({ keys: [stranger.jwk] })
    const second = {
      issuer: { url: other, audiences: ['sallyport'], jwks },
      claimMappings: { username: { claim: 'sub', prefix: 'o:' } },
    }
    const authenticator = authenticatorOf(provider().fetch, {}, second)
    expect(await verdict(authenticator, await good())).toBe('allow idp:alice')
    expect(await verdict(authenticator, await sign(stranger, { nowMs, claims: { iss: other } }))).toBe('allow o:alice')
    expect(await verdict(authenticator, await sign(stranger, { nowMs }))).toBe('TokenInvalid signature')
    expect(await verdict(authenticator, await good({ iss: other }))).toBe('TokenInvalid signature')
  })
})

describe('keys', () => {
  const documents: [string, Record<string, string>, string][] = [
    ['no answer', {}, 'TokenInvalid keys'],
    [
      'a discovery document that is not JSON',
      { [`${issuerUrl}/.well-known/openid-configuration`]: '<html>' },
      'TokenInvalid keys',
    ],
    [
      'about another issuer',
      {
        [`${issuerUrl}/.well-known/openid-configuration`]: JSON.stringify({
          issuer: 'https://evil',
          jwks_uri: jwksUrl,
        }),
      },
      'TokenInvalid keys',
    ],
    [
      'keys without TLS',
      {
        [`${issuerUrl}/.well-known/openid-configuration`]: JSON.stringify({
          issuer: issuerUrl,
          jwks_uri: 'http://idp.example.com/keys',
        }),
      },
      'TokenInvalid keys',
    ],
    ['a key set without keys', { [jwksUrl]: '{}' }, 'TokenInvalid keys'],
    ['an empty key set', { [jwksUrl]: '{"keys":[]}' }, 'TokenInvalid keys'],
    [
      'symmetric keys alone',
      { [jwksUrl]: JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'es' }] }) },
      'TokenInvalid keys',
    ],
    [
      'keys for encryption alone',
      { [jwksUrl]: JSON.stringify({ keys: [{ kty: 'EC', use: 'enc', crv: 'P-256', x: 'a', y: 'b' }] }) },
      'TokenInvalid keys',
    ],
    [
      'a key that is malformed',
      { [jwksUrl]: JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: 'es' }] }) },
      'TokenInvalid signature',
    ],
    [
      'too many keys',
      { [jwksUrl]: JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'RSA' })) }) },
      'TokenInvalid keys',
    ],
  ]
  test.each(documents)('%s', async (_name, changed, expected) => {
    const whole = Object.keys(changed).length === 0 ? {} : { ...documentsOf([es]), ...changed }
    const authenticator = authenticatorOf(testProvider(whole).fetch)
    expect(await verdict(authenticator, await good())).toBe(expected)
    if (expected === 'TokenInvalid keys')
      expect(authenticator.status()[0]).toMatchObject({ keys: 0, error: expect.any(String) })
  })

  test('jwksURL and jwks override discovery', async () => {
    const elsewhere = 'https://keys.example/jwks'
    const byUrl = testProvider({ [elsewhere]: JSON.stringify({ keys: [es.jwk] }) })
    const overridden = authenticatorOf(byUrl.fetch, { issuer: { ...base.issuer, jwksURL: elsewhere } })
    expect(await verdict(overridden, await good())).toBe('allow idp:alice')
    expect(byUrl.asked).toEqual([elsewhere])
    const inline = testProvider({})
    const fixed = authenticatorOf(inline.fetch, {
      issuer: { ...base.issuer, jwks: JSON.stringify({ keys: [es.jwk] }) },
    })
    expect(await verdict(fixed, await good())).toBe('allow idp:alice')
    expect(await verdict(fixed, await good({}, { kid: 'new' }))).toBe('TokenInvalid key')
    expect(inline.asked).toEqual([])
    const bad = authenticatorOf(inline.fetch, { issuer: { ...base.issuer, jwks: 'no' } })
    expect(await verdict(bad, await good())).toBe('TokenInvalid keys')
  })

  test('rotation: a new key is fetched when a token names it, an old one leaves', async () => {
    const documents = provider()
    const authenticator = authenticatorOf(documents.fetch)
    const old = await good()
    expect(await verdict(authenticator, old)).toBe('allow idp:alice')
    const next = await testKey('ES256', 'next')
    documents.documents = documentsOf([next])
    nowMs += settings.issuerCooldownMs
    expect(await verdict(authenticator, await sign(next, { nowMs }))).toBe('allow idp:alice')
    expect(await verdict(authenticator, old)).toBe('TokenInvalid key')
  })

  test('unknown kids cannot make us ask more often than the cooldown', async () => {
    const documents = provider()
    const authenticator = authenticatorOf(documents.fetch)
    await authenticator.authenticate(await good())
    const before = documents.asked.length
    for (let n = 0; n < 50; n++) {
      nowMs += 100
      expect(await verdict(authenticator, await good({}, { kid: `k${n}` }))).toBe('TokenInvalid key')
    }
    expect(documents.asked.length).toBe(before)
    nowMs += settings.issuerCooldownMs
    const many = Array.from({ length: 20 }, async (_, n) => verdict(authenticator, await good({}, { kid: `m${n}` })))
    await Promise.all(many)
    expect(documents.asked.length).toBe(before + 2)
  })

  test('a provider that is down, or that answers nonsense, keeps its known keys', async () => {
    const documents = provider()
    const authenticator = authenticatorOf(documents.fetch)
    expect(await verdict(authenticator, await good())).toBe('allow idp:alice')
    for (const answer of [{}, { ...documentsOf([es]), [jwksUrl]: '{"keys":[]}' }]) {
      documents.documents = answer
      nowMs += settings.issuerCooldownMs
      expect(await verdict(authenticator, await good({}, { kid: 'new' }))).toBe('TokenInvalid key')
      expect(authenticator.status()[0]).toMatchObject({ keys: 2, error: expect.any(String), fetchedAt: start })
      expect(await verdict(authenticator, await good({ jti: String(nowMs) }))).toBe('allow idp:alice')
    }
  })

  test('a reload while the provider is down takes over what its predecessor knew, from the same source only', async () => {
    const documents = provider()
    const previous = authenticatorOf(documents.fetch)
    expect(await verdict(previous, await good())).toBe('allow idp:alice')
    const next = (issuer: Partial<OidcSettings['issuer']>) => {
      const oidc = [{ ...base, issuer: { ...base.issuer, ...issuer } }]
      const made = createAuthenticator({ oidc, caFor: () => undefined, fetch: testProvider({}).fetch, previous, now })
      open.push(made)
      return made
    }
    expect(await verdict(next({ audiences: ['sallyport'] }), await good())).toBe('allow idp:alice')
    expect(await verdict(next({ jwksURL: 'https://elsewhere.example' }), await good())).toBe('TokenInvalid keys')
  })

  test('a provider that comes back is asked again', async () => {
    const documents = testProvider({})
    const authenticator = authenticatorOf(documents.fetch)
    expect(await verdict(authenticator, await good())).toBe('TokenInvalid keys')
    documents.documents = documentsOf([es])
    expect(await verdict(authenticator, await good())).toBe('TokenInvalid keys')
    nowMs += settings.issuerCooldownMs
    expect(await verdict(authenticator, await good())).toBe('allow idp:alice')
  })

  test('several keys and no kid: which one is not guessed', async () => {
    const twin = await testKey('ES256', 'twin')
    const authenticator = authenticatorOf(testProvider(documentsOf([es, twin])).fetch)
    expect(await verdict(authenticator, await good({}, { kid: undefined }))).toBe('TokenInvalid key')
  })
})

describe('a token seen before', () => {
  test('expires like any other', async () => {
    const authenticator = authenticatorOf(provider().fetch)
    const token = await good()
    expect(await verdict(authenticator, token)).toBe('allow idp:alice')
    nowMs += 629_000
    expect(await verdict(authenticator, token)).toBe('allow idp:alice')
    nowMs += 1_000
    expect(await verdict(authenticator, token)).toBe('TokenExpired expired')
  })

  test('is checked again when the keys changed', async () => {
    const documents = provider()
    const authenticator = authenticatorOf(documents.fetch)
    const token = await good()
    expect(await verdict(authenticator, token)).toBe('allow idp:alice')
    documents.documents = documentsOf([stranger])
    nowMs += settings.issuerCooldownMs
    await authenticator.authenticate(await good({}, { kid: 'unknown' }))
    expect(await verdict(authenticator, token)).toBe('TokenInvalid signature')
  })

  test('is not found by its beginning', async () => {
    const authenticator = authenticatorOf(provider().fetch)
    const token = await good()
    await authenticator.authenticate(token)
    expect(await verdict(authenticator, token.slice(0, -1))).toBe('TokenInvalid signature')
  })
})

test('discovery is the first issuer', () => {
  const authenticator = authenticatorOf(provider().fetch)
  expect(authenticator.discovery()).toEqual({
    openidConfiguration: `${issuerUrl}/.well-known/openid-configuration`,
    scope: 'openid',
  })
})

/** The demo's provider and the gateway's authenticator, over real HTTP. */
import { createAuthenticator } from '@sallyport/proxy/auth/authenticator.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { token } from '../token.ts'
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts'
import { demoUsers } from './users.ts'

let provider: IdentityProvider
beforeAll(async () => {
  provider = await startIdentityProvider({ port: 0, users: demoUsers })
})
afterAll(() => provider.close())

function authenticator(jwks?: string, now = Date.now, url = provider.issuer) {
  const issuer = { url, audiences: ['sallyport'], ...(jwks === undefined ? {} : { jwks }) }
  const claimMappings = { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } }
  const oidc = [{ issuer, claimMappings, claimValidationRules: [], clockSkew: '30s', maxTokenLifetime: '1h' }]
  return createAuthenticator({ oidc, caFor: () => undefined, now })
}

test('an unknown user gets no token, and is told so', async () => {
  const said: string[] = []
  const code = await token(
    { issuer: provider.issuer, user: 'nobody' },
    () => undefined,
    text => said.push(text),
  )
  expect([code, said]).toEqual([1, [`${provider.issuer} knows no user "nobody"`]])
})

test('a provider that is not there', async () => {
  const said: string[] = []
  expect(
    await token(
      { issuer: 'http://127.0.0.1:1', user: 'alice' },
      () => undefined,
      text => said.push(text),
    ),
  ).toBe(1)
  expect(said[0]).toContain('make demo')
})

test.each([
  ['expired', { exp: 1_000, iat: 900 }, 'TokenExpired'],
  ['for another audience', { aud: 'payments' }, 'TokenInvalid'],
  ['of another issuer', { iss: 'https://idp.example.com' }, 'TokenInvalid'],
])('a token %s is refused', async (_name, overrides, code) => {
  const gate = authenticator()
  expect(await gate.authenticate(await provider.tokenFor('alice', overrides))).toMatchObject({ reason: { code } })
  gate.close()
})

test.each(demoUsers)('$name is who they are', async ({ name, groups, tenant, env, actor }) => {
  for (const gate of [authenticator(), authenticator(provider.jwks)]) {
    for (const each of [await provider.tokenFor(name), await provider.tokenFor(name, {})]) {
      const answer = await gate.authenticate(each)
      expect(answer).toMatchObject({
        identity: {
          subject: name,
          username: `idp:${name}`,
          groups: groups.map(group => `idp:${group}`),
          claims: { tenant, env },
        },
      })
      expect('identity' in answer && answer.identity.actor).toBe(actor)
    }
    gate.close()
  }
})

test('the device flow, as a person with a browser does it', async () => {
  const known = Object(await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json())
  const client = { client_id: 'sallyport', scope: 'openid' }
  const begun = Object(
    await (
      await fetch(known.device_authorization_endpoint, { method: 'POST', body: new URLSearchParams(client) })
    ).json(),
  )
  const browser = browserOf()
  const entered = await browser(begun.verification_uri)
  const confirmation = await browser(begun.verification_uri, {
    xsrf: hidden(entered, 'xsrf'),
    user_code: begun.user_code,
  })
  const form = { xsrf: hidden(confirmation, 'xsrf'), user_code: begun.user_code, confirm: 'yes' }
  const who = await browser(begun.verification_uri, form)
  expect(who).toContain('Who are you?')
  const choice = /action="([^"]*\/alice)"/.exec(who)?.[1] ?? ''
  expect(await browser(new URL(choice, provider.issuer).href, {})).toContain('Signed in')
  const grant = {
    ...client,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: begun.device_code,
  }
  const answer = Object(
    await (await fetch(known.token_endpoint, { method: 'POST', body: new URLSearchParams(grant) })).json(),
  )
  const gate = authenticator()
  expect(await gate.authenticate(answer.access_token)).toMatchObject({
    identity: { username: 'idp:alice', claims: { tenant: 'acme' } },
  })
  gate.close()
})

test('a provider that stops keeps its keys known, and one that comes back with another key is believed', async () => {
  let laterMs = 0
  const now = () => Date.now() + laterMs
  const first = await startIdentityProvider({ port: 0, users: demoUsers })
  const gate = authenticator(undefined, now, first.issuer)
  const [one, two] = [await first.tokenFor('alice'), await first.tokenFor('ci')]
  expect(await gate.authenticate(one)).toHaveProperty('identity')
  await first.close()
  expect(await gate.authenticate(two)).toHaveProperty('identity')
  const late = authenticator(undefined, now, first.issuer)
  expect(await late.authenticate(two)).toMatchObject({ reason: { about: { problem: 'keys' } } })
  late.close()
  const second = await startIdentityProvider({ port: Number(new URL(first.issuer).port), users: demoUsers })
  laterMs = 11_000
  expect(await gate.authenticate(await second.tokenFor('alice'))).toHaveProperty('identity')
  expect(await gate.authenticate(one)).toMatchObject({ reason: { about: { problem: 'key' } } })
  gate.close()
  await second.close()
})

function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}

/** Follows redirects and keeps cookies; with fields it posts a form. */
function browserOf(): (url: string, fields?: Record<string, string>) => Promise<string> {
  const cookies = new Map<string, string>()
  const visit = async (url: string, fields?: Record<string, string>): Promise<string> => {
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ')
    const form = fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual', ...form })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    return location === null ? response.text() : visit(new URL(location, url).href)
  }
  return visit
}

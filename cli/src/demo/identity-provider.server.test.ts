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

function authenticator(jwks?: string) {
  const issuer = { url: provider.issuer, audiences: ['sallyport'], ...(jwks === undefined ? {} : { jwks }) }
  const claimMappings = { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } }
  const oidc = [{ issuer, claimMappings, claimValidationRules: [], clockSkew: '30s', maxTokenLifetime: '1h' }]
  return createAuthenticator({ oidc, caFor: () => undefined, now: Date.now })
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

test('the provider says where the device flow begins', async () => {
  const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  const endpoint = String(Object(await response.json()).device_authorization_endpoint)
  const begun = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'sallyport', scope: 'openid' }),
  })
  expect(await begun.json()).toMatchObject({ user_code: expect.any(String), verification_uri: expect.any(String) })
})

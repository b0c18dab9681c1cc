/**
 * The demo's identity provider: a real OpenID Connect provider on this machine, with discovery, keys, client credentials
 * for each demo user (their name is their client id) and the device flow. Its access tokens are JWTs for the gateway.
 */
import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import http from 'node:http'
import Provider, { type ProviderToken } from 'oidc-provider'
import { clientCredentials } from '../token.ts'
import { agreed, deviceFlow, resourceIndicator, signIn, signInPath } from './sign-in.ts'
import { memoryStorage } from './storage.ts'
import type { DemoUser } from './users.ts'

export interface IdentityProviderOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly users: readonly DemoUser[]
  readonly audience?: string
  readonly tokenLifetimeSeconds?: number
}

export interface IdentityProvider {
  readonly issuer: string
  /** The public key set, as JSON. */
  readonly jwks: string
  /** A token of the provider; with overrides one that it would not give (expired, for another audience …), by its own key. */
  tokenFor(user: string, overrides?: Readonly<Record<string, unknown>>): Promise<string>
  close(): Promise<void>
}

export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = http.createServer()
  const issuer = `http://127.0.0.1:${await listen(server, options.port)}`
  // A restart brings a new key, so it brings a new id: gateways that know the old one ask again.
  const keyId = randomUUID()
  const jwk = { kid: keyId, alg: 'ES256', use: 'sig' }
  const provider = new Provider(issuer, configurationOf(options, { ...privateKey.export({ format: 'jwk' }), ...jwk }))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith(signInPath)) void signIn(provider, options.users, request, response)
    else answer(request, response)
  })
  return {
    issuer,
    jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...jwk }] }),
    tokenFor: (name, overrides) =>
      overrides === undefined
        ? clientCredentials({ issuer, user: name })
        : Promise.resolve(sign(privateKey, keyId, { ...claimsOf(name, issuer, options), ...overrides })),
    close: () => closed(server),
  }
}

function configurationOf(options: IdentityProviderOptions, jwk: Readonly<Record<string, unknown>>) {
  const resource = {
    scope: 'openid',
    audience: options.audience ?? 'sallyport',
    accessTokenTTL: options.tokenLifetimeSeconds ?? 600,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  }
  return {
    clients: [...options.users.map(({ name }) => clientOf(name)), deviceClient],
    adapter: memoryStorage(),
    ttl: lifetimes(resource.accessTokenTTL),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `${signInPath}${uid}` },
    loadExistingGrant: agreed,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [jwk] },
    cookies: { keys: [randomUUID()] },
    scopes: ['openid'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    findAccount: (_context: unknown, id: string) => account(id, options.users),
    extraTokenClaims: (_context: unknown, token: ProviderToken) =>
      extraClaims(token.accountId ?? token.clientId, options.users),
    features: {
      clientCredentials: { enabled: true },
      deviceFlow,
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceIndicator,
        useGrantedResource: () => true,
        getResourceServerInfo: () => resource,
      },
    },
  }
}

/** Seconds. Tokens as asked; the rest lasts as long as a person takes to sign in. */
function lifetimes(token: number) {
  const signIn = { DeviceCode: 600, Interaction: 600, Session: 600, Grant: 600, IdToken: token }
  return { ClientCredentials: token, AccessToken: token, ...signIn }
}

/** A demo on loopback: the secret of a user is no secret. */
function clientOf(name: string) {
  return {
    client_id: name,
    client_secret: `${name}-of-the-demo`,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  }
}

const deviceClient = {
  client_id: 'sallyport',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  redirect_uris: [],
  response_types: [],
}

function account(id: string, users: readonly DemoUser[]) {
  const known = users.some(({ name }) => name === id)
  return known ? { accountId: id, claims: () => ({ sub: id }) } : undefined
}

function extraClaims(name: string | undefined, users: readonly DemoUser[]): Readonly<Record<string, unknown>> {
  const user = users.find(each => each.name === name)
  if (user === undefined) return {}
  const { groups, tenant, env, actor } = user
  return { groups, tenant, env, ...(actor === undefined ? {} : { act: { sub: actor } }) }
}

/** What the provider itself would say, so that an override changes one thing only. */
function claimsOf(
  name: string,
  issuer: string,
  { users, audience = 'sallyport', tokenLifetimeSeconds = 600 }: IdentityProviderOptions,
) {
  const iat = Math.floor(Date.now() / 1000)
  const registered = { iss: issuer, aud: audience, sub: name, iat, exp: iat + tokenLifetimeSeconds, jti: randomUUID() }
  return { ...registered, ...extraClaims(name, users) }
}

function sign(key: KeyObject, kid: string, claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode({ alg: 'ES256', kid, typ: 'at+jwt' })}.${encode(claims)}`
  return `${input}.${createSign('sha256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function closed(server: http.Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distance } from './nearest.ts'
import { formatPath, isFields, type Segments } from './paths.ts'
import { fullGateway, fullPolicy, fullRequest, gateway, policy } from './test-manifests.ts'
import { validateManifest } from './validate.ts'

type Change = (manifest: Readonly<Record<string, unknown>>) => unknown

function problems(value: unknown): readonly string[] {
  return (validateManifest(value).problems ?? []).map(each => `${each.path}: ${each.message}`)
}

/** The manifest with another value at the path; undefined removes it. */
function put(manifest: unknown, path: Segments, value: unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(manifest)) return manifest.map((each, at) => (at === head ? put(each, rest, value) : each))
  const fields = isFields(manifest) ? manifest : {}
  return { ...fields, [head]: put(fields[head], rest, value) }
}

const set =
  (path: Segments, value: unknown): Change =>
  manifest =>
    put(manifest, path, value)

const rule = ['spec', 'rules', 0] as const
const oidc = ['spec', 'authentication', 'oidc', 0] as const

test.each<[string, Change, string]>([
  ['misspelt rule field', set([...rule, 'tabels'], []), 'spec.rules[0].tabels: unknown field; did you mean tables?'],
  [
    'misspelt namespace',
    set(['metadata', 'namespce'], 'x'),
    'metadata.namespce: unknown field; did you mean namespace?',
  ],
  ['misspelt spec', set(['spek'], {}), 'spek: unknown field; did you mean spec?'],
  ['unknown and like nothing', set(['spec', 'zzz'], 1), 'spec.zzz: unknown field'],
  ['no subjects', set(['spec', 'subjects'], []), 'spec.subjects: must have at least 1 item'],
  ['no name', set(['metadata'], {}), 'metadata.name: is missing'],
  [
    'wrong case of an action',
    set([...rule, 'action'], 'allow'),
    'spec.rules[0].action: must be one of Allow, Deny, RequireApproval; did you mean Allow?',
  ],
  ['a word for a list', set(['spec', 'databases'], 'orders'), 'spec.databases: must be a list'],
  [
    'Allow without tables',
    set([...rule], { name: 'r', action: 'Allow', statements: ['Read'] }),
    'spec.rules[0]: an Allow rule must state both statements and tables ("*" and "*.*" mean all)',
  ],
  [
    'a service account without namespace',
    set(['spec', 'subjects', 0], { kind: 'ServiceAccount', name: 'x' }),
    'spec.subjects[0]: a ServiceAccount needs its namespace; a User or Group has none',
  ],
  [
    'no unit',
    set(['spec', 'limits'], { statementTimeout: '30' }),
    'spec.limits.statementTimeout: must be a duration such as 500ms, 30s, 5m or 1h30m',
  ],
  [
    'no time',
    set(['spec', 'limits'], { statementTimeout: '0s' }),
    'spec.limits.statementTimeout: must be a duration such as 500ms, 30s, 5m or 1h30m',
  ],
  [
    'longer than a timer',
    set(['spec', 'limits'], { statementTimeout: '600h' }),
    'spec.limits.statementTimeout: must be at most 336h',
  ],
  ['negative bytes', set(['spec', 'limits'], { maxResultBytes: -1 }), 'spec.limits.maxResultBytes: must be at least 1'],
  [
    'wrong unit of bytes',
    set(['spec', 'limits'], { maxResultBytes: '16MB' }),
    'spec.limits.maxResultBytes: must be a number of bytes such as 65536, 64Ki, 8Mi or 1Gi',
  ],
  [
    'two rules of one name',
    set(
      ['spec', 'rules'],
      [
        { name: 'r', action: 'Deny' },
        { name: 'r', action: 'Deny' },
      ],
    ),
    'spec.rules[1].name: is the name of item 0 already; give each its own',
  ],
  [
    'two masks in one',
    set(['spec', 'masks'], [{ columns: ['a.b.c'], with: { redact: {}, hash: {} } }]),
    'spec.masks[0].with: give exactly one mask',
  ],
  [
    'misspelt detector',
    set(['spec', 'masks'], [{ detect: ['Emial'], with: { redact: {} } }]),
    'spec.masks[0].detect[0]: must be one of CreditCard, Email, USSocialSecurityNumber, IBAN, Phone, IPAddress, JWT, PrivateKey, CloudAccessKey; did you mean Email?',
  ],
  [
    'misspelt field of a detector',
    set(['spec', 'masks'], [{ detect: [{ name: 'B', patern: 'x' }], with: { redact: {} } }]),
    'spec.masks[0].detect[0].patern: unknown field; did you mean pattern?',
  ],
  ['old version', set(['apiVersion'], 'sallyport.dev/v1'), 'apiVersion: must be sallyport.dev/v1alpha1'],
  [
    'misspelt kind',
    set(['kind'], 'AcessPolicy'),
    'kind: must be one of DatabaseGateway, AccessPolicy, ApprovalRequest; did you mean AccessPolicy?',
  ],
  [
    'a __proto__ of its own',
    () => JSON.parse(`{"__proto__":{},${JSON.stringify(policy).slice(1)}`),
    '__proto__: unknown field',
  ],
  [
    'role missing for Allow',
    ({ spec, ...rest }) => ({ ...rest, spec: withoutRole(spec) }),
    'spec: role is missing: Allow rules and functions hold for one PostgreSQL role, so name it',
  ],
])('refused policy: %s', (_, change, message) => {
  expect(problems(change(policy))).toContain(message)
})

test.each<[string, Change, string]>([
  [
    'an upstream in the clear with certificates',
    set(['spec', 'upstream', 'tls'], { mode: 'Disable', clientCertificate: { secretName: 'x' } }),
    'spec.upstream.tls: certificates are not used with mode Disable: remove them, or choose Require, VerifyCA or VerifyFull',
  ],
  [
    'no authentication',
    set(['spec', 'authentication'], {}),
    'spec.authentication: name at least one way to prove an identity: oidc or kubernetes',
  ],
  [
    'an issuer in the clear',
    set([...oidc, 'issuer', 'url'], 'http://idp.example.com'),
    'spec.authentication.oidc[0].issuer.url: must match ',
  ],
  [
    'claim and expression',
    set([...oidc, 'claimMappings'], { username: { claim: 'a', expression: 'b' } }),
    'spec.authentication.oidc[0].claimMappings.username: give exactly one of claim and expression',
  ],
  [
    'one port twice',
    set(['spec', 'listener'], { port: 1, oauthPort: 1 }),
    'spec.listener: oauthPort must differ from port',
  ],
  [
    'a method twice',
    set(['spec', 'listener'], { methods: ['Password', 'Password'] }),
    'spec.listener.methods: must not say the same thing twice',
  ],
  ['a long name', set(['metadata', 'name'], 'x'.repeat(49)), 'metadata.name: must have at most 48 characters'],
])('refused gateway: %s', (_, change, message) => {
  expect(problems(change(gateway)).some(each => each.startsWith(message))).toBe(true)
})

test.each([null, undefined, 3, 'x', [], [policy], new Date()])('no manifest: %j', value => {
  expect(problems(value)).not.toEqual([])
})

test.each([gateway, policy, fullGateway, fullPolicy, fullRequest])('accepted: $kind', manifest => {
  expect(problems(manifest)).toEqual([])
})

test('defaults are filled in, and the input is left alone', () => {
  const before = structuredClone(gateway)
  const { ok } = validateManifest(gateway)
  expect(gateway).toEqual(before)
  expect(ok).toMatchObject({
    spec: {
      upstream: { port: 5432, tls: { mode: 'VerifyFull' } },
      listener: { port: 5432, methods: ['Password', 'OAuthBearer'], tls: { mode: 'Required' } },
      limits: { maxSessions: 500, idleTimeout: '10m', maxMessageBytes: '8Mi' },
      paused: false,
    },
  })
  expect(validateManifest(ok).ok).toEqual(ok)
})

test('any misspelling of any known field is reported at its path', () => {
  const manifests = [fullGateway, fullPolicy, fullRequest]
  const fields = manifests.flatMap(manifest => [...fieldsOf(manifest)].map(path => ({ manifest, path })))
  fc.assert(
    fc.property(
      fc.constantFrom(...fields),
      fc.nat(),
      fc.constantFrom('drop', 'double', 'swap', 'case'),
      ({ manifest, path }, at, how) => {
        const name = String(path.at(-1))
        const wrong = misspell(name, at % name.length, how)
        fc.pre(wrong !== name && wrong !== '' && distance(wrong, name) <= 2)
        const parent = path.slice(0, -1)
        const changed = put(manifest, parent, rename(parent.reduce<unknown>(inside, manifest), name, wrong))
        if (parent.length > 0)
          expect(problems(changed).join('\n')).toContain(`${formatPath([...parent, wrong])}: unknown field`)
        expect(problems(changed)).not.toEqual([])
      },
    ),
    { numRuns: 500, seed: 4711 },
  )
})

/** Paths of named fields, free-form maps left out. */
function* fieldsOf(value: unknown, at: Segments = []): Generator<Segments> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* fieldsOf(each, [...at, index])
  else if (isFields(value)) {
    for (const [key, each] of Object.entries(value)) {
      const free = ['spec.proxy.resources.requests', 'spec.proxy.resources.limits', 'status.decisions'].includes(
        at.join('.'),
      )
      if (!free && !at.includes('podTemplate')) yield [...at, key]
      yield* fieldsOf(each, [...at, key])
    }
  }
}

function withoutRole(spec: unknown): unknown {
  return Object.fromEntries(Object.entries(isFields(spec) ? spec : {}).filter(([key]) => key !== 'role'))
}

function misspell(name: string, at: number, how: string): string {
  if (how === 'drop') return name.slice(0, at) + name.slice(at + 1)
  if (how === 'double') return name.slice(0, at) + name.charAt(at) + name.slice(at)
  if (how === 'case') return name.slice(0, at) + name.charAt(at).toUpperCase() + name.slice(at + 1)
  return name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2)
}

function rename(value: unknown, from: string, to: string): unknown {
  const entries = Object.entries(isFields(value) ? value : {})
  return Object.fromEntries(entries.map(([key, each]) => [key === from ? to : key, each]))
}

function inside(value: unknown, segment: string | number): unknown {
  return isFields(value) ? value[String(segment)] : undefined
}

/** DatabaseGateway.spec.authentication: who may come to the first door. Names follow Kubernetes' AuthenticationConfiguration. */
import { duration, durationPatternOrZero, list, object, type Schema, text } from './build.ts'
import { cel, certificateAuthority, url } from './common.ts'
import { rules } from './rules.ts'

const audiences = list('Accepted audiences: a token must carry at least one.', text('An audience.', 256), 16, {
  minItems: 1,
})

const issuer = object(
  'Issuer',
  'Who issues the tokens.',
  {
    url: url('The issuer: equal to the `iss` of its tokens. HTTPS, or HTTP to this machine.'),
    audiences,
    certificateAuthority: certificateAuthority("the issuer's certificate"),
    jwksURL: url('Where its keys are, instead of what discovery says.'),
    jwks: text('Its keys themselves, a JSON Web Key Set as text, instead of asking for them.', 65536),
  },
  { required: ['url', 'audiences'] },
)

function mapping(name: string, description: string, what: string, more: Partial<Schema> = {}): Schema {
  return object(
    name,
    description,
    {
      claim: text(`The claim that holds the ${what}.`, 256),
      prefix: {
        type: 'string',
        description: 'Put before what the claim says, so that issuers cannot speak for each other. None by default.',
        maxLength: 128,
      },
      expression: cel(`CEL over \`claims\` that yields the ${what}, instead of a claim.`),
    },
    { rules: [rules.claimOrExpression, rules.prefixOnlyForClaim], ...more },
  )
}

const claimMappings = object(
  'ClaimMappings',
  'What a token says about who it is.',
  {
    username: mapping('UsernameMapping', 'The user name.', 'user name', { default: { claim: 'sub' } }),
    groups: mapping('GroupsMapping', 'The groups; a list of strings or one string. Without it, no groups.', 'groups'),
  },
  { default: {} },
)

const claimValidationRule = object(
  'ClaimValidationRule',
  'What must be true of a token.',
  {
    claim: text('A claim that must be there.', 256),
    requiredValue: { type: 'string', description: 'The value that the claim must have.', maxLength: 1024 },
    expression: cel('CEL over `claims` that must be true, instead of claim and requiredValue.'),
    message: text('Said in the refusal when it is not true.', 512),
  },
  { rules: [rules.claimWithValueOrExpression] },
)

const oidc = object(
  'OidcAuthenticator',
  'One OpenID Connect issuer.',
  {
    issuer,
    claimMappings,
    claimValidationRules: list('Rules that each token must pass.', claimValidationRule, 32, { default: [] }),
    clockSkew: duration('How far the clocks of issuer and gateway may be apart.', {
      pattern: durationPatternOrZero,
      default: '30s',
    }),
    kubernetesUsername: object(
      'KubernetesUsername',
      'Who this is to the API server. Needed where approvals are used, so that nobody approves their own.',
      { expression: cel('CEL over `claims` that yields the Kubernetes user name.') },
      { required: ['expression'] },
    ),
    maxTokenLifetime: duration('A token that lives longer than this (exp − iat) is refused.', { default: '1h' }),
  },
  { required: ['issuer'] },
)

const kubernetes = object(
  'KubernetesAuthenticator',
  "Projected service account tokens of this cluster, checked offline against the API server's issuer keys.",
  { audiences: { ...audiences, default: ['sallyport'] } },
)

export const authentication = object(
  'Authentication',
  'How an agent proves who it is.',
  {
    oidc: list('OpenID Connect issuers. Each needs a `url` of its own.', oidc, 16, {
      minItems: 1,
      'x-kubernetes-validations': [rules.oneUrlEach],
    }),
    kubernetes,
  },
  { rules: [rules.someAuthentication] },
)

export const handOn = object(
  'HandOn',
  'What the database may know about the agent, for row-level security (`request.jwt.claims`).',
  { claims: list('Claims to hand on.', text('Name of a claim.', 256), 64, { default: [] }) },
  { default: {} },
)

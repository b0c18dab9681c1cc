/**
 * What a schema can't say: each rule once in CEL, for the API server, and once in TypeScript, for files. They stand
 * side by side, and a test runs both over the same samples.
 */
import { durationMs } from '../units.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Rule {
  readonly rule: string
  readonly message: string
  /** The same in TypeScript; absent only for rules about a change (`oldSelf`), which mean nothing in a file. */
  readonly holds?: (self: unknown) => boolean
  /** For fields that CEL can't see (lists of two types): exactly one of these is there, said by the schema itself. */
  readonly exactlyOneOf?: readonly string[]
}

function rule(text: string, message: string, holds: (self: Fields) => boolean): Rule {
  return { rule: text, message, holds: self => holds(fields(self)) }
}

export const rules = {
  immutable: {
    rule: 'self == oldSelf',
    message: 'an approval request is never changed: make a new one',
  } satisfies Rule,

  atMostTwoWeeks: {
    rule: "duration(self) <= duration('336h')",
    message: 'must be at most 336h',
    holds: self => typeof self !== 'string' || durationMs(self) <= durationMs('336h'),
  } satisfies Rule,

  someAuthentication: rule(
    'has(self.oidc) || has(self.kubernetes)',
    'name at least one way to prove an identity: oidc or kubernetes',
    self => 'oidc' in self || 'kubernetes' in self,
  ),
  oneUrlEach: rule(
    'self.all(i, self.exists_one(j, j.issuer.url == i.issuer.url))',
    'two issuers have the same url: each needs its own',
    self => {
      const urls = items(self).map(each => fields(each.issuer).url)
      return new Set(urls).size === urls.length
    },
  ),
  claimOrExpression: rule(
    'has(self.claim) != has(self.expression)',
    'give exactly one of claim and expression',
    self => 'claim' in self !== 'expression' in self,
  ),
  prefixOnlyForClaim: rule(
    '!has(self.prefix) || has(self.claim)',
    'prefix goes with claim; an expression adds its own',
    self => !('prefix' in self) || 'claim' in self,
  ),
  claimWithValueOrExpression: rule(
    'has(self.expression) ? !has(self.claim) && !has(self.requiredValue) : has(self.claim) && has(self.requiredValue)',
    'give either claim and requiredValue, or expression',
    self =>
      'expression' in self
        ? !('claim' in self) && !('requiredValue' in self)
        : 'claim' in self && 'requiredValue' in self,
  ),
  tlsDisabledHasNoCertificates: rule(
    "self.mode != 'Disable' || !(has(self.certificateAuthority) || has(self.clientCertificate))",
    'certificates are not used with mode Disable: remove them, or choose Require, VerifyCA or VerifyFull',
    self => self.mode !== 'Disable' || !('certificateAuthority' in self || 'clientCertificate' in self),
  ),
  oauthPortDiffers: rule(
    '!has(self.oauthPort) || self.oauthPort != self.port',
    'oauthPort must differ from port',
    self => !('oauthPort' in self) || self.oauthPort !== self.port,
  ),
  oauthPortNeedsMethod: rule(
    "!has(self.oauthPort) || self.methods.exists(m, m == 'OAuthBearer')",
    'oauthPort needs OAuthBearer among methods',
    self => !('oauthPort' in self) || includes(self.methods, 'OAuthBearer'),
  ),
  oneCertificateSource: rule(
    '[has(self.secretName), has(self.certManager), has(self.selfSigned)].filter(x, x).size() <= 1',
    'give at most one of secretName, certManager and selfSigned',
    self => present(self, 'secretName', 'certManager', 'selfSigned') <= 1,
  ),
  oneStorage: rule(
    '[has(self.s3), has(self.persistentVolumeClaim), has(self.directory)].filter(x, x).size() == 1',
    'give exactly one of s3, persistentVolumeClaim and directory',
    self => present(self, 's3', 'persistentVolumeClaim', 'directory') === 1,
  ),
  oneStream: rule(
    'has(self.stdout) != has(self.file)',
    'give exactly one of stdout and file',
    self => 'stdout' in self !== 'file' in self,
  ),
  replicasOrAutoscaling: rule(
    '!has(self.autoscaling) || self.autoscaling.minReplicas <= self.autoscaling.maxReplicas',
    'autoscaling.minReplicas must not be greater than maxReplicas',
    self => !('autoscaling' in self) || atMost(self.autoscaling, 'minReplicas', 'maxReplicas'),
  ),

  namespaceOfServiceAccount: rule(
    "(self.kind == 'ServiceAccount') == has(self.namespace)",
    'a ServiceAccount needs its namespace; a User or Group has none',
    self => (self.kind === 'ServiceAccount') === 'namespace' in self,
  ),
  allowNeedsRole: rule(
    "has(self.role) || !(has(self.functions) || self.rules.exists(r, r.action == 'Allow'))",
    'role is missing: Allow rules and functions hold for one PostgreSQL role, so name it',
    self => 'role' in self || !('functions' in self || items(self.rules).some(each => each.action === 'Allow')),
  ),
  allowStatesBoth: rule(
    "self.action != 'Allow' || (has(self.statements) && has(self.tables))",
    'an Allow rule must state both statements and tables ("*" and "*.*" mean all)',
    self => self.action !== 'Allow' || ('statements' in self && 'tables' in self),
  ),
  approvalOnlyWhereRequired: rule(
    "!has(self.approval) || self.action == 'RequireApproval'",
    'approval belongs to action RequireApproval',
    self => !('approval' in self) || self.action === 'RequireApproval',
  ),
  denyMovesNothing: rule(
    "!has(self.mayMoveMasks) || self.action != 'Deny'",
    'mayMoveMasks loosens an Allow or RequireApproval rule; a Deny has nothing to loosen',
    self => !('mayMoveMasks' in self) || self.action !== 'Deny',
  ),
  grantForWithScopeRule: rule(
    "(self.scope == 'Rule') == has(self.grantFor)",
    'scope Rule needs grantFor, and only scope Rule has it',
    self => (self.scope === 'Rule') === 'grantFor' in self,
  ),
  columnsOrDetect: {
    ...rule(
      'has(self.columns) != has(self.detect)',
      'give exactly one of columns and detect',
      self => 'columns' in self !== 'detect' in self,
    ),
    exactlyOneOf: ['columns', 'detect'],
  } satisfies Rule,
  redactOrKeep: rule(
    'has(self.redact) != has(self.keep)',
    'give exactly one of redact and keep',
    self => 'redact' in self !== 'keep' in self,
  ),
  oneMask: rule(
    '[has(self.redact), has(self.setNull), has(self.constant), has(self.partial), has(self.emailDomain), has(self.hash), has(self.bucket), has(self.truncate), has(self.jsonPaths)].filter(x, x).size() == 1',
    'give exactly one mask',
    self =>
      present(
        self,
        'redact',
        'setNull',
        'constant',
        'partial',
        'emailDomain',
        'hash',
        'bucket',
        'truncate',
        'jsonPaths',
      ) === 1,
  ),
} as const

function present(self: Fields, ...names: readonly string[]): number {
  return names.filter(name => name in self).length
}

function includes(values: unknown, value: unknown): boolean {
  return Array.isArray(values) && values.includes(value)
}

function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'object' && each !== null) : []
}

function atMost(value: unknown, low: string, high: string): boolean {
  const self = fields(value)
  return Number(self[low]) <= Number(self[high])
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

/** What the schema of a DatabaseGateway can't see: whether its expressions compile, its keys are keys, its issuers apart. */
import { formatPath, isFields, type Segments } from '@sallyport/crds/paths.ts'
import type { DatabaseGateway, OidcAuthenticator } from '@sallyport/crds/types.generated.ts'
import { compileCel } from '../policy/cel.ts'
import type { Remark } from './snapshot.ts'

/** Without an error the gateway may be put in force. */
export function gatewayRemarks({ spec }: DatabaseGateway): readonly Remark[] {
  const issuers = spec.authentication.oidc ?? []
  return issuers.flatMap((each, index) => {
    const at: Segments = ['spec', 'authentication', 'oidc', index]
    return [...badExpressions(each, at), ...badKeys(each, at), ...(issuers.length > 1 ? unprefixed(each, at) : [])]
  })
}

function badExpressions(
  { claimMappings, claimValidationRules, kubernetesUsername }: OidcAuthenticator,
  at: Segments,
): Remark[] {
  const { username, groups } = claimMappings
  return [
    ...badExpression(username.expression, 'string', [...at, 'claimMappings', 'username']),
    ...badExpression(groups?.expression, 'any', [...at, 'claimMappings', 'groups']),
    ...claimValidationRules.flatMap((rule, index) =>
      badExpression(rule.expression, 'bool', [...at, 'claimValidationRules', index]),
    ),
    ...badExpression(kubernetesUsername?.expression, 'string', [...at, 'kubernetesUsername']),
  ]
}

function badExpression(source: string | undefined, returns: 'string' | 'bool' | 'any', at: Segments): Remark[] {
  if (source === undefined) return []
  const result = compileCel(source, { claims: 'map' }, returns)
  return 'problem' in result ? [{ path: formatPath([...at, 'expression']), message: result.problem }] : []
}

function badKeys({ issuer }: OidcAuthenticator, at: Segments): Remark[] {
  if (issuer.jwks === undefined || isKeySet(issuer.jwks)) return []
  return [
    { path: formatPath([...at, 'issuer', 'jwks']), message: 'must be a JSON Web Key Set: {"keys": [{"kty": …}]}' },
  ]
}

function isKeySet(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) && Array.isArray(value.keys) && value.keys.every(key => isFields(key) && 'kty' in key)
  } catch {
    return false
  }
}

/** With several issuers, one could name the other's users. */
function unprefixed({ claimMappings }: OidcAuthenticator, at: Segments): Remark[] {
  const message = 'with several issuers, give each a prefix of its own, or one can speak for the users of another'
  return (['username', 'groups'] as const).flatMap(name => {
    const mapping = claimMappings[name]
    const open = mapping?.claim !== undefined && (mapping.prefix ?? '') === ''
    return open
      ? [{ path: formatPath([...at, 'claimMappings', name, 'prefix']), message, severity: 'Warning' as const }]
      : []
  })
}

/** Proven claims → who that is: rules, then mappings, then what a name may look like. */
import type { CelProgram } from '../policy/cel.ts'
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { settings } from '../settings.ts'
import { countsUntil, own } from './claims.ts'
import type { CompiledMapping, IssuerRules } from './oidc-settings.ts'
import { type Refusal, tokenInvalid } from './refusals.ts'
import type { Claims } from './token.ts'

/** `claims` passed `checkClaims`. */
export function identityOf(
  claims: Claims,
  rules: IssuerRules,
): { readonly identity: Identity } | { readonly reason: Reason } {
  const refused = rejectedByRule(claims, rules) ?? emailUnverified(claims, rules.username)
  if (refused !== undefined) return { reason: refused }
  const username = names(claims, rules.username)
  const groups = rules.groups === undefined ? [] : names(claims, rules.groups)
  if (username?.length !== 1 || !username.every(acceptable)) return { reason: unmapped('username') }
  if (groups === undefined || groups.length > settings.maxGroups || !groups.every(acceptable))
    return { reason: unmapped('groups') }
  const kubernetesUsername = text(rules.kubernetesUsername, claims)
  if (rules.kubernetesUsername !== undefined && kubernetesUsername === undefined)
    return { reason: unmapped('kubernetesUsername') }
  const actor = actorOf(claims)
  return {
    identity: {
      issuer: String(claims.iss),
      subject: String(claims.sub),
      username: username[0] ?? '',
      groups: [...new Set(groups)],
      ...(actor === undefined ? {} : { actor }),
      ...(kubernetesUsername === undefined ? {} : { kubernetesUsername }),
      claims,
      expiresAt: countsUntil(claims, rules),
    },
  }
}

/** CEL that is false, or that cannot be evaluated: both are a no. */
function rejectedByRule(claims: Claims, rules: IssuerRules): Refusal {
  const broken = rules.validations.find(({ rule }) => {
    const result = rule.evaluate({ claims })
    return !('value' in result) || result.value !== true
  })
  return broken === undefined
    ? undefined
    : tokenInvalid('rule', `token is refused by a rule of this gateway: ${broken.message}`)
}

/** As Kubernetes does it: an address that its provider says is unverified is nobody's name. */
function emailUnverified(claims: Claims, { source }: CompiledMapping): Refusal {
  const byEmail = 'claim' in source && source.claim === 'email'
  const verified = own(claims, 'email_verified')
  if (!byEmail || verified === undefined || verified === true) return undefined
  return tokenInvalid('claim', `token's e-mail address is not verified`)
}

/** One string or a list of strings, each with the prefix; undefined for anything else. An absent claim is no names. */
function names(claims: Claims, { source, prefix }: CompiledMapping): readonly string[] | undefined {
  const value = 'claim' in source ? (own(claims, source.claim) ?? []) : evaluated(source.expression, claims)
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const strings = list.filter(name => typeof name === 'string')
  // An empty name with a prefix would be a name after all.
  if (strings.length !== list.length || strings.includes('')) return undefined
  return strings.map(name => prefix + name)
}

/** Names go into startup packets, settings, logs and audit lines: no control characters, no endless ones. */
function acceptable(name: string): boolean {
  return (
    name.length <= settings.maxNameLength &&
    !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name) &&
    name.isWellFormed()
  )
}

function text(program: CelProgram | undefined, claims: Claims): string | undefined {
  const value = program === undefined ? undefined : evaluated(program, claims)
  return typeof value === 'string' && value !== '' && acceptable(value) ? value : undefined
}

function evaluated(program: CelProgram, claims: Claims): unknown {
  const result = program.evaluate({ claims })
  return 'value' in result ? result.value : undefined
}

/** RFC 8693 section 4.1: the outermost `act` is who acts now. */
function actorOf(claims: Claims): string | undefined {
  const act = own(claims, 'act')
  const sub: unknown = typeof act === 'object' && act !== null && 'sub' in act ? act.sub : undefined
  return typeof sub === 'string' && sub !== '' && acceptable(sub) ? sub : undefined
}

function unmapped(what: string): Reason {
  return tokenInvalid('mapping', `token gives no usable ${what}: its claims do not fit the gateway's claimMappings`)
}

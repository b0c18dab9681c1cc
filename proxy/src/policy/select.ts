/**
 * Which policies are about this login. All that select the gateway, the subject and the database apply together. What
 * cannot be told (a condition that fails, a policy that was never good) refuses the login: it never falls away.
 *
 * `mode: Audit` never changes what Enforce policies decide: roles and limits come from Audit policies only where no
 * Enforce policy matches, and a failing condition of one refuses only there.
 */
import type { Subject } from '@sallyport/crds/types.generated.ts'
import type { CompiledPolicy, CompiledSubjects } from './compiled.ts'
import type { Identity } from './identity.ts'
import { smallestLimits } from './limits.ts'
import type { Reason } from './reason.ts'
import type { Selection } from './selection.ts'
import { selectionKey } from './selection-key.ts'

export type { Selection } from './selection.ts'

/** A policy that is not accepted and was never good: it denies for whom it selects, as far as that can be read. */
export interface BrokenPolicy {
  readonly namespace: string
  readonly name: string
  /** `namespace/name` of gateways. */
  readonly targets: readonly string[] | 'All'
  readonly subjects: readonly Subject[] | 'Everyone'
  readonly problem: string
}

/** What `session` holds in a `condition`. */
export interface LoginFacts {
  readonly application: string
  readonly client: string
  /** Unix time, milliseconds. */
  readonly now: number
}

export interface SelectInput {
  readonly policies: readonly CompiledPolicy[]
  readonly broken: readonly BrokenPolicy[]
  readonly gateway: { readonly namespace: string; readonly name: string }
  readonly identity: Identity
  readonly database: string
  /** Without it a condition that reads `session.application`, `client` or `now` fails, and the login is refused. */
  readonly login?: LoginFacts
}

/** The policies of a login, or why it is refused. */
export function selectPolicies(input: SelectInput): { readonly selection: Selection } | { readonly reason: Reason } {
  const broken = input.broken.find(policy => isAboutThem(policy, input))
  if (broken !== undefined) return { reason: brokenReason(broken) }
  const candidates = input.policies.filter(policy => isAbout(policy, input))
  const { matched, failed } = byCondition(candidates, input)
  const enforced = matched.filter(policy => policy.mode === 'Enforce')
  const refusing = failed.find(({ policy }) => policy.mode === 'Enforce' || enforced.length === 0)
  if (refusing !== undefined) return { reason: conditionReason(refusing.policy, refusing.why) }
  if (matched.length === 0) return { reason: noPolicy(input) }
  const failedAudits = failed.map(({ policy, why }) => conditionReason(policy, why))
  return { selection: { ...selectionOf(matched, enforced, input), failedAudits } }
}

/** The startup user chooses among the roles; otherwise the only one is taken; otherwise the error lists them. */
export function chooseRole(
  selection: Selection,
  startupUser: string,
): { readonly role: string } | { readonly reason: Reason } {
  const { roles } = selection
  if (roles.includes(startupUser)) return { role: startupUser }
  const [only, ...others] = roles
  if (only === undefined) return { reason: { code: 'NoRole', text: 'no policy that matches names a PostgreSQL role' } }
  if (others.length === 0) return { role: only }
  const listed = roles.map(role => `"${role}"`).join(', ')
  const text = `several roles match; the startup user "${startupUser}" is none of them`
  return { reason: { code: 'RoleAmbiguous', text, hint: `Connect as one of: ${listed}.` } }
}

function selectionOf(
  matched: readonly CompiledPolicy[],
  enforced: readonly CompiledPolicy[],
  input: SelectInput,
): Omit<Selection, 'failedAudits'> {
  const policies = matched.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const deciding = enforced.length > 0 ? enforced : matched
  return {
    policies,
    enforced: policies.filter(policy => policy.mode === 'Enforce'),
    audited: policies.filter(policy => policy.mode === 'Audit'),
    auditOnly: enforced.length === 0,
    roles: [...new Set(deciding.flatMap(policy => (policy.role === undefined ? [] : [policy.role])))].sort(),
    limits: smallestLimits(enforced.map(policy => policy.limits)),
    identity: input.identity,
    database: input.database,
    ...selectionKey(policies, input),
  }
}

function isAbout(policy: CompiledPolicy, { gateway, identity, database }: SelectInput): boolean {
  return (
    policy.namespace === gateway.namespace &&
    policy.gateways.has(gateway.name) &&
    (policy.databases === 'All' || policy.databases.has(database)) &&
    isSubject(policy.subjects, identity)
  )
}

function isSubject(subjects: CompiledSubjects, identity: Identity): boolean {
  const account = identity.serviceAccount
  return (
    subjects.users.has(identity.username) ||
    identity.groups.some(group => subjects.groups.has(group)) ||
    (account !== undefined && subjects.serviceAccounts.has(`${account.namespace}/${account.name}`))
  )
}

function isAboutThem(policy: BrokenPolicy, { gateway, identity }: SelectInput): boolean {
  if (policy.namespace !== gateway.namespace) return false
  if (policy.targets !== 'All' && !policy.targets.includes(`${gateway.namespace}/${gateway.name}`)) return false
  return policy.subjects === 'Everyone' || policy.subjects.some(subject => names(subject, identity))
}

function names(subject: Subject, identity: Identity): boolean {
  if (subject.kind === 'User') return subject.name === identity.username
  if (subject.kind === 'Group') return identity.groups.includes(subject.name)
  const account = identity.serviceAccount
  return account !== undefined && account.name === subject.name && account.namespace === subject.namespace
}

interface Failed {
  readonly policy: CompiledPolicy
  readonly why: string
}

function byCondition(candidates: readonly CompiledPolicy[], input: SelectInput) {
  const matched: CompiledPolicy[] = []
  const failed: Failed[] = []
  for (const policy of candidates) {
    const result = policy.condition?.evaluate(valuesOf(input)) ?? { value: true }
    if ('failed' in result) failed.push({ policy, why: result.failed })
    else if (result.value === true) matched.push(policy)
  }
  return { matched, failed }
}

function valuesOf({ identity, database, login }: SelectInput): Readonly<Record<string, unknown>> {
  const session = { user: identity.username, groups: identity.groups, issuer: identity.issuer, database }
  const known =
    login === undefined ? {} : { application: login.application, client: login.client, now: new Date(login.now) }
  return { claims: identity.claims, session: { ...session, ...known } }
}

function brokenReason(policy: BrokenPolicy): Reason {
  const key = `${policy.namespace}/${policy.name}`
  return {
    code: 'PolicyBroken',
    text: `policy ${key} is not accepted, so that it denies: ${policy.problem}`,
    policy: key,
  }
}

function conditionReason(policy: CompiledPolicy, why: string): Reason {
  return {
    code: 'ConditionFailed',
    text: `the condition of policy ${policy.key} cannot be evaluated: ${why}`,
    policy: policy.key,
  }
}

function noPolicy({ gateway, identity, database }: SelectInput): Reason {
  const about = { gateway: `${gateway.namespace}/${gateway.name}`, database }
  return { code: 'NoPolicy', text: `no policy lets "${identity.username}" use database "${database}"`, about }
}

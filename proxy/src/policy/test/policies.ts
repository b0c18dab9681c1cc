/** Policies, identities and questions for tests; every field that a test does not mention has a plain value. */
import type { AccessPolicy, AccessPolicySpec, PolicyRule } from '@sallyport/crds/types.generated.ts'
import { compilePolicy } from '../compile.ts'
import type { CompiledPolicy } from '../compiled.ts'
import { decide } from '../decide.ts'
import type { Decision } from '../decision.ts'
import type { Identity } from '../identity.ts'
import type { DecideInput } from '../question.ts'
import { type SelectInput, type Selection, selectPolicies } from '../select.ts'

export const identity: Identity = {
  issuer: 'https://idp.example.com',
  subject: 'agent-7',
  username: 'idp:agent-7',
  groups: ['idp:agents'],
  claims: { sub: 'agent-7', tenant: 'acme', env: 'prod', level: 3 },
  expiresAt: 4_102_444_800,
}

export type SpecParts = Partial<AccessPolicySpec> & { readonly name?: string }

export function manifest({ name = 'p', ...spec }: SpecParts): AccessPolicy {
  return {
    apiVersion: 'sallyport.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name, namespace: 'data' },
    spec: {
      targetRefs: [{ kind: 'DatabaseGateway', name: 'orders' }],
      subjects: [{ kind: 'Group', name: 'idp:agents' }],
      databases: ['*'],
      role: 'agent_ro',
      mode: 'Enforce',
      rules: [],
      trustedViews: [],
      masks: [],
      rowFilters: [],
      explain: 'Reduced',
      ...spec,
    },
  }
}

/** A policy that compiles; a test whose policy does not is wrong. */
export function policy(parts: SpecParts): CompiledPolicy {
  const result = compilePolicy(manifest(parts))
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.compiled
}

export function allow(
  statements: readonly string[],
  tables: readonly string[],
  more: Partial<PolicyRule> = {},
): PolicyRule {
  return { name: 'reports', action: 'Allow', statements, tables, ...more }
}

export function deny(more: Partial<PolicyRule>): PolicyRule {
  return { name: 'no', action: 'Deny', ...more }
}

export function select(policies: readonly CompiledPolicy[], more: Partial<SelectInput> = {}): Selection {
  const result = selectPolicies({
    policies,
    broken: [],
    gateway: { namespace: 'data', name: 'orders' },
    identity,
    database: 'orders',
    ...more,
  })
  if ('reason' in result) throw new Error(JSON.stringify(result.reason))
  return result.selection
}

export function ask(
  policies: readonly CompiledPolicy[],
  input: Pick<DecideInput, 'resolved'> & Partial<DecideInput>,
): Decision {
  return decide({
    text: 'SELECT',
    selection: select(policies),
    role: 'agent_ro',
    session: { application: 'psql', client: '127.0.0.1', now: Date.UTC(2026, 0, 1), inTransaction: false },
    server: 18,
    ...input,
  })
}

/** `allow`, `deny WriteNotAllowed`, `approval`. */
export function verdict({ verdict: said, reason }: Decision): string {
  if (said === 'Allow') return 'allow'
  return said === 'Deny' ? `deny ${reason?.code}` : 'approval'
}

/**
 * An AccessPolicy, as the schema accepted it, to what `select` and `decide` ask. Every mistake is reported with its
 * place, and a policy with one mistake is no policy: nothing falls away silently.
 */
import { createHash } from 'node:crypto'
import type { AccessPolicy, AccessPolicySpec, PolicyLimits, Subject } from '@sallyport/crds/types.generated.ts'
import { durationMs, quantityBytes } from '@sallyport/crds/units.ts'
import { compileCel } from './cel.ts'
import { conditionVariables } from './cel-variables.ts'
import { compileRule } from './compile-rule.ts'
import type { CompiledPolicy, CompiledSubjects, PolicyProblem, Report } from './compiled.ts'
import type { StatementLimits } from './decision.ts'
import { compileNames } from './name-pattern.ts'
import { warningsOf } from './warnings.ts'

export type CompileResult = { readonly compiled: CompiledPolicy } | { readonly problems: readonly PolicyProblem[] }

/** Compiles one policy; never throws for what the schema accepts. */
export function compilePolicy(policy: AccessPolicy): CompileResult {
  const namespace = policy.metadata.namespace ?? 'default'
  const key = `${namespace}/${policy.metadata.name}`
  const problems: PolicyProblem[] = []
  const report = (path: string, message: string) => void problems.push({ path, message })
  const { spec } = policy
  const compiled: CompiledPolicy = {
    key,
    namespace,
    name: policy.metadata.name,
    digest: digestOf(spec),
    mode: spec.mode,
    gateways: new Set(spec.targetRefs.map(ref => ref.name)),
    subjects: subjectsOf(spec.subjects),
    databases: spec.databases.includes('*') ? 'All' : new Set(spec.databases),
    ...conditionOf(spec, report),
    ...(spec.role === undefined ? {} : { role: spec.role }),
    rules: spec.rules.map((rule, index) => compileRule(key, rule, `spec.rules[${index}]`, report)),
    ...functionsOf(spec, report),
    limits: limitsOf(spec.limits),
    warnings: warningsOf(spec),
  }
  reportNotYet(spec, report)
  if (compiled.role === undefined && (spec.functions !== undefined || spec.rules.some(rule => rule.action === 'Allow')))
    report('spec.role', 'Allow rules and functions hold for one PostgreSQL role: name it')
  return problems.length > 0 ? { problems } : { compiled }
}

/** Fields whose meaning a later version builds: accepted silently, they would promise what does not happen. */
function reportNotYet(spec: AccessPolicySpec, report: Report): void {
  if (spec.masks.length > 0) report('spec.masks', 'masks are not yet supported')
  if (spec.rowFilters.length > 0) report('spec.rowFilters', 'row filters are not yet supported')
  if (spec.trustedViews.length > 0) report('spec.trustedViews', 'trusted views are not yet supported')
  if (spec.explain === 'Full') report('spec.explain', 'explain: Full is not yet supported')
  for (const [index, rule] of spec.rules.entries())
    if (rule.mayMoveMasks === true) report(`spec.rules[${index}].mayMoveMasks`, 'mayMoveMasks is not yet supported')
}

function conditionOf(spec: AccessPolicySpec, report: Report): Pick<CompiledPolicy, 'condition'> {
  if (spec.condition === undefined) return {}
  const result = compileCel(spec.condition, conditionVariables)
  if ('ok' in result) return { condition: result.ok }
  report('spec.condition', result.problem)
  return {}
}

function functionsOf(spec: AccessPolicySpec, report: Report): Pick<CompiledPolicy, 'functions'> {
  if (spec.functions === undefined) return {}
  const result = compileNames(spec.functions.allow, 'Functions')
  if ('matcher' in result) return { functions: result.matcher }
  report(`spec.functions.allow[${result.index}]`, result.problem)
  return {}
}

function subjectsOf(subjects: readonly Subject[]): CompiledSubjects {
  const named = (kind: Subject['kind']) => subjects.filter(subject => subject.kind === kind)
  return {
    users: new Set(named('User').map(subject => subject.name)),
    groups: new Set(named('Group').map(subject => subject.name)),
    serviceAccounts: new Set(named('ServiceAccount').map(subject => `${subject.namespace}/${subject.name}`)),
  }
}

function limitsOf(limits: PolicyLimits = {}): StatementLimits {
  const { maxRows, maxResultBytes, statementTimeout, statementsPerMinute } = limits
  return {
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxResultBytes === undefined ? {} : { maxResultBytes: quantityBytes(maxResultBytes) }),
    ...(statementTimeout === undefined ? {} : { statementTimeoutMs: durationMs(statementTimeout) }),
    ...(statementsPerMinute === undefined ? {} : { statementsPerMinute }),
  }
}

/** Of the spec with its keys in order, so that the order of a YAML file does not count. */
function digestOf(spec: AccessPolicySpec): string {
  const ordered = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value
  return createHash('sha256').update(JSON.stringify(spec, ordered)).digest('hex')
}

/**
 * The rules, asked about each thing that a statement does. Every rule whose kinds and tables fit is evaluated, whatever
 * the others say, so that their order means nothing and a `when` that fails is always seen.
 */
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { policySchema } from './name-pattern.ts'
import type { DecideInput, Finding, Judged } from './question.ts'
import type { Selection } from './selection.ts'
import { coversAll, mayMean } from './unnamed.ts'
import { whenValues } from './when-values.ts'

/** One finding for each thing judged. */
export function findings(
  policies: readonly CompiledPolicy[],
  judged: readonly Judged[],
  input: DecideInput,
): readonly Finding[] {
  const rules = rulesFor(policies, input.role)
  const matches = matcher(input)
  return judged.map(one => findingOf(one, rules, matches))
}

/** Allow counts only from policies whose role is the session's; Deny and RequireApproval from all. */
export function rulesFor(policies: readonly CompiledPolicy[], role: string): readonly CompiledRule[] {
  const byRole = known.get(policies) ?? new Map<string, readonly CompiledRule[]>()
  known.set(policies, byRole)
  const rules =
    byRole.get(role) ??
    policies.flatMap(policy => policy.rules.filter(rule => rule.action !== 'Allow' || policy.role === role))
  byRole.set(role, rules)
  return rules
}

/** Remembered by the list itself, which a Selection keeps; a session has one role. */
const known = new WeakMap<Selection['policies'], Map<string, readonly CompiledRule[]>>()

type Match = { readonly matched: boolean } | { readonly failed: string }

function findingOf(
  judged: Judged,
  rules: readonly CompiledRule[],
  matches: (rule: CompiledRule, judged: Judged) => Match,
): Finding {
  const finding: { -readonly [part in keyof Finding]: Finding[part] } = { judged }
  for (const rule of rules) {
    if (!concerns(rule, judged)) continue
    const match = matches(rule, judged)
    if ('failed' in match) finding.failed ??= { rule, why: match.failed }
    else if (!match.matched) continue
    else if (rule.action === 'Deny') finding.denied ??= rule
    else if (rule.action === 'RequireApproval') finding.approval ??= rule
    else finding.allowed ??= rule
  }
  return finding
}

/** Whether a rule is about this: by kind and name alone. */
export function concerns(rule: CompiledRule, judged: Judged): boolean {
  const { kind, unnamed, also } = judged
  if (rule.action === 'Allow') {
    if (!judged.needsAllow) return false
    return unnamed === undefined
      ? hasKind(rule, judged) && coversForAllow(rule, judged)
      : coversAll(rule, kind, unnamed)
  }
  if (unnamed !== undefined) return mayMean(rule, kind, unnamed)
  return (
    (hasKind(rule, judged) || (also !== undefined && rule.kinds?.has(also) === true)) && coversForDeny(rule, judged)
  )
}

function hasKind(rule: CompiledRule, { kind }: Judged): boolean {
  return rule.kinds === undefined || rule.kinds.has(kind)
}

/** Where no relation is touched, an Allow of the kind matches whatever its tables. */
function coversForAllow(rule: CompiledRule, { access }: Judged): boolean {
  return access === undefined || rule.tables?.matches(policySchema(access.schema), access.name) === true
}

/** … and a Deny or RequireApproval if it states none. */
function coversForDeny(rule: CompiledRule, { access }: Judged): boolean {
  if (rule.tables === undefined) return true
  return access !== undefined && rule.tables.matches(policySchema(access.schema), access.name)
}

/** Asks `pattern` once a rule, and `when` for the part that makes the access. */
function matcher(input: DecideInput): (rule: CompiledRule, judged: Judged) => Match {
  const patterns = new Map<CompiledRule, boolean>()
  const values = whenValues(input)
  return (rule, judged) => {
    if (rule.pattern !== undefined) {
      const found = patterns.get(rule) ?? rule.pattern.test(input.text)
      patterns.set(rule, found)
      if (!found) return { matched: false }
    }
    if (rule.when === undefined) return { matched: true }
    const result = rule.when.evaluate(values(judged))
    return 'failed' in result ? result : { matched: result.value === true }
  }
}

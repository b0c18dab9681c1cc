import { groupOf } from '../../sql/kinds.ts'
import type { CompiledRule } from '../compiled.ts'
import { describe, locationOf, relationName } from '../describe.ts'
import { policySchema } from '../name-pattern.ts'
import type { Check, Judged, Question } from '../question.ts'
import type { Reason } from '../reason.ts'
import { concerns, rulesFor } from '../rules.ts'

/** Nothing matched means no. What asks for approval is answered by `decide`, after everything else was allowed. */
export const notGranted: Check = question => {
  const finding = question.findings.find(
    ({ judged, allowed, approval }) => judged.needsAllow && allowed === undefined && approval === undefined,
  )
  return finding === undefined ? undefined : reasonFor(finding.judged, question)
}

function reasonFor(judged: Judged, question: Question): Reason {
  const allows = rulesFor(question.policies, question.role).filter(rule => rule.action === 'Allow')
  const conditional = allows.find(rule => concerns(rule, judged))
  if (conditional !== undefined) return ofCondition(judged, conditional)
  return judged.access === undefined
    ? ofKind(judged, allows)
    : ofTable(
        judged,
        allows.filter(rule => isAboutTable(rule, judged)),
      )
}

function isAboutTable(rule: CompiledRule, { access }: Judged): boolean {
  return access !== undefined && rule.tables?.matches(policySchema(access.schema), access.name) === true
}

/** A rule would allow it, but for its `when` or `pattern`. */
function ofCondition(judged: Judged, rule: CompiledRule): Reason {
  const text = `rule "${rule.name}" allows ${describe(judged)} only under a condition, which this statement does not meet`
  const hint =
    rule.when === undefined ? 'The text must match the pattern of the rule.' : `The condition is: ${rule.when.source}`
  return { code: 'NotGranted', text, hint, policy: rule.policy, rule: rule.name, ...locationOf(judged) }
}

function ofKind(judged: Judged, allows: readonly CompiledRule[]): Reason {
  if (judged.unnamed !== undefined && allows.some(({ kinds }) => kinds?.has(judged.kind) === true))
    return notWhole(judged)
  return {
    code: 'KindNotAllowed',
    text: `no rule allows ${describe(judged)}`,
    hint: allowedKinds(allows),
    about: { kind: judged.kind },
  }
}

/** Rules allow the kind, but not for everything that it may touch. */
function notWhole({ kind, unnamed }: Judged): Reason {
  const whole = unnamed === 'All' || unnamed === undefined ? 'every table' : `everything in ${unnamed.join(', ')}`
  const hint = 'Name the tables, or ask for a rule whose tables cover them all.'
  return { code: 'KindNotAllowed', text: `no rule allows ${kind} of ${whole}`, hint, about: { kind } }
}

function ofTable(judged: Judged, [rule, ...others]: readonly CompiledRule[]): Reason {
  if (rule === undefined) return notNamed(judged)
  const writes = groupOf(judged.kind) === 'Write'
  const onlyReads = [rule, ...others].every(
    ({ kinds }) => kinds !== undefined && [...kinds].every(kind => groupOf(kind) === 'Read'),
  )
  const name = judged.access === undefined ? '' : relationName(judged.access)
  const text =
    writes && onlyReads
      ? `rule "${rule.name}" only reads; this writes ${name} (${judged.kind})`
      : `rule "${rule.name}" does not allow ${describe(judged)}`
  const code = writes ? 'WriteNotAllowed' : 'KindNotAllowed'
  return {
    code,
    text,
    hint: allowedKinds([rule, ...others]),
    policy: rule.policy,
    rule: rule.name,
    ...locationOf(judged),
  }
}

function notNamed(judged: Judged): Reason {
  const hint = 'Use tables that a policy allows to this role, or ask for a rule that covers this one.'
  return { code: 'NotGranted', text: `no rule allows ${describe(judged)}`, hint, ...locationOf(judged) }
}

function allowedKinds(rules: readonly CompiledRule[]): string {
  const kinds = [...new Set(rules.flatMap(rule => [...(rule.kinds ?? [])]))]
  const shown = kinds.length > 6 ? [...new Set(kinds.map(groupOf))] : kinds
  return shown.length === 0 ? 'No policy allows anything to this role.' : `Allowed here: ${shown.join(', ')}.`
}

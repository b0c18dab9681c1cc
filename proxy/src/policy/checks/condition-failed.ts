import { describe, locationOf } from '../describe.ts'
import type { Check } from '../question.ts'

/** A rule that may or may not hold is a no, also where it would only have allowed. */
export const conditionFailed: Check = ({ findings }) => {
  const finding = findings.find(({ failed }) => failed !== undefined)
  if (finding?.failed === undefined) return undefined
  const { rule, why } = finding.failed
  const text = `the condition of rule "${rule.name}" cannot be evaluated for ${describe(finding.judged)}: ${why}`
  return { code: 'ConditionFailed', text, policy: rule.policy, rule: rule.name, ...locationOf(finding.judged) }
}

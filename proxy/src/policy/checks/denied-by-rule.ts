import { describe, locationOf } from '../describe.ts'
import type { Check } from '../question.ts'

/** Deny beats everything. */
export const deniedByRule: Check = ({ findings }) => {
  const finding = findings.find(({ denied }) => denied !== undefined)
  if (finding?.denied === undefined) return undefined
  const { judged, denied } = finding
  const text = denied.message ?? `rule "${denied.name}" denies ${describe(judged)}`
  const hint = 'No other rule can allow this; leave it out of the statement.'
  return { code: 'PolicyDenied', text, hint, policy: denied.policy, rule: denied.name, ...locationOf(judged) }
}

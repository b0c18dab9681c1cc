import { type SettingRule, settingRule } from '../../sql/lists/settings-list.ts'
import { byServer, durationMs } from '../../sql/lists/settings-values.ts'
import type { SettingAccess } from '../../sql/statement.ts'
import type { Check, Question } from '../question.ts'
import type { Reason } from '../reason.ts'

/** Settings are judged by name and value, for reading as for writing. */
export const settingNotAllowed: Check = question => {
  for (const access of question.resolved.facts.settings) {
    const reason = judgeSetting(access, question)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Why a setting may not be read or changed so; the same judgement for SET and for what a client wants from the start. */
export function judgeSetting(access: SettingAccess, about: Pick<Question, 'server' | 'limits'>): Reason | undefined {
  const problem = problemOf(access, about)
  return problem === undefined ? undefined : reasonOf(access, problem)
}

interface Problem {
  readonly text: string
  readonly hint: string
}

function problemOf(
  access: SettingAccess,
  { server, limits }: Pick<Question, 'server' | 'limits'>,
): Problem | undefined {
  if (access.name === 'all') return access.act === 'Show' ? showAll : undefined
  const rule = settingRule(server, access.name)
  if (access.act === 'Show') return rule.read ? undefined : unreadable(rule)
  if (rule.write === false) return unwritable(rule)
  return access.act === 'Set' ? valueProblem(access, rule, limits.statementTimeoutMs) : undefined
}

const showAll: Problem = {
  text: 'SHOW ALL shows settings that are closed',
  hint: 'SHOW the settings that you need by name.',
}

function unreadable({ name, note }: SettingRule): Problem {
  return { text: `setting "${name}" may not be read: it ${note}`, hint: 'Leave it out.' }
}

function unwritable({ name, note }: SettingRule): Problem {
  return {
    text: `setting "${name}" may not be changed: it ${note}`,
    hint: 'Leave it out; the gateway and the database set it.',
  }
}

/** Without values it is SET … TO DEFAULT, which is right for what may be set at all. */
function valueProblem(
  { values, dynamic, fromCurrent }: SettingAccess,
  rule: SettingRule,
  timeoutMs: number | undefined,
): Problem | undefined {
  if (values === undefined || rule.write === false) return undefined
  if (fromCurrent === true && rule.boundedBy === undefined) return rule.read ? undefined : unreadable(rule)
  // asyncpg puts `jit` back with a parameter: any value will do.
  if (dynamic === true && rule.write === byServer) return undefined
  if (dynamic === true)
    return { text: `the value of setting "${rule.name}" must be a literal here`, hint: 'Write the value as a literal.' }
  const verdict = rule.write(values)
  if (verdict !== true) return { text: `setting "${rule.name}" may not have that value`, hint: `It ${verdict}.` }
  if (rule.boundedBy === undefined || timeoutMs === undefined) return undefined
  const wanted = durationMs(values[0] ?? '', 'ms')
  if (wanted !== undefined && wanted > 0 && wanted <= timeoutMs) return undefined
  return {
    text: `setting "${rule.name}" may not be above the policy's limit`,
    hint: `It may be from 1ms to ${timeoutMs}ms.`,
  }
}

function reasonOf(access: SettingAccess, { text, hint }: Problem): Reason {
  return { code: 'SettingNotAllowed', text, hint, about: { setting: access.name }, location: access.span.start }
}

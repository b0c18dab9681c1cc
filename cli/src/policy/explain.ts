/** Why a statement is allowed or refused: its facts, and for each relation, function and setting what decided. */
import { functionNotAllowed } from '@sallyport/proxy/policy/checks/function-not-allowed.ts'
import { settingNotAllowed } from '@sallyport/proxy/policy/checks/setting-not-allowed.ts'
import { systemCatalogClosed } from '@sallyport/proxy/policy/checks/system-catalog-closed.ts'
import type { CompiledPolicy } from '@sallyport/proxy/policy/compiled.ts'
import type { Decision, Verdict } from '@sallyport/proxy/policy/decision.ts'
import type { JudgedText } from '@sallyport/proxy/policy/judge-text.ts'
import type { Check, Question } from '@sallyport/proxy/policy/question.ts'
import type { Reason } from '@sallyport/proxy/policy/reason.ts'
import { detailOf } from '@sallyport/proxy/policy/refusal.ts'
import type { Resolved, ResolvedAccess, ResolvedCall } from '@sallyport/proxy/sql/resolved.ts'

export interface Explanation {
  readonly subject: { readonly username: string; readonly groups: readonly string[] }
  readonly gateway: string
  readonly database: string
  readonly role?: string
  readonly policies: readonly string[]
  readonly verdict: 'Allow' | 'Deny' | 'RequireApproval'
  /** A refusal of the login, or of the text as a whole. */
  readonly refusal?: { readonly code: string; readonly text: string; readonly hint?: string }
  readonly statements: readonly Explained[]
  /** What would be sent on, if all is allowed. */
  readonly rewritten?: string
}

export interface Explained {
  readonly statement: string
  readonly kind: string
  readonly verdict: Verdict
  readonly reason?: Told
  readonly relations: readonly ExplainedRelation[]
  readonly functions: readonly ExplainedPart[]
  readonly settings: readonly ExplainedPart[]
  /** Rules about the kind of the statement, where no relation stands for it. */
  readonly kinds: readonly ExplainedPart[]
  readonly audited: readonly { readonly policy: string; readonly verdict: Verdict; readonly reason?: Told }[]
}

/** `text` and what a driver shows as DETAIL and HINT. */
interface Told {
  readonly code: string
  readonly text: string
  readonly detail: string
  readonly hint?: string
}

interface ExplainedPart {
  readonly what: string
  readonly verdict: Verdict
  readonly because: string
}

interface ExplainedRelation extends ExplainedPart {
  readonly access: string
  readonly columns: readonly string[] | 'All'
  /** Not named by the statement: under a view, a partition, reached by a cascade. */
  readonly behind: boolean
}

type Judged = JudgedText['statements'][number]

/** `question` says for whom: everything of `decide`'s question that does not depend on the statement. */
export function explain(judged: Judged, question: Omit<Question, 'resolved' | 'text' | 'findings'>): Explained {
  const { text, resolved, decision } = judged
  const asked = { ...question, text, resolved, findings: [] }
  const relations = unique(resolved.relations.map(access => relationOf(access, decision, asked)))
  return {
    statement: text,
    kind: resolved.facts.kind,
    verdict: decision.verdict,
    ...(decision.reason === undefined ? {} : { reason: told(decision.reason) }),
    relations,
    functions: unique(resolved.calls.map(call => functionOf(call, asked))),
    settings: resolved.facts.settings.map((_, index) => settingOf(index, asked)),
    kinds: ruled(decision, about => !about.includes(' on ')),
    audited: decision.audited.map(({ policy, verdict, reason }) => ({
      policy,
      verdict,
      ...(reason === undefined ? {} : { reason: told(reason) }),
    })),
  }
}

function told(reason: Reason): Told {
  const { code, text, hint } = reason
  return { code, text, detail: detailOf(reason), ...(hint === undefined ? {} : { hint }) }
}

function relationOf(access: ResolvedAccess, decision: Decision, question: Question): ExplainedRelation {
  const what = `${access.schema}.${access.name}`
  const behind = access.reach === 'Behind'
  const base = { what, access: access.kind, columns: access.columns, behind }
  if (access.isSystem)
    return {
      ...base,
      ...checked(systemCatalogClosed, { relations: [access] }, question, 'describes the schema: open to everyone'),
    }
  const wanted = `${access.kind} on ${what}`
  const [rule] = ruled(decision, about => about === wanted || (behind && about.startsWith(`${wanted} (`)))
  if (rule !== undefined) return { ...base, verdict: rule.verdict, because: rule.because }
  if (behind) return { ...base, verdict: 'Allow', because: 'no rule denies it' }
  return {
    ...base,
    verdict: question.selection.auditOnly ? 'Allow' : 'Deny',
    because: question.selection.auditOnly ? 'only Audit policies match' : 'no rule allows it',
  }
}

/** The strictest rule about something, of those that had a say. */
function ruled(decision: Decision, isAbout: (about: string) => boolean): readonly ExplainedPart[] {
  const rank: readonly Verdict[] = ['Deny', 'RequireApproval', 'Allow']
  const about = decision.considered.filter(each => isAbout(each.about))
  const strictest = new Map<string, ExplainedPart>()
  for (const verdict of rank)
    for (const each of about)
      if (each.verdict === verdict && !strictest.has(each.about))
        strictest.set(each.about, { what: each.about, verdict, because: `rule "${each.rule}" of ${each.policy}` })
  return [...strictest.values()]
}

function functionOf(call: ResolvedCall, question: Question): ExplainedPart {
  const candidates = [...new Set(call.candidates.map(({ schema, name }) => `${schema}.${name}`))]
  const what = call.form === 'Function' ? `${candidates.join(', ')}()` : `${call.form.toLowerCase()} ${call.written}`
  return { what, ...checked(functionNotAllowed, { calls: [call] }, question, allowedBy(call, question)) }
}

function allowedBy(call: ResolvedCall, question: Question): string {
  const passes = (policies: readonly CompiledPolicy[]) =>
    reasonOf(functionNotAllowed, { calls: [call] }, { ...question, policies }) === undefined
  if (passes([])) return 'listed as harmless'
  const policy = question.policies.find(each => passes([each]))
  return policy === undefined ? 'allowed by several policies together' : `functions.allow of ${policy.key}`
}

function settingOf(index: number, question: Question): ExplainedPart {
  const { facts } = question.resolved
  const setting = facts.settings[index]
  const settings = setting === undefined ? [] : [setting]
  return {
    what: `${setting?.act ?? ''} ${setting?.name ?? ''}`,
    ...checked(settingNotAllowed, { facts: { ...facts, settings } }, question, 'listed as harmless'),
  }
}

function checked(
  check: Check,
  only: Partial<Resolved>,
  question: Question,
  otherwise: string,
): Pick<ExplainedPart, 'verdict' | 'because'> {
  const reason = reasonOf(check, only, question)
  return reason === undefined ? { verdict: 'Allow', because: otherwise } : { verdict: 'Deny', because: reason.text }
}

function reasonOf(check: Check, only: Partial<Resolved>, question: Question): Reason | undefined {
  return check({ ...question, resolved: { ...question.resolved, ...only } })
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item])).values()]
}

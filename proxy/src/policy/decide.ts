/**
 * The verdict on one statement: refused always, refused by policy, held for approval, or allowed. And the Permit that
 * such a verdict earns: without one nothing is written to the database, and nobody else can make one.
 */
import { BugError } from '../errors.ts'
import { refusedAlways, refusedByPolicy, refusedInAudit } from './checks/index.ts'
import type { CompiledPolicy } from './compiled.ts'
import type { Decision } from './decision.ts'
import { describe, locationOf } from './describe.ts'
import { judgedIn } from './judged.ts'
import type { Check, DecideInput, Finding, Question } from './question.ts'
import type { Reason } from './reason.ts'
import { findings } from './rules.ts'
import type { Selection } from './selection.ts'

/** Judges one statement. Never throws for anything that a peer or a policy's author wrote. */
export function decide(input: DecideInput): Decision {
  const { selection } = input
  const always = first(refusedAlways, questionOf(input, selection.enforced, []))
  const judged = always === undefined ? judgedIn(input.resolved) : []
  const judge = (policies: readonly CompiledPolicy[]) =>
    ruling(questionOf(input, policies, findings(policies, judged, input)))
  const ruled =
    always !== undefined ? refusal(always) : selection.auditOnly ? unjudged(input) : judge(selection.enforced)
  const audited = always === undefined && selection.audited.length > 0 ? judge(selection.policies) : undefined
  return { ...ruled, audited: auditedBy(selection, audited), limits: selection.limits }
}

/** Each audited policy is told what would happen if all were enforced: a Deny alone would deny all else, too. */
function auditedBy({ audited, failedAudits }: Selection, ruled: Ruling | undefined): Decision['audited'] {
  const failed = failedAudits.map(reason => ({ policy: reason.policy ?? '', verdict: 'Deny' as const, reason }))
  return ruled === undefined ? failed : [...failed, ...audited.map(({ key }) => ({ policy: key, ...outcome(ruled) }))]
}

type Ruling = Pick<Decision, 'verdict' | 'reason' | 'considered'>

function ruling(question: Question): Ruling {
  const considered = question.findings.flatMap(consideredIn)
  const refused = first(refusedByPolicy, question)
  if (refused !== undefined) return { ...refusal(refused), considered }
  const held = question.findings.find(({ approval }) => approval !== undefined)
  if (held !== undefined) return { verdict: 'RequireApproval', reason: approvalReason(held), considered }
  return { verdict: 'Allow', considered }
}

/** Only Audit policies select the session: everything passes but what is refused always. */
function unjudged(input: DecideInput): Ruling {
  const reason = first(refusedInAudit, questionOf(input, input.selection.audited, []))
  return reason === undefined ? { verdict: 'Allow', considered: [] } : refusal(reason)
}

function refusal(reason: Reason): Ruling {
  return { verdict: 'Deny', reason, considered: [] }
}

function outcome({ verdict, reason }: Ruling): Pick<Decision, 'verdict' | 'reason'> {
  return { verdict, ...(reason === undefined ? {} : { reason }) }
}

function questionOf(input: DecideInput, policies: readonly CompiledPolicy[], found: readonly Finding[]): Question {
  return { ...input, policies, limits: input.selection.limits, findings: found }
}

function first(checks: readonly Check[], question: Question): Reason | undefined {
  for (const check of checks) {
    const reason = check(question)
    if (reason !== undefined) return reason
  }
  return undefined
}

function approvalReason({ judged, approval }: Finding): Reason {
  const rule = approval?.name ?? ''
  const text = `rule "${rule}" asks for approval of ${describe(judged)}, which this gateway cannot ask for yet`
  return {
    code: 'ApprovalNotSupported',
    text,
    ...(approval === undefined ? {} : { policy: approval.policy, rule }),
    ...locationOf(judged),
  }
}

function consideredIn({ judged, denied, approval, allowed }: Finding): Decision['considered'] {
  const about = describe(judged)
  const rules = [denied, approval, allowed].filter(rule => rule !== undefined)
  return rules.map(rule => ({ policy: rule.policy, rule: rule.name, verdict: rule.action, about }))
}

/** Leave to write once to the database. Its class is not exported, so that only this file makes any. */
class OnePermit {
  readonly #for: string
  #spent = false

  constructor(use: string) {
    this.#for = use
  }

  /** Whoever writes spends it; a second time is a bug. */
  spend(): void {
    if (this.#spent) throw new BugError(`a permit for ${this.#for} was spent twice`)
    this.#spent = true
  }
}

export type Permit = OnePermit

/** The permit for a request whose every statement was allowed. */
export function permitFor(decisions: readonly Decision[]): Permit {
  if (decisions.length === 0) throw new BugError('a permit was asked for no statement')
  if (decisions.some(({ verdict }) => verdict !== 'Allow'))
    throw new BugError('a permit was asked for what is not allowed')
  return new OnePermit('statements')
}

/** What goes to the database without a statement of the agent's: the whole list. */
export type Housekeeping =
  | 'Sync' //            ends a unit whose parts were judged
  | 'Flush'
  | 'Close' //           of a statement or portal of this session
  | 'Describe' //        shows types and names, and runs nothing
  | 'EmptyQuery' //      a text without a statement, or a portal of one
  | 'Terminate'
  | 'CopyData' //        of a COPY that was permitted
  | 'CopyDone'
  | 'CopyFail'
  | 'CancelRequest'
  | 'BindData' //        the rest of a Bind whose statement was permitted
  | 'Poison' // the named Parse that cannot parse (DESIGN §4)
  | 'LookUp' //       the gateway asks what search_path is, which temporary tables there are …
  | 'Login' //           the gateway's own login at the database

/** The permit for what carries no statement of the agent's. */
export function permitHousekeeping(use: Housekeeping): Permit {
  return new OnePermit(use)
}

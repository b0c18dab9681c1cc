/** One resolved statement, by the policies that hold now. */
import { decide } from '../policy/decide.ts'
import type { SessionFacts } from '../policy/question.ts'
import type { Selection } from '../policy/select.ts'
import type { JudgedStatement } from '../session/judgement.ts'
import { type Refusal, refusalFor } from '../session/refusal.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import type { Resolved } from '../sql/resolved.ts'

export interface Asking {
  readonly selection: Selection
  readonly role: string
  readonly session: SessionFacts
  readonly server: ServerMajor
}

/** `text` is the whole message, to which positions belong. */
export function decideOne(text: string, resolved: Resolved, asking: Asking): JudgedStatement {
  const { facts } = resolved
  const own = Buffer.from(text, 'utf8').subarray(facts.span.start, facts.span.end).toString('utf8')
  const decision = decide({ resolved, text: own, ...asking })
  const { verdict, reason } = decision
  if (verdict === 'Allow' || reason === undefined) return { facts, resolved, decision }
  return { facts, resolved, decision, refusal: refusalFor(reason, 'ERROR', text) }
}

/** No policy selects the session any more: nothing of it is allowed, for that reason. */
export function refusedStatement(resolved: Resolved, refusal: Refusal): JudgedStatement {
  const decision = { verdict: 'Deny', considered: [], audited: [], limits: {} } as const
  return { facts: resolved.facts, resolved, decision, refusal }
}

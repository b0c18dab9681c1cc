/** What the client is told when the gateway says no: the fields of one ErrorResponse. */
import type { Reason } from '../policy/reason.ts'
import { errorFields } from '../policy/refusal.ts'
import { positionIn } from '../sql/splice.ts'
import { type ErrorFields, encodeErrorResponse } from '../wire/backend.ts'

export interface Refusal {
  readonly fields: ErrorFields
  /** The reason's code, for metrics and logs; PostgreSQL's own refusals have none. */
  readonly code?: string
  readonly policy?: string
  readonly rule?: string
}

/** A refusal for a reason of ours. `text` is the message's text, to which the reason's location belongs. */
export function refusalFor(reason: Reason, severity: 'ERROR' | 'FATAL' = 'ERROR', text?: string): Refusal {
  const position = text === undefined || reason.location === undefined ? undefined : positionIn(text, reason.location)
  return {
    fields: { ...errorFields(reason), severity, position },
    code: reason.code,
    ...(reason.policy === undefined ? {} : { policy: reason.policy }),
    ...(reason.rule === undefined ? {} : { rule: reason.rule }),
  }
}

/** A refusal in PostgreSQL's own words. */
export function postgresRefusal(sqlState: string, message: string): Refusal {
  return { fields: { severity: 'ERROR', sqlState, message } }
}

export function errorBytes(refusal: Refusal): Buffer {
  return encodeErrorResponse(refusal.fields)
}

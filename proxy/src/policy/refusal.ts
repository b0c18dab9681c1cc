/** A reason as the fields of an ErrorResponse: DETAIL is for programs (`code=… policy=… rule=…`), HINT is the way out. */
import type { Reason } from './reason.ts'
import { reasonEntry } from './reason-codes.ts'

export interface ReasonFields {
  readonly severity: 'ERROR'
  readonly sqlState: string
  readonly message: string
  readonly detail: string
  readonly hint?: string
}

/** The fields of the error that tells a client this reason. */
export function errorFields(reason: Reason): ReasonFields {
  const entry = reasonEntry(reason.code)
  const hint = reason.hint ?? entry.hint
  return {
    severity: 'ERROR',
    sqlState: entry.sqlState,
    message: reason.text,
    detail: detailOf(reason),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** `code=WriteNotAllowed policy=data/agents-read rule=reads relation=public.orders` */
export function detailOf(reason: Reason): string {
  const pairs = Object.entries({ code: reason.code, policy: reason.policy, rule: reason.rule, ...reason.about })
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quoted(value)}`])).join(' ')
}

/** Names may hold spaces, quotes and line ends; a reader that splits at spaces must still see pairs. */
function quoted(value: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value)
}

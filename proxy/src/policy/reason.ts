/**
 * No means no, and says why. The same value reaches the client (with its SQLSTATE), the audit line, the metric and the
 * status condition.
 */
import type { ReasonCode } from './reason-codes.ts'

export interface Reason {
  readonly code: ReasonCode
  /** The ERROR's message: names the thing and the way out; no literals, parameters, tokens or passwords. */
  readonly text: string
  readonly hint?: string
  /** `namespace/name` of the AccessPolicy that decided, if one did. */
  readonly policy?: string
  readonly rule?: string
  /** More `key=value` for DETAIL: `relation=public.orders`, `function=pg_catalog.pg_read_file`. */
  readonly about?: Readonly<Record<string, string>>
  /** Byte offset in the message's text. */
  readonly location?: number
}

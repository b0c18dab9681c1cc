/** What `decide` says of one statement. A list that can be read aloud. */
import type { Reason } from './reason.ts'

export type Verdict = 'Allow' | 'Deny' | 'RequireApproval'

export interface Decision {
  readonly verdict: Verdict
  /** For Deny and RequireApproval: why. The first that decided. */
  readonly reason?: Reason
  /** Every rule that had a say, for `policy explain` and recordings. */
  readonly considered: readonly {
    readonly policy: string
    readonly rule: string
    readonly verdict: Verdict
    readonly about: string
  }[]
  /** What policies in `mode: Audit` would have said; never changes `verdict`. */
  readonly audited: readonly { readonly policy: string; readonly verdict: Verdict; readonly reason?: Reason }[]
  readonly limits: StatementLimits
}

/** The smallest of all matching policies; undefined: no limit. */
export interface StatementLimits {
  readonly maxRows?: number
  readonly maxResultBytes?: number
  readonly statementTimeoutMs?: number
  readonly statementsPerMinute?: number
}

/** The policies of a login, ready for `decide`. Made by select.ts. */
import type { CompiledPolicy } from './compiled.ts'
import type { StatementLimits } from './decision.ts'
import type { Identity } from './identity.ts'
import type { Reason } from './reason.ts'

export interface Selection {
  /** Every policy that matched, in the order of their keys. */
  readonly policies: readonly CompiledPolicy[]
  readonly enforced: readonly CompiledPolicy[]
  readonly audited: readonly CompiledPolicy[]
  /** Audit policies whose condition fails, beside Enforce policies: they would refuse the login. */
  readonly failedAudits: readonly Reason[]
  /** Only Audit policies select the session: everything passes but what is refused always. */
  readonly auditOnly: boolean
  readonly roles: readonly string[]
  readonly limits: StatementLimits
  readonly identity: Identity
  readonly database: string
  /** The values of every claim that a policy's CEL may read: decisions depend on them. */
  readonly claimsRead: Readonly<Record<string, unknown>>
  /** Equal keys: the same policies, read against the same claims and identity. Part of every cache key of a decision. */
  readonly key: string
  /** Some `when` reads a clock or counter: decisions are not cached. */
  readonly changes: boolean
}

/** What is judged: one statement, by the policies that decide, with everything that a check may ask. */
import type { ServerMajor } from '../sql/catalog.ts'
import type { Kind } from '../sql/kinds.ts'
import type { Resolved, ResolvedAccess } from '../sql/resolved.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import type { StatementLimits } from './decision.ts'
import type { Reason } from './reason.ts'
import type { Selection } from './selection.ts'
import type { Unnamed } from './unnamed.ts'

/** What `session` holds in a `when`, besides what the Selection knows. */
export interface SessionFacts {
  readonly application: string
  readonly client: string
  /** Unix time, milliseconds. */
  readonly now: number
  readonly inTransaction: boolean
}

export interface DecideInput {
  readonly resolved: Resolved
  /** The statement's own text, comments included: what a `pattern` sees. */
  readonly text: string
  readonly selection: Selection
  readonly role: string
  readonly session: SessionFacts
  readonly server: ServerMajor
}

export interface Question extends DecideInput {
  /** The policies that decide: the enforcing ones, or for an audit those with the audited ones. */
  readonly policies: readonly CompiledPolicy[]
  readonly limits: StatementLimits
  readonly findings: readonly Finding[]
}

/** One thing to be judged: an access to a relation, or a kind of statement that no relation stands for. */
export interface Judged {
  readonly kind: Kind
  readonly part: number
  /** Undefined where it is judged by its kind. */
  readonly access?: ResolvedAccess
  /** False for what lies behind a relation, and for kinds that need no rule: only Deny and RequireApproval reach these. */
  readonly needsAllow: boolean
  /** The kind of the whole statement, where it only names its accesses (COPY, MERGE, EXPLAIN): a Deny may say it. */
  readonly also?: Kind
  /** Judged by its kind, but it touches relations that it does not name. */
  readonly unnamed?: Unnamed
}

/** What the rules say of it. */
export interface Finding {
  readonly judged: Judged
  readonly denied?: CompiledRule
  readonly approval?: CompiledRule
  readonly allowed?: CompiledRule
  /** A `when` that could not be evaluated. */
  readonly failed?: { readonly rule: CompiledRule; readonly why: string }
}

/** A check is named for what it finds, and returns a reason or nothing. */
export type Check = (question: Question) => Reason | undefined

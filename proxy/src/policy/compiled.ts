/** A policy made ready to be asked: names to sets, CEL and patterns to programs, durations to numbers. */
import type { Kind } from '../sql/kinds.ts'
import type { CelProgram } from './cel.ts'
import type { StatementLimits } from './decision.ts'
import type { NameMatcher } from './name-pattern.ts'
import type { Pattern } from './patterns.ts'

export interface CompiledPolicy {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  /** SHA-256 of the spec: differs whenever the policy does. A cache key. */
  readonly digest: string
  readonly mode: 'Enforce' | 'Audit'
  readonly gateways: ReadonlySet<string>
  readonly subjects: CompiledSubjects
  readonly databases: ReadonlySet<string> | 'All'
  readonly condition?: CelProgram
  readonly role?: string
  readonly rules: readonly CompiledRule[]
  readonly functions?: NameMatcher
  readonly limits: StatementLimits
  /** What people should know; nothing is refused for it. */
  readonly warnings: readonly PolicyProblem[]
}

export interface CompiledSubjects {
  readonly users: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** `namespace/name`. */
  readonly serviceAccounts: ReadonlySet<string>
}

export interface CompiledRule {
  readonly policy: string
  readonly name: string
  readonly action: 'Allow' | 'Deny' | 'RequireApproval'
  /** Undefined: every kind. */
  readonly kinds?: ReadonlySet<Kind>
  /** Undefined: every relation, and what touches none. */
  readonly tables?: NameMatcher
  readonly when?: CelProgram
  readonly pattern?: Pattern
  readonly message?: string
}

/** A mistake or a warning, with its place in the resource: `spec.rules[2].when`. */
export interface PolicyProblem {
  readonly path: string
  readonly message: string
}

/** Notes a mistake while compiling. */
export type Report = (path: string, message: string) => void

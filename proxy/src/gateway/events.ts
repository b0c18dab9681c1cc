/** What a gateway says of itself: logs and metrics listen. Nothing in here carries a secret or a statement's text. */
import type { Refusal } from '../session/refusal.ts'

export interface SessionLabels {
  readonly gateway: string
  readonly database: string
  readonly role: string
  readonly username: string
}

export interface GatewayEvents {
  loginRefused(gateway: string, client: string, refusal: Refusal): void
  sessionStarted(session: SessionLabels, client: string): void
  sessionEnded(session: SessionLabels, durationMs: number): void
  statementsPermitted(session: SessionLabels, count: number): void
  requestRefused(session: SessionLabels, refusal: Refusal): void
  auditDiffered(session: SessionLabels, policy: string, code: string): void
  catalogFailed(gateway: string, database: string, error: unknown): void
  policiesInForce(gateway: string, revision: string, sessions: number): void
  bug(where: string, error: unknown): void
}

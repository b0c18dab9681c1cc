/** What the gateway's judge says of a text: asked by an effect, answered by an event. */
import type { Decision } from '../policy/decision.ts'
import type { Resolved } from '../sql/resolved.ts'
import type { StatementFacts } from '../sql/statement.ts'
import type { Refusal } from './refusal.ts'

/** What a judgement rests on. Anything newer makes it stale. */
export interface Epoch {
  /** Of the policies in force for this session: counts up. */
  readonly policy: number
  /** Of the catalog: counts up. */
  readonly catalog: number
}

export interface Judgement extends Epoch {
  /** The agent's text. */
  readonly text: string
  /** What goes to the database instead; the same string if nothing had to be edited. */
  readonly sent: string
  /** Turns a position (1-based, characters) in `sent` into one in `text`. */
  readonly toOriginal?: (position: number) => number
  /** Names that were qualified: what the server says of `qualified` is about what the agent wrote as `written`. */
  readonly qualified?: readonly { readonly written: string; readonly qualified: string }[]
  /** `NameContext` that names were looked up in; see `SessionContext.key`. */
  readonly contextKey: string
  /** Set where the text as a whole is refused: it does not parse, or a name does not resolve. */
  readonly refusal?: Refusal
  readonly statements: readonly JudgedStatement[]
}

export interface JudgedStatement {
  readonly facts: StatementFacts
  readonly resolved: Resolved
  readonly decision: Decision
  /** Set where the decision is not Allow: what the client is told. */
  readonly refusal?: Refusal
}

/** A question to the judge. */
export type Ask =
  | { readonly what: 'text'; readonly text: string }
  /** Names as they were resolved, policies as they are now: for portals, whose plan is made. */
  | { readonly what: 'again'; readonly judgement: Judgement }

/** Whether nothing that it rests on has moved since. */
export function isFresh(judgement: Epoch, epoch: Epoch): boolean {
  return judgement.policy >= epoch.policy && judgement.catalog >= epoch.catalog
}

/** What happens to a session, and what it wants done: the whole of its contact with the world. */
import type { Permit } from '../policy/decide.ts'
import type { FrameEvent } from '../wire/frames.ts'
import type { RelationName } from './definitions.ts'
import type { Ask, Epoch, JudgedStatement, Judgement } from './judgement.ts'
import type { Refusal } from './refusal.ts'

/** `now` is in ms, of a clock that does not jump. */
export type SessionEvent =
  | { readonly is: 'clientSent'; readonly frames: readonly FrameEvent[]; readonly now: number }
  | { readonly is: 'serverSent'; readonly frames: readonly FrameEvent[]; readonly now: number }
  | { readonly is: 'judged'; readonly asked: readonly Ask[]; readonly judgements: readonly Judgement[] }
  /** The judge needs answers from the session's own connection before it can say. */
  | { readonly is: 'ownNeeded'; readonly queries: readonly string[] }
  | { readonly is: 'changed'; readonly epoch: Epoch }
  | { readonly is: 'ticked'; readonly now: number }
  /** The others had their turn: what waits is taken further. */
  | { readonly is: 'wentOn' }
  | { readonly is: 'cancelRequested' }
  /** No new units; ends when nothing is under way. */
  | { readonly is: 'drainStarted'; readonly refusal: Refusal }
  /** Ends now. */
  | { readonly is: 'killed'; readonly refusal: Refusal }
  | { readonly is: 'clientGone' }
  | { readonly is: 'serverGone' }

export type OwnRows = readonly (readonly (string | null)[])[]

export interface JudgeEffect {
  readonly do: 'judge'
  readonly asks: readonly Ask[]
  readonly searchPath: string
  /** What RESET search_path would make of it. */
  readonly resetSearchPath: string
  /** The end of the transaction may change what names mean. */
  readonly mayRevert: boolean
  readonly contextKey: string
  /** 'ask': the session has objects of its own; the judge may answer with `ownNeeded`. */
  readonly own: 'none' | 'ask'
  /** Answers to `ownNeeded`, one for each query. */
  readonly ownRows?: readonly OwnRows[]
  /** DDL of this session may be committed: read the shared catalog anew first. */
  readonly refreshCatalog: boolean
}

export type Effect =
  | { readonly do: 'writeClient'; readonly bytes: Buffer }
  | { readonly do: 'writeUpstream'; readonly permit: Permit; readonly bytes: Buffer }
  | JudgeEffect
  | { readonly do: 'cancelUpstream' }
  /** More waits than is taken at once: `wentOn` is asked for. */
  | { readonly do: 'goOn' }
  /** For metrics and logs: a request was refused. */
  | { readonly do: 'tellRefused'; readonly refusal: Refusal }
  /** For metrics and logs: statements were sent on. */
  | { readonly do: 'tellPermitted'; readonly statements: readonly JudgedStatement[] }
  /** DDL over these relations is about to be sent (undefined: over any); other sessions must not rely on what is known of them. */
  | { readonly do: 'definitionsChanging'; readonly relations: readonly RelationName[] | undefined }
  /** Its transaction is over, however it ended. */
  | { readonly do: 'definitionsSettled' }
  /** Both connections: what is written goes out first. */
  | { readonly do: 'close' }

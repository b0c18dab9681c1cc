/** What an attack is: data, so that the corpus can be read, counted and compared with the grammar and the lists. */
import type { RawClient } from '../raw-client.ts'
import type { Stage } from './stage.ts'

/** How an attack shows that it worked on a direct connection. Through the gateway none of these may be seen of any. */
export const effects = {
  rows: 'rows of a table, a sequence or a large object are other than before',
  objects: 'an object was made, changed or dropped',
  cluster:
    'a role, a database, a setting of the cluster, a replication slot or a prepared transaction is other than before',
  file: 'a file was written',
  upkeep: 'storage or statistics of a table are other than before',
  setting: 'a setting of the session, or who it is, is other than before',
  lock: 'the session holds a lock that others wait for',
  xid: 'the server gave out a transaction number: something was written, perhaps undone',
  asleep: 'the server slept',
  notified: 'another session was notified',
  killed: 'another session was ended',
  told: 'a value came back that the policy keeps: a secret, or what the attack says to look for',
} as const

export type Effect = keyof typeof effects

export interface Attack {
  readonly name: string
  readonly effect: Effect
  /** Query messages, one after the other. Through the gateway also as Parse, Bind, Execute, Sync each. */
  readonly sql: readonly string[]
  /** Instead of `sql`: its messages, sent by itself. What another client of its own received counts as well. */
  readonly play?: (client: RawClient, stage: Stage) => Promise<RawClient | undefined>
  /** The session’s first act, while a policy lets everything through; `play` comes once that has changed. */
  readonly first?: (client: RawClient, stage: Stage) => Promise<void>
  /** Done by the superuser before, on both servers. */
  readonly before?: string
  /** For `told`: what comes back, beside the secrets that are always looked for. */
  readonly says?: RegExp
  readonly since?: number
  readonly until?: number
}

export type Options = Partial<Omit<Attack, 'name' | 'effect' | 'sql' | 'play'>>

/** A table of attacks of one effect: name → text, texts, or texts with options. */
export function attacks(
  effect: Effect,
  table: Readonly<
    Record<string, string | readonly string[] | ({ readonly sql: string | readonly string[] } & Options)>
  >,
): readonly Attack[] {
  return Object.entries(table).map(([name, entry]) => {
    if (typeof entry === 'string') return { name, effect, sql: [entry] }
    if (isTexts(entry)) return { name, effect, sql: entry }
    const { sql, ...options } = entry
    return { name, effect, sql: typeof sql === 'string' ? [sql] : sql, ...options }
  })
}

function isTexts(entry: object): entry is readonly string[] {
  return Array.isArray(entry)
}

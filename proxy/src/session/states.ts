/**
 * The session's states and the events that each may meet: one table. The diagram in ARCHITECTURE.md is printed from it.
 *
 * What the client sends waits in the inbox in every state but those that take it from there; what the server sends is
 * matched against the expected replies in every state.
 */
import { BugError } from '../errors.ts'

export const states = {
  ready: 'units are taken from the inbox, examined and forwarded',
  judging: 'a verdict is awaited; nothing is taken from the inbox',
  lookingUp: 'the session asks its own connection what names mean; nothing is taken from the inbox',
  gated: 'the answer to one message decides how the next is read (COPY FROM STDIN, a bounded write)',
  copyIn: 'the server takes COPY data',
  streaming: 'a large Bind passes through, its statement already permitted',
  skipping: 'a request of this group failed: all up to its Sync is dropped',
  ended: 'nothing more is read, nothing more is sent',
} as const

export type State = keyof typeof states

/** Which state may follow which. */
export const transitions: Readonly<Record<State, readonly State[]>> = {
  ready: ['judging', 'lookingUp', 'gated', 'streaming', 'skipping', 'ended'],
  judging: ['ready', 'lookingUp', 'ended'],
  lookingUp: ['ready', 'judging', 'ended'],
  gated: ['ready', 'copyIn', 'skipping', 'ended'],
  copyIn: ['ready', 'gated', 'skipping', 'ended'],
  streaming: ['ready', 'skipping', 'ended'],
  skipping: ['ready', 'ended'],
  ended: [],
}

/** The next state, or a `BugError` if the table does not know the way. */
export function transition(from: State, to: State): State {
  if (from !== to && !transitions[from].includes(to)) throw new BugError(`no transition from ${from} to ${to}`)
  return to
}

/** Mermaid text of the table, for ARCHITECTURE.md. */
export function diagram(): string {
  const arrows = Object.entries(transitions).flatMap(([from, tos]) => tos.map(to => `  ${from} --> ${to}`))
  return ['stateDiagram-v2', '  [*] --> ready', ...arrows].join('\n')
}

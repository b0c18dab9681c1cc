/** What is sent for one message of the client, and what the session then waits for. */
import { encodeClose, encodeParse } from '../wire/frontend.ts'
import type { Item } from './inbox.ts'
import type { JudgedStatement, Judgement } from './judgement.ts'
import { type Expectation, expectation } from './replies.ts'

export interface Step {
  readonly item: Item
  readonly sends: readonly { readonly bytes: Buffer; readonly expect: Expectation }[]
  /** Statements that run, or are prepared, by it: all permitted. */
  readonly statements: readonly JudgedStatement[]
  /** Its reply decides how the client's next message is read; 'names': what the names in it mean. */
  readonly gate?: 'copyIn' | 'bound' | 'names'
  /** A large Bind: its parts follow. */
  readonly streams?: boolean
}

/** Holds the place of a message whose judgement has been asked for. */
export function waiting(item: Item): Step {
  return { item, sends: [], statements: [] }
}

/** Names have come to mean something else since `name` was prepared: it is prepared again, unseen. */
export function prepareAgain(
  name: string,
  sent: string,
  types: readonly number[],
  group: number,
  judgement: Judgement,
): Step['sends'] {
  const close = { bytes: encodeClose('Statement', name), expect: expectation({ of: 'Close', group, hidden: true }) }
  const parse = {
    bytes: encodeParse(name, sent, types),
    expect: expectation({ of: 'Parse', group, hidden: true, judgement }),
  }
  return [close, parse]
}

export function hasCopyIn(judgement: Judgement): boolean {
  return judgement.statements.some(statement => statement.facts.copy?.direction === 'In')
}

/**
 * Sending on, and refusing. A refused request never reaches the server; whether the server must be told of a failure
 * depends on what it has already been given:
 *
 *     outside a transaction, nothing of the group sent   our own ErrorResponse and ReadyForQuery; nothing is sent
 *     in a transaction, or an earlier part was sent      a Parse that cannot parse fails it there as well, and our
 *                                                        ErrorResponse takes the place of the server's
 */
import { BugError } from '../errors.ts'
import { type Permit, permitFor, permitHousekeeping } from '../policy/decide.ts'
import { encodeFlush, encodeParse, encodeSync, encodeTerminate } from '../wire/frontend.ts'
import { frontend } from '../wire/messages.ts'
import type { SessionCore } from './core.ts'
import { definitionsChangedBy } from './definitions.ts'
import { endsItself, type Item } from './inbox.ts'
import type { JudgedStatement } from './judgement.ts'
import type { NameChange } from './names.ts'
import { errorBytes, type Refusal } from './refusal.ts'
import { transactionFailed } from './refusals.ts'
import { type Expectation, expectation } from './replies.ts'
import type { Step } from './steps.ts'

/** Sends steps up to and including the first gate; says how many. */
export function forward(core: SessionCore, steps: readonly Step[]): number {
  for (const [index, step] of steps.entries()) {
    send(core, step)
    if (step.gate === undefined) continue
    if (step.item.kind === 'message' && step.item.type === frontend.Execute) core.keepHouse('Flush', encodeFlush())
    core.gate = core.replies.last
    core.enter('gated')
    return index + 1
  }
  return steps.length
}

function send(core: SessionCore, step: Step): void {
  if (step.item.kind === 'message' && isEnd(step.item.type)) return endUnit(core, step.item.type)
  if (step.sends.some(({ expect }) => expect.of !== 'Parse')) {
    for (const statement of step.statements) willRun(core, statement)
  }
  for (const { bytes, expect } of step.sends) {
    core.toServer(permitOf(step, expect), bytes)
    core.expect(expect)
    if (expect.of === 'Query') endQuery(core)
    if (expect.of === 'Query' || expect.of === 'Execute')
      core.effects.push({ do: 'tellPermitted', statements: step.statements })
  }
  if (step.streams === true) core.enter('streaming')
}

/** What carries no statement says what it is instead. */
function permitOf({ statements }: Step, { of }: Expectation): Permit {
  if (statements.length > 0) return permitFor(statements.map(({ decision }) => decision))
  return permitHousekeeping(of === 'Describe' || of === 'Close' ? of : 'EmptyQuery')
}

/** A Query ends whatever group it stands in: its ReadyForQuery is the group's. */
function endQuery(core: SessionCore): void {
  core.depth += 1
  core.endGroup()
}

function willRun(core: SessionCore, statement: JudgedStatement): void {
  core.context.willRun(statement)
  const relations = definitionsChangedBy(statement)
  if (relations === 'None') return
  core.effects.push({ do: 'definitionsChanging', relations })
}

function isEnd(type: number): boolean {
  return type === frontend.Sync || type === frontend.Flush || type === frontend.Terminate
}

/** Sync, Flush or Terminate. */
export function endUnit(core: SessionCore, type: number): void {
  if (type === frontend.Sync) {
    sync(core)
    core.endGroup()
  } else if (type === frontend.Flush) {
    if (core.groupSent) core.keepHouse('Flush', encodeFlush())
  } else {
    core.keepHouse('Terminate', encodeTerminate())
    core.end()
  }
}

/** The caller ends the group. */
export function sync(core: SessionCore): void {
  core.keepHouse('Sync', encodeSync())
  core.expect(expectation({ of: 'Sync', group: core.group }))
  core.depth += 1
}

/** `rest`: the refused message and what follows it in its unit. */
export function refuse(core: SessionCore, found: Refusal | undefined, rest: readonly Item[]): void {
  const [refused, ...later] = rest
  if (found === undefined || refused === undefined) throw new BugError('a message was left without a reason')
  const refusal = core.transaction === 'E' ? inFailedTransaction(refused, found) : found
  core.tellRefused(refusal)
  const change = dropsUnnamed(refused) ? noUnnamed : undefined
  core.inbox.putBack(later)
  if (refusal.fields.severity === 'FATAL') core.end(refusal)
  else if (endsItself(refused)) refuseQuery(core, refusal, change)
  else refuseExtended(core, refusal, change)
}

const noUnnamed: NameChange = { sort: 'statement', name: '', entry: undefined }

/** The server drops the unnamed statement before it looks at the text of a Query, or of a Parse without a name. */
function dropsUnnamed(refused: Item): boolean {
  if (refused.kind !== 'message') return false
  return refused.type === frontend.Query || (refused.type === frontend.Parse && refused.bytes[5] === 0)
}

/** In a failed transaction the server reads a statement's grammar, and no further. */
function inFailedTransaction(refused: Item, refusal: Refusal): Refusal {
  const hasText = refused.kind === 'message' && (refused.type === frontend.Query || refused.type === frontend.Parse)
  return hasText && refusal.fields.severity === 'ERROR' && refusal.fields.sqlState !== '42601'
    ? transactionFailed()
    : refusal
}

/** A Query has a ReadyForQuery of its own, and ends whatever group it stands in. */
function refuseQuery(core: SessionCore, refusal: Refusal, change: NameChange | undefined): void {
  if (serverMustFail(core)) {
    poison(core, refusal, change)
    sync(core)
  } else {
    answerRefusal(core, refusal, change)
    core.answerReady()
  }
  core.endGroup()
}

export function refuseExtended(core: SessionCore, refusal: Refusal, change?: NameChange): void {
  if (serverMustFail(core)) {
    poison(core, refusal, change)
    core.keepHouse('Flush', encodeFlush())
  } else answerRefusal(core, refusal, change)
  core.enter('skipping')
}

function answerRefusal(core: SessionCore, refusal: Refusal, change: NameChange | undefined): void {
  core.answer(errorBytes(refusal))
  if (change !== undefined) core.names.confirm(change)
}

function serverMustFail(core: SessionCore): boolean {
  return core.groupSent || core.transaction !== 'I'
}

/** A named Parse: an unnamed one would drop the client's own. Its text cannot parse, so it touches nothing. */
function poison(core: SessionCore, refusal: Refusal, change: NameChange | undefined): void {
  core.keepHouse('Poison', encodeParse('sallyport refused', 'refused by the gateway'))
  core.expect(expectation({ of: 'Poison', group: core.group, refusal, ...(change === undefined ? {} : { change }) }))
}

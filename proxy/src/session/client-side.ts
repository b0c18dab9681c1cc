/**
 * The client's requests, taken from the inbox as the session's state allows: unit by unit they are examined, judged, and
 * sent on or refused; COPY data, large Binds and what follows a failure pass by the item.
 */

import { settings } from '../settings.ts'
import { encodeFlush } from '../wire/frontend.ts'
import { frontend } from '../wire/messages.ts'
import type { SessionCore } from './core.ts'
import { type Examination, examine } from './examine.ts'
import { endUnit, forward, refuse, sync } from './forward.ts'
import { endsItself, type Unit } from './inbox.ts'
import { beginLookUp } from './look-up.ts'
import type { Refusal } from './refusal.ts'
import { pipelineTooDeep, rateExceeded, unexpectedInCopy } from './refusals.ts'

/** Takes from the inbox whatever can be taken now. */
export function pump(core: SessionCore): void {
  while (core.taken < settings.maxItemsAtOnce) if (!takeOne(core)) return
  if (core.isGoingOn) return
  core.isGoingOn = true
  core.effects.push({ do: 'goOn' })
}

/** Replies are in, or a question is answered: what waited may be taken again. */
export function resume(core: SessionCore): void {
  core.isWaiting = false
  pump(core)
}

function takeOne(core: SessionCore): boolean {
  switch (core.state) {
    case 'ready':
      return core.groupFailed ? startSkipping(core) : takeUnit(core)
    case 'skipping':
      return skip(core)
    case 'copyIn':
      return copy(core)
    case 'streaming':
      return stream(core)
    default:
      return false
  }
}

function startSkipping(core: SessionCore): true {
  core.enter('skipping')
  return true
}

function takeUnit(core: SessionCore): boolean {
  if (core.isWaiting) return false
  if (core.draining !== undefined && core.isAtRest) {
    core.end(core.draining)
    return false
  }
  const unit = core.inbox.takeUnit()
  if (unit === undefined) return false
  core.taken += unit.items.length
  if (core.depth < core.limits.maxPipelineDepth) return handleUnit(core, unit)
  core.end(pipelineTooDeep(core.limits.maxPipelineDepth))
  return false
}

function handleUnit(core: SessionCore, unit: Unit): boolean {
  if (!namesAreKnown(core)) return lookUpFirst(core, unit)
  const examination = core.lookUpFailure === undefined ? examine(core, unit) : unanswered(core.lookUpFailure)
  if (examination.isUncertain && !core.isDrained) return waitForReplies(core, unit)
  if (examination.asks.length > 0) return askJudge(core, unit, examination)
  if (examination.refusal !== undefined && !core.isDrained) return waitForReplies(core, unit)
  const { steps, exceeded } = withinRate(core, examination)
  core.forgetQuestions()
  const sent = forward(core, steps)
  const rest = unit.items.slice(sent)
  if (core.state === 'gated') core.inbox.putBack(rest)
  // Whether the server would read a Query at all depends on what is before it: it skips to Sync when that has failed.
  else if (endsItself(rest[0]) && !core.isDrained) return waitForReplies(core, { items: rest, complete: true })
  else if (rest.length > 0) refuse(core, exceeded ?? examination.refusal, rest)
  return true
}

/** The session could not be asked what its names mean: the unit is refused with what the server said to that. */
function unanswered(refusal: Refusal): Examination {
  return { steps: [], refusal, asks: [], isUncertain: false }
}

/** In a failed transaction the server answers nothing but ROLLBACK: it cannot be asked, and need not be. */
function namesAreKnown(core: SessionCore): boolean {
  return core.context.isKnown || core.transaction === 'E' || core.lookUpFailure !== undefined
}

function lookUpFirst(core: SessionCore, unit: Unit): boolean {
  if (!core.isDrained) return waitForReplies(core, unit)
  core.inbox.putBack(unit.items)
  beginLookUp(core, resume)
  return false
}

function waitForReplies(core: SessionCore, unit: Unit): false {
  core.inbox.putBack(unit.items)
  core.isWaiting = true
  if (core.groupSent) core.keepHouse('Flush', encodeFlush()) // or the server keeps them until Sync
  return false
}

function askJudge(core: SessionCore, unit: Unit, examination: Examination): false {
  core.inbox.putBack(unit.items)
  core.enter('judging')
  const { searchPath = '', resetSearchPath = '', key: contextKey, own, mayRevert } = core.context
  const refreshCatalog = core.context.takeCatalogUnknown()
  const ownRows = core.ownRows === undefined ? {} : { ownRows: core.ownRows }
  core.effects.push({
    do: 'judge',
    asks: examination.asks,
    searchPath,
    resetSearchPath,
    mayRevert,
    contextKey,
    own,
    refreshCatalog,
    ...ownRows,
  })
  return false
}

/** The steps before the first statement for which the minute has no room. */
function withinRate(core: SessionCore, { steps }: Examination): Pick<Examination, 'steps'> & { exceeded?: Refusal } {
  for (const [index, step] of steps.entries()) {
    for (const { decision } of step.sends.flatMap(({ expect }) => expect.statements ?? [])) {
      const limit = decision.limits.statementsPerMinute
      if (limit !== undefined && !core.rate.take(limit, core.now))
        return { steps: steps.slice(0, index), exceeded: rateExceeded(limit) }
    }
  }
  return { steps }
}

function skip(core: SessionCore): boolean {
  const item = core.inbox.takeItem()
  if (item === undefined) return false
  core.taken += 1
  if (item.kind !== 'message') return true
  if (item.type === frontend.Terminate) endUnit(core, item.type)
  if (item.type !== frontend.Sync) return core.state === 'skipping'
  core.enter('ready')
  if (core.groupSent || core.groupFailed) sync(core)
  else core.answerReady()
  core.groupFailed = false
  core.endGroup()
  return true
}

function copy(core: SessionCore): boolean {
  const item = core.inbox.takeItem()
  if (item === undefined) return false
  core.taken += 1
  if (item.kind === 'run') core.keepHouse('CopyData', item.bytes)
  if (item.kind !== 'message') return true
  if (item.type === frontend.CopyDone || item.type === frontend.CopyFail) {
    core.keepHouse('CopyData', item.bytes)
    core.enter(core.replies.head?.of === 'Query' ? 'gated' : 'ready')
  } else if (item.type === frontend.Terminate) endUnit(core, item.type)
  else if (item.type !== frontend.Sync && item.type !== frontend.Flush) core.end(unexpectedInCopy())
  return core.state !== 'ended'
}

function stream(core: SessionCore): boolean {
  const item = core.inbox.takeItem()
  if (item === undefined) return false
  core.taken += 1
  if (item.kind === 'part') core.keepHouse('BindData', item.bytes)
  else if (item.kind === 'end') core.enter('ready')
  return true
}

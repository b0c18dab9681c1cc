/**
 * The server's replies, matched against what is owed: passed on as they are, but for those to the gateway's own messages,
 * errors that it has overruled, and positions in a text that it has edited. A reply that nothing asked for ends the session.
 */
import { PeerProtocolError } from '../errors.ts'
import {
  decodeErrorFields,
  decodeParameterStatus,
  decodeReadyForQuery,
  editErrorFields,
  encodeNoticeResponse,
  errorField,
} from '../wire/backend.ts'
import type { FrameEvent } from '../wire/frames.ts'
import { backend, messageName } from '../wire/messages.ts'
import { withinBudget, writes } from './budget.ts'
import { resume } from './client-side.ts'
import type { SessionCore } from './core.ts'
import { refuseExtended } from './forward.ts'
import type { Judgement } from './judgement.ts'
import { errorBytes, type Refusal } from './refusal.ts'
import { pinnedSetting, serverViolation } from './refusals.ts'
import type { Expectation } from './replies.ts'

export function takeFromServer(core: SessionCore, frames: readonly FrameEvent[]): void {
  for (const frame of frames) {
    if (core.state === 'ended') return
    takeFrame(core, frame)
    answerLocals(core)
    if (core.isDrained && (core.isWaiting || core.draining !== undefined)) resume(core)
  }
}

function takeFrame(core: SessionCore, frame: FrameEvent): void {
  if (frame.kind === 'message') return takeMessage(core, frame.type, frame.bytes)
  if (frame.kind !== 'run') return core.end(serverViolation('a message that is larger than the gateway reads'))
  const head = core.replies.head
  if (head === undefined) throw unasked(frame.type)
  if (head.collected !== undefined) {
    head.collected.push(Buffer.from(frame.bytes))
    return
  }
  const bytes = withinBudget(core, head, frame)
  if (bytes !== undefined) core.reply(bytes)
}

/** Answers of our own, whose turn it is. */
function answerLocals(core: SessionCore): void {
  for (let head = core.replies.head; head?.of === 'Local'; head = core.replies.head) {
    if (head.bytes !== undefined) core.toClient(head.bytes)
    next(core)
  }
}

function takeMessage(core: SessionCore, type: number, bytes: Buffer): void {
  switch (type) {
    case backend.ParameterStatus:
      return parameterStatus(core, bytes)
    case backend.NoticeResponse:
      return core.toClient(atOriginalPosition(core, bytes))
    case backend.NotificationResponse:
      return core.toClient(bytes)
    case backend.ErrorResponse:
      return error(core, bytes)
    case backend.ReadyForQuery:
      return readyForQuery(core, bytes)
    default:
      return reply(core, type, bytes)
  }
}

const replyOf: Readonly<Record<number, Expectation['of']>> = {
  [backend.ParseComplete]: 'Parse',
  [backend.BindComplete]: 'Bind',
  [backend.CloseComplete]: 'Close',
}

function reply(core: SessionCore, type: number, bytes: Buffer): void {
  const head = core.replies.head
  if (head === undefined) throw unasked(type)
  const simple = replyOf[type]
  if (simple !== undefined) {
    if (head.of !== simple) throw unasked(type)
    return complete(core, head, bytes)
  }
  switch (type) {
    case backend.ParameterDescription:
      return pass(core, head, bytes)
    case backend.RowDescription:
    case backend.NoData:
      return head.of === 'Describe' ? complete(core, head, bytes) : pass(core, head, bytes)
    case backend.CommandComplete:
    case backend.EmptyQueryResponse:
      return statementComplete(core, head, bytes)
    case backend.PortalSuspended:
      return suspended(core, head, bytes)
    case backend.CopyInResponse:
      return openCopy(core, head, bytes)
    case backend.CopyOutResponse:
    case backend.CopyDone:
      return pass(core, head, bytes)
    default:
      throw unasked(type)
  }
}

function unasked(type: number): PeerProtocolError {
  return new PeerProtocolError(`the server sent ${messageName('Backend', type) ?? type} that nothing asked for`)
}

function pass(core: SessionCore, head: Expectation, bytes: Buffer): void {
  if (head.hidden !== true) core.reply(bytes)
}

function complete(core: SessionCore, head: Expectation, bytes: Buffer): void {
  pass(core, head, bytes)
  if (head.change !== undefined) core.names.confirm(head.change)
  next(core)
}

/** The reply at the head is complete: the next one runs from now, and what waited for this one goes on. */
function next(core: SessionCore): void {
  const head = core.replies.shift()
  const following = core.replies.head
  if (following !== undefined) following.startedAt = core.now
  head?.done?.()
  if (head !== undefined && head === core.gate) openGate(core)
}

function openGate(core: SessionCore): void {
  core.gate = undefined
  if (core.state === 'gated' || core.state === 'copyIn') core.enter('ready')
  resume(core)
}

function openCopy(core: SessionCore, head: Expectation, bytes: Buffer): void {
  if (core.state !== 'gated' || head !== core.gate) throw unasked(backend.CopyInResponse)
  core.toClient(bytes)
  core.enter('copyIn')
  resume(core)
}

function statementComplete(core: SessionCore, head: Expectation, bytes: Buffer): void {
  for (const change of head.changes?.[head.at] ?? []) core.names.confirm(change)
  if (head.of === 'Query') {
    if (head.overruled !== undefined) withhold(core, head, bytes)
    else core.toClient(bytes)
    head.at += 1
    return
  }
  if (head.of !== 'Execute') throw unasked(backend.CommandComplete)
  if (head.overruled === undefined) pass(core, head, bytes)
  else failLate(core, head.overruled)
  next(core)
}

/** It was over its budget, and done before it could be cancelled. */
function failLate(core: SessionCore, refusal: Refusal): void {
  if (core.replies.hasSync) {
    core.toClient(errorBytes(refusal))
    core.isDeaf = true
  } else refuseExtended(core, refusal)
}

/** A Query over its budget: if it only read, it fails; if it wrote, it is done, and the client is told what is missing. */
function withhold(core: SessionCore, head: Expectation, bytes: Buffer): void {
  const refusal = head.overruled
  if (refusal === undefined) return
  head.overruled = undefined
  head.withholding = false
  if (head.statements?.some(writes) !== true) {
    core.toClient(errorBytes(refusal))
    return
  }
  core.toClient(
    encodeNoticeResponse({
      ...refusal.fields,
      severity: 'WARNING',
      message: `${refusal.fields.message}: the rest is withheld`,
    }),
  )
  core.toClient(bytes)
}

/** A bounded statement that returned one row more than its budget has: it must not be committed. */
function suspended(core: SessionCore, head: Expectation, bytes: Buffer): void {
  if (head.overruled === undefined) return complete(core, head, bytes)
  const refusal = head.overruled
  core.gate = undefined
  next(core)
  refuseExtended(core, refusal)
  resume(core)
}

function parameterStatus(core: SessionCore, bytes: Buffer): void {
  const { name, value } = decodeParameterStatus(bytes)
  const pinned = pinnedSettings[name]
  if (pinned !== undefined && pinned !== value) return core.end(pinnedSetting(name, pinned))
  core.toClient(bytes)
}

/** What the parser relies on. */
const pinnedSettings: Readonly<Record<string, string>> = { client_encoding: 'UTF8', standard_conforming_strings: 'on' }

function error(core: SessionCore, bytes: Buffer): void {
  const head = core.replies.head
  const told = toldInstead(head)
  if (head?.collected !== undefined) core.lookUpFailure = { fields: fieldsOf(bytes) }
  else core.reply(told === undefined ? atOriginalPosition(core, bytes) : errorBytes(told))
  if (head === undefined || head.of === 'Sync') return
  if (head.of !== 'Query') return failGroup(core)
  head.withholding = false
  head.overruled = undefined
}

function toldInstead(head: Expectation | undefined): Refusal | undefined {
  return head?.of === 'Poison' ? head.refusal : head?.overruled
}

function failGroup(core: SessionCore): void {
  const failed = core.replies.head
  const hasSync = core.replies.dropToSync(entry => {
    if (entry.change !== undefined)
      core.names[entry === failed && entry.of === 'Poison' ? 'confirm' : 'drop'](entry.change)
    for (const changes of entry.changes ?? []) for (const change of changes) core.names.drop(change)
    if (entry === core.gate) core.gate = undefined
    entry.done?.()
  })
  const head = core.replies.head
  if (head !== undefined) head.startedAt = core.now
  if (!hasSync) core.groupFailed = true
  if (core.gate === undefined && (core.state === 'gated' || core.state === 'copyIn')) core.enter('ready')
  resume(core)
}

function readyForQuery(core: SessionCore, bytes: Buffer): void {
  const head = core.replies.head
  if (head?.of !== 'Sync' && head?.of !== 'Query') throw unasked(backend.ReadyForQuery)
  core.transaction = decodeReadyForQuery(bytes)
  core.isDeaf = false
  if (core.transaction === 'I') {
    core.names.endTransaction()
    if (core.context.changesObjects) core.effects.push({ do: 'definitionsSettled' })
    core.context.becameIdle()
  }
  if (head.of === 'Query') endQuery(core, head)
  if (head.hidden !== true) {
    core.toClient(bytes)
    core.depth -= 1
    core.lastActiveAt = core.now
  }
  next(core)
}

/** What its later statements would have changed did not happen; the unnamed statement is gone. */
function endQuery(core: SessionCore, head: Expectation): void {
  for (const changes of head.changes?.slice(head.at) ?? []) for (const change of changes) core.names.drop(change)
  core.names.confirm({ sort: 'statement', name: '', entry: undefined })
}

/** The server points into the text that it was given; the client is to see its own. */
function atOriginalPosition(core: SessionCore, bytes: Buffer): Buffer {
  const judgement = core.replies.head?.judgement
  if (judgement?.toOriginal === undefined) return bytes
  const fields = decodeErrorFields(bytes)
  const position = errorField(fields, 'P')
  const message = errorField(fields, 'M')
  const asWritten = message === undefined ? undefined : inTheirWords(message, judgement)
  const changes = {
    ...(asWritten === message ? {} : { M: asWritten }),
    ...(position === undefined ? {} : { P: String(judgement.toOriginal(Number(position))) }),
  }
  return Object.keys(changes).length === 0 ? bytes : editErrorFields(bytes, changes)
}

/** `function pg_catalog.nosuch(integer)`, `relation "public.t"`, `type public.base`: the schema was ours. */
function inTheirWords(message: string, { qualified = [] }: Judgement): string {
  return qualified.reduce((words, { written, qualified: ours }) => {
    const whole = new RegExp(`(?<![\\w.])${ours.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w.])`, 'gu')
    return words.includes(ours) ? words.replace(whole, () => written) : words
  }, message)
}

function fieldsOf(bytes: Buffer): Refusal['fields'] {
  const fields = decodeErrorFields(bytes)
  return {
    severity: 'ERROR',
    sqlState: errorField(fields, 'C') ?? 'XX000',
    message: errorField(fields, 'M') ?? 'look-up failed',
  }
}

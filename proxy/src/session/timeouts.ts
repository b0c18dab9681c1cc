/** What time does to a session; asked a few times a second. */
import type { SessionCore } from './core.ts'
import { idleTooLong, statementTimedOut, tokenEnded } from './refusals.ts'

export function tick(core: SessionCore): void {
  endWithToken(core)
  if (core.state === 'ended') return
  if (core.draining !== undefined && core.isAtRest && core.state === 'ready') return core.end(core.draining)
  if (core.isDrained) endIdle(core)
  else endSlowStatement(core)
}

/** The running transaction may finish, within the grace. */
function endWithToken(core: SessionCore): void {
  if (core.now < core.tokenExpiresAt) return
  if (core.isAtRest || core.now >= core.tokenExpiresAt + core.limits.tokenGraceMs) core.end(tokenEnded())
}

function endIdle(core: SessionCore): void {
  if (core.state !== 'ready' && core.state !== 'skipping') return
  const inTransaction = core.transaction !== 'I' || core.groupSent
  const limitMs = inTransaction ? core.limits.idleInTransactionTimeoutMs : core.limits.idleTimeoutMs
  if (core.now - core.lastActiveAt >= limitMs) core.end(idleTooLong(inTransaction))
}

function endSlowStatement(core: SessionCore): void {
  const head = core.replies.head
  if (head === undefined || head.overruled !== undefined || core.state === 'copyIn') return
  const limitMs = head.statements?.[head.at]?.decision.limits.statementTimeoutMs
  if (limitMs === undefined || core.now - head.startedAt < limitMs) return
  head.overruled = statementTimedOut()
  core.effects.push({ do: 'cancelUpstream' })
}

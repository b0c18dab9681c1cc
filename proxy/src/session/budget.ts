/** Rows and bytes: what a result may still return, and what becomes of one that returns more. */
import { groupOf } from '../sql/kinds.ts'
import { cutRun, type RunFrame } from '../wire/frames.ts'
import type { SessionCore } from './core.ts'
import type { JudgedStatement } from './judgement.ts'
import type { Usage } from './names.ts'
import type { Refusal } from './refusal.ts'
import { bytesExceeded, rowsExceeded } from './refusals.ts'
import type { Expectation } from './replies.ts'

export function writes(statement: JudgedStatement): boolean {
  const { facts } = statement
  return (
    groupOf(facts.kind) !== 'Read' || facts.parts.some(part => groupOf(part.kind) === 'Write' && part.kind !== 'Lock')
  )
}

/**
 * A statement that writes and returns rows is sent with room for one row more than its budget, so that it is seen to
 * exceed it before its Sync is sent, and can still be undone. Undefined: no need, or the client asked for less.
 */
export function boundRows(statement: JudgedStatement, usage: Usage, askedRows: number): number | undefined {
  const { maxRows } = statement.decision.limits
  if (maxRows === undefined || !statement.facts.returnsRows || !writes(statement)) return undefined
  const bound = Math.max(0, maxRows - usage.rows) + 1
  return askedRows > 0 && askedRows < bound ? undefined : bound
}

/** The part of a run of rows that the client may have; counts it, and ends the statement where it exceeds its budget. */
export function withinBudget(core: SessionCore, head: Expectation, run: RunFrame): Buffer | undefined {
  if (head.withholding) return restOfRow(head, run)
  const limits = head.statements?.[head.at]?.decision.limits
  const usage = head.usage?.[head.at]
  if (limits === undefined || usage === undefined) return run.bytes
  const roomForRows = (limits.maxRows ?? Number.POSITIVE_INFINITY) - usage.rows
  usage.rows += run.count
  usage.bytes += run.bytes.length
  if (usage.bytes > (limits.maxResultBytes ?? Number.POSITIVE_INFINITY)) {
    exceed(core, head, bytesExceeded(limits.maxResultBytes ?? 0))
    head.isMidRow = run.firstBoundary !== 0
    return restOfRow(head, run)
  }
  if (run.count <= roomForRows) return run.bytes
  exceed(core, head, rowsExceeded(limits.maxRows ?? 0))
  return run.bytes.subarray(0, cutRun(run, roomForRows))
}

/** A row that the client has the beginning of is completed: a message cannot be left half said. */
function restOfRow(head: Expectation, run: RunFrame): Buffer | undefined {
  if (!head.isMidRow) return undefined
  head.isMidRow = run.firstBoundary === -1 && run.count === 0
  return run.firstBoundary === -1 ? run.bytes : run.bytes.subarray(0, run.firstBoundary)
}

function exceed(core: SessionCore, head: Expectation, refusal: Refusal): void {
  head.withholding = true
  head.overruled = refusal
  const isWrite = head.statements?.some(writes) ?? true
  if (!isWrite && head.isBound !== true) core.effects.push({ do: 'cancelUpstream' })
}

/**
 * Asking the session's own connection, in the client's own transaction, what names mean: search_path, and whether there
 * are temporary objects. The statements are named, so that the client's unnamed one stays.
 */

import { decodeDataRow } from '../wire/backend.ts'
import { encodeBind, encodeClose, encodeExecute, encodeFlush, encodeParse, encodeSync } from '../wire/frontend.ts'
import type { SessionCore } from './core.ts'
import type { OwnRows } from './effects.ts'
import { serverViolation } from './refusals.ts'
import { expectation } from './replies.ts'

/** SHOW takes no snapshot, so that SET TRANSACTION may still follow; the second is asked only where it may be true. */
const showSearchPath = 'SHOW search_path'
const temporarySchema = 'SELECT pg_catalog.pg_my_temp_schema()'

/** `resume` is called when the answer, or the failure, is known. */
export function beginLookUp(core: SessionCore, resume: (core: SessionCore) => void): void {
  const queries = core.context.mayHaveTemporary ? [showSearchPath, temporarySchema] : [showSearchPath]
  askServer(core, queries, resume, answers => {
    const searchPath = answers[0]?.[0]?.[0]
    if (searchPath === undefined || searchPath === null) return core.end(serverViolation('no search_path'))
    const schema = answers[1]?.[0]?.[0]
    core.context.learned(
      searchPath,
      schema !== undefined && schema !== null && schema !== '0',
      core.transaction !== 'I',
    )
  })
}

/** Questions of the judge about objects that only this session sees. */
export function askOwn(core: SessionCore, queries: readonly string[], resume: (core: SessionCore) => void): void {
  askServer(core, queries, resume, answers => {
    core.ownRows = answers
  })
}

function askServer(
  core: SessionCore,
  queries: readonly string[],
  resume: (core: SessionCore) => void,
  learn: (answers: readonly OwnRows[]) => void,
): void {
  core.enter('lookingUp')
  const isOwnGroup = !core.groupSent
  const answers = queries.map(() => [] as Buffer[])
  const finish = (): void => {
    if (core.state === 'ended') return
    if (core.lookUpFailure === undefined) learn(answers.map(rowsOf))
    if (core.state === 'lookingUp') core.enter('ready')
    resume(core)
  }
  for (const [index, sql] of queries.entries()) {
    const isLast = index === queries.length - 1
    sendQuestion(core, sql, answers[index] ?? [], isLast && !isOwnGroup ? finish : undefined)
  }
  core.keepHouse('LookUp', isOwnGroup ? encodeSync() : encodeFlush())
  if (!isOwnGroup) return
  core.expect(expectation({ of: 'Sync', group: core.group, hidden: true, done: finish }))
  core.groupSent = false
}

const questionName = 'sallyport question'

function sendQuestion(core: SessionCore, sql: string, collected: Buffer[], done: (() => void) | undefined): void {
  const messages = [
    encodeParse(questionName, sql),
    encodeBind({ portal: questionName, statement: questionName }),
    encodeExecute(questionName),
    encodeClose('Portal', questionName),
    encodeClose('Statement', questionName),
  ]
  core.keepHouse('LookUp', Buffer.concat(messages))
  const hidden = { group: core.group, hidden: true, collected }
  for (const step of ['Parse', 'Bind', 'Execute', 'Close'] as const) core.expect(expectation({ of: step, ...hidden }))
  core.expect(expectation({ of: 'Close', ...hidden, ...(done === undefined ? {} : { done }) }))
}

function rowsOf(chunks: readonly Buffer[]): OwnRows {
  const bytes = Buffer.concat(chunks)
  const rows: (string | null)[][] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + bytes.readUInt32BE(at + 1)
    rows.push(decodeDataRow(bytes.subarray(at, end)).map(value => value?.toString('utf8') ?? null))
    at = end
  }
  return rows
}

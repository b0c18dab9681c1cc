/** What an ordinary driver shows of an answer, as lines. */
import pg from 'pg'
import { table } from '../output.ts'

export interface Refused {
  readonly code: string
  readonly sqlState: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}

/** The fields of the server's error; the reason's code is in DETAIL. */
export function refusalOf(error: unknown): Refused {
  if (!(error instanceof pg.DatabaseError)) return { code: 'NoAnswer', sqlState: '-----', message: String(error) }
  const { code: sqlState = '', message, detail, hint } = error
  const code = /\bcode=(\w+)/.exec(detail ?? '')?.[1] ?? sqlState
  return {
    code,
    sqlState,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  }
}

export function drawAnswer(who: string, sql: string, answer: pg.QueryResult | Refused): readonly string[] {
  return [
    `\n  ${who}=> ${sql}`,
    ...('rows' in answer ? drawRows(answer) : drawRefusal(answer)).map(line => `     ${line}`),
  ]
}

function drawRows({ rows, fields, command, rowCount }: pg.QueryResult): readonly string[] {
  if (fields.length === 0) return [`${command} ${rowCount ?? ''}`.trimEnd()]
  const lines = rows.slice(0, 20).map(row => fields.map(({ name }) => cell(row[name])))
  const more = rows.length > 20 ? [`… ${rows.length - 20} more`] : []
  return [
    ...table(
      fields.map(({ name }) => name),
      lines,
    ),
    ...more,
    `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`,
  ]
}

function drawRefusal({ sqlState, message, detail, hint }: Refused): readonly string[] {
  return [
    `ERROR   ${sqlState}  ${message}`,
    ...(detail === undefined ? [] : [`DETAIL  ${detail}`]),
    ...(hint === undefined ? [] : [`HINT    ${hint}`]),
  ]
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

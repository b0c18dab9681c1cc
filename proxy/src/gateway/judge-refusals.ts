/** What the judge says where it has no verdict. */
import { type Refusal, refusalFor } from '../session/refusal.ts'
import { settings } from '../settings.ts'
import type { SqlRefusal } from '../sql/resolved.ts'
import { positionIn } from '../sql/splice.ts'

/** PostgreSQL's words, at PostgreSQL's position; a code where the reason is ours. */
export function refusalOf(text: string, error: SqlRefusal | undefined): Refusal {
  if (error === undefined) return unproven
  const { sqlState, message, detail, hint, location, code } = error
  const position = location === undefined ? undefined : positionIn(text, location)
  const told = code === undefined ? detail : `code=${code}${detail === undefined ? '' : ` ${detail}`}`
  return {
    fields: { severity: 'ERROR', sqlState, message, detail: told, hint, position },
    ...(code === undefined ? {} : { code }),
  }
}

export const catalogUnavailable = refusalFor({
  code: 'CatalogUnavailable',
  text: 'the gateway cannot read the database’s catalog at present, and judges nothing without it',
  hint: 'Try again in a few seconds.',
})

export const unproven = refusalFor({
  code: 'NotUnderstood',
  text: 'the statement could not be rewritten so that its names are certain',
  hint: 'Qualify its names with their schemas.',
})

export const tooManyStatements: SqlRefusal = {
  sqlState: '54000',
  message: `more than ${settings.maxStatementsOfText} statements in one message`,
  hint: 'Send them in several messages.',
  code: 'StatementTooLarge',
}

export function statementTooLarge(limit: number): SqlRefusal {
  return {
    sqlState: '54000',
    message: `statement is larger than ${limit} bytes`,
    hint: 'Send data as parameters or with COPY, or split the statement.',
    code: 'StatementTooLarge',
  }
}

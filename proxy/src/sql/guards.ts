/**
 * What is refused before the parser sees it, because the parser would cut it, take minutes over it, or die of it
 * (docs/adr: parser). The server's own lexer is quadratic in the same places, so nothing legitimate is lost.
 */
import { settings } from '../settings.ts'
import type { SqlRefusal } from './resolved.ts'

/** The reason not to parse this text, or nothing. */
export function guard(text: string): SqlRefusal | undefined {
  if (text.length > settings.maxStatementBytes || byteLength(text) > settings.maxStatementBytes) return tooLarge
  if (text.includes('\0')) return hasNul // the parser would stop there and judge only what comes before
  if (!text.isWellFormed()) return illFormed // a driver would encode it otherwise than we do
  if (countOf(text, '/*') > settings.maxCommentOpenings) return tooManyComments
  if (longRun.test(text)) return tooManySigns
  return undefined
}

/** Bytes of UTF-8, without making them. */
export function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return bytes
}

function countOf(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++
  return count
}

const longRun = new RegExp(`[+-]{${settings.maxSignRun + 1}}`)

const tooLarge: SqlRefusal = {
  sqlState: '54000',
  message: `statement is larger than ${settings.maxStatementBytes} bytes`,
  hint: 'Send data as parameters or with COPY, or split the statement.',
  code: 'StatementTooLarge',
}
const hasNul: SqlRefusal = {
  sqlState: '22021',
  message: 'invalid byte sequence for encoding "UTF8": 0x00',
  code: 'NotUnderstood',
}
const illFormed: SqlRefusal = {
  sqlState: '22021',
  message: 'invalid byte sequence for encoding "UTF8"',
  code: 'NotUnderstood',
}
const tooManyComments: SqlRefusal = {
  sqlState: '54001',
  message: `statement opens more than ${settings.maxCommentOpenings} comments`,
  code: 'StatementTooComplex',
}
const tooManySigns: SqlRefusal = {
  sqlState: '54001',
  message: `statement has a run of more than ${settings.maxSignRun} signs`,
  code: 'StatementTooComplex',
}

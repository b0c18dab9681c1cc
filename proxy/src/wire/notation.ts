import { isUtf8 } from 'node:buffer'
import { BugError } from '../errors.ts'

/**
 * How a message is written as one line: a name, then values and `key=value` pairs.
 *
 *     Bind "" "s1" formats=[1] values=["7" NULL x'00ff'] results=[]
 *
 * Strings are JSON strings, bytes that are no text are x'…', lists are [ … ]; nothing else has quotes.
 */
export type Value = string | number | Buffer | null | Word | readonly Value[]

/** A bare word, such as Statement or (hidden). */
export interface Word {
  readonly word: string
}

export interface Line {
  readonly name: string
  readonly values: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** One line; `named` pairs come last. */
export function printLine(
  name: string,
  values: readonly Value[],
  named: Iterable<readonly [string, Value]> = [],
): string {
  const pairs = [...named].map(([key, value]) => `${printKey(key)}=${printValue(value)}`)
  return [name, ...values.map(printValue), ...pairs].join(' ')
}

/** Reads a line that `printLine` wrote, or that a person wrote the same way. */
export function parseLine(line: string): Line {
  const tokens = line.match(/"(?:[^"\\]|\\.)*"|x'[0-9a-f]*'|[[\]=]|[^\s[\]"=]+/g) ?? []
  const values: Value[] = []
  const named = new Map<string, Value>()
  const rest = tokens.slice(1)
  while (rest.length > 0) {
    if (rest[1] === '=') named.set(keyOf(rest.splice(0, 2)[0] ?? ''), takeValue(rest))
    else values.push(takeValue(rest))
  }
  return { name: tokens[0] ?? '', values, named }
}

function printValue(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Buffer.isBuffer(value)) return isText(value) ? JSON.stringify(value.toString()) : `x'${value.toString('hex')}'`
  return 'word' in value ? value.word : `[${value.map(printValue).join(' ')}]`
}

/** UTF-8 without control characters other than tab and line ends. */
function isText(value: Buffer): boolean {
  return isUtf8(value) && value.every(byte => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

function printKey(key: string): string {
  return /^[\w.]+$/.test(key) ? key : JSON.stringify(key)
}

function keyOf(token: string): string {
  return token.startsWith('"') ? String(JSON.parse(token)) : token
}

function takeValue(tokens: string[]): Value {
  const token = tokens.shift()
  if (token === undefined || token === ']' || token === '=') throw new BugError('a value is missing in this line')
  if (token === '[') return takeList(tokens)
  if (token === 'NULL') return null
  if (token.startsWith('"')) return String(JSON.parse(token))
  if (token.startsWith("x'")) return Buffer.from(token.slice(2, -1), 'hex')
  return /^-?\d+$/.test(token) ? Number(token) : { word: token }
}

function takeList(tokens: string[]): readonly Value[] {
  const values: Value[] = []
  while (tokens[0] !== ']') values.push(takeValue(tokens))
  tokens.shift()
  return values
}

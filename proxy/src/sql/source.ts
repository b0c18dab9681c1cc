/**
 * A statement's text as the parser counts it, in bytes of UTF-8, and the reading of names in it. The tree says where a
 * name begins; where it ends is read here, by PostgreSQL's rules for identifiers (`"…"`, `U&"…"` with UESCAPE, case
 * folding, 63 bytes, comments between the parts). What is read must spell what the tree says, or it is not used.
 */
import type { Name, Span } from './statement.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export class Source {
  readonly bytes: Uint8Array
  /** The text itself where each character is one byte: cutting it is much cheaper than decoding. */
  readonly #ascii: string | undefined

  constructor(text: string) {
    this.bytes = encoder.encode(text)
    this.#ascii = this.bytes.length === text.length ? text : undefined
  }

  /** The span of this name if it is written at `start`, and nothing if something else is. */
  nameAt(start: number, name: Name): Span | undefined {
    let at = start
    let end = start
    for (const [i, part] of name.entries()) {
      if (i > 0) {
        at = this.skipSpace(end)
        if (this.bytes[at] !== dot) return undefined
        at = this.skipSpace(at + 1)
      }
      const word = this.wordAt(at)
      if (word === undefined || word.value !== part) return undefined
      end = word.end
    }
    return end > start ? { start, end } : undefined
  }

  /** The identifier or keyword at `start`, decoded as PostgreSQL does. */
  wordAt(start: number): { readonly value: string; readonly end: number } | undefined {
    const first = this.bytes[start]
    if (first === quote) return this.#quoted(start)
    if (isLetter(first, 'u') && this.bytes[start + 1] === ampersand && this.bytes[start + 2] === quote)
      return this.#unicode(start)
    if (first === undefined || !isIdentifierStart(first)) return undefined
    let end = start + 1
    while (isIdentifierPart(this.bytes[end])) end++
    return { value: truncated(folded(this.slice(start, end))), end }
  }

  /** Past white space and comments. */
  skipSpace(start: number): number {
    let at = start
    for (;;) {
      if (isSpace(this.bytes[at])) at++
      else if (this.bytes[at] === dash && this.bytes[at + 1] === dash) at = this.#lineEnd(at)
      else if (this.bytes[at] === slash && this.bytes[at + 1] === star) at = this.#commentEnd(at)
      else return at
    }
  }

  /** Past that many words (or plain strings), and the space after them; -1 where something else stands. */
  skipWords(start: number, count: number): number {
    let at = this.skipSpace(start)
    for (let i = 0; i < count; i++) {
      const end = this.bytes[at] === apostrophe ? this.#closing(at, apostrophe) : this.wordAt(at)?.end
      if (end === undefined) return -1
      at = this.skipSpace(end)
    }
    return at
  }

  slice(start: number, end: number): string {
    return this.#ascii?.slice(start, end) ?? decoder.decode(this.bytes.subarray(start, end))
  }

  #lineEnd(start: number): number {
    let at = start
    while (at < this.bytes.length && this.bytes[at] !== newline && this.bytes[at] !== carriageReturn) at++
    return at
  }

  #commentEnd(start: number): number {
    let depth = 1
    let at = start + 2
    while (at < this.bytes.length && depth > 0) {
      const opens = this.bytes[at] === slash && this.bytes[at + 1] === star
      const closes = this.bytes[at] === star && this.bytes[at + 1] === slash
      depth += opens ? 1 : closes ? -1 : 0
      at += opens || closes ? 2 : 1
    }
    return at
  }

  #quoted(start: number): { readonly value: string; readonly end: number } | undefined {
    const end = this.#closing(start, quote)
    if (end === undefined) return undefined
    return { value: truncated(this.slice(start + 1, end - 1).replaceAll('""', '"')), end }
  }

  #unicode(start: number): { readonly value: string; readonly end: number } | undefined {
    const end = this.#closing(start + 2, quote)
    if (end === undefined) return undefined
    const raw = this.slice(start + 3, end - 1).replaceAll('""', '"')
    const clause = this.#escapeClause(end)
    return { value: truncated(unescaped(raw, clause?.character ?? '\\')), end: clause?.end ?? end }
  }

  /** Past the quote that ends what begins at `start`; doubled quotes belong to it. */
  #closing(start: number, mark: number): number | undefined {
    for (let at = start + 1; at < this.bytes.length; at++) {
      if (this.bytes[at] !== mark) continue
      if (this.bytes[at + 1] !== mark) return at + 1
      at++
    }
    return undefined
  }

  #escapeClause(start: number): { readonly character: string; readonly end: number } | undefined {
    const at = this.skipSpace(start)
    const word = this.wordAt(at)
    if (word?.value !== 'uescape' || this.bytes[at] === quote) return undefined
    const literal = this.skipSpace(word.end)
    const end = this.bytes[literal] === apostrophe ? this.#closing(literal, apostrophe) : undefined
    return end === undefined ? undefined : { character: this.slice(literal + 1, end - 1), end }
  }
}

/** ASCII letters alone change: so the server does with a multibyte encoding. */
function folded(word: string): string {
  return word.replace(/[A-Z]/g, letter => letter.toLowerCase())
}

/** Cut to 63 bytes, at a character's end. */
function truncated(word: string): string {
  if (word.length <= 21) return word // 3 bytes a unit at most
  const bytes = encoder.encode(word)
  if (bytes.length <= 63) return word
  let end = 63
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return decoder.decode(bytes.subarray(0, end))
}

function unescaped(raw: string, character: string): string {
  const mark = character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const pattern = new RegExp(`${mark}(?:(${mark})|\\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))`, 'g')
  return raw.replace(pattern, (_, itself?: string, long?: string, short?: string) =>
    itself !== undefined ? character : codePoint(Number.parseInt(long ?? short ?? '', 16)),
  )
}

/** Halves of a surrogate pair join by standing side by side. */
function codePoint(code: number): string {
  return code <= 0xffff ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

function isLetter(byte: number | undefined, letter: string): boolean {
  return byte !== undefined && (byte | 0x20) === letter.charCodeAt(0)
}

function isIdentifierStart(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === underscore || byte >= 0x80
}

function isIdentifierPart(byte: number | undefined): boolean {
  return byte !== undefined && (isIdentifierStart(byte) || (byte >= 0x30 && byte <= 0x39) || byte === dollar)
}

/** Space, tab, newline, carriage return, vertical tab and form feed. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
}

const quote = 0x22
const dollar = 0x24
const ampersand = 0x26
const apostrophe = 0x27
const star = 0x2a
const dash = 0x2d
const dot = 0x2e
const slash = 0x2f
const underscore = 0x5f
const newline = 0x0a
const carriageReturn = 0x0d

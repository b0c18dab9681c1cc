/**
 * Edits a text at the parser's byte locations. Comments, hints and the agent's own wording survive; positions that the
 * server reports lead back to the text that the agent wrote.
 *
 *   old   SELECT*FROM"t"WHERE …        span of "t"
 *   new   SELECT*FROM public.t WHERE … padded, or the new letters would run into the old ones
 */
import { BugError } from '../errors.ts'
import type { Splice } from './resolved.ts'

export interface Spliced {
  readonly text: string
  /** From a byte offset in the new text to the byte of the old one that it stands for; the start of the span inside an edit. */
  toOriginal(byteOffset: number): number
  /** The same for the protocol's 1-based positions, which count characters. */
  positionToOriginal(position: number): number
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly newStart: number
  readonly newEnd: number
}

/** Applies the splices, in any order. Overlapping ones and ones outside the text are a bug of ours. */
export function splice(text: string, splices: readonly Splice[]): Spliced {
  if (splices.length === 0) return { text, toOriginal: offset => offset, positionToOriginal: position => position }
  const old = Buffer.from(text, 'utf8')
  // Where each character is one byte, cutting the text itself is much cheaper than decoding pieces of it.
  const cut = (start: number, end?: number): string =>
    old.length === text.length ? text.slice(start, end) : old.toString('utf8', start, end)
  const pieces: string[] = []
  const edits: Edit[] = []
  let from = 0
  let length = 0
  for (const { span, text: replacement } of inOrder(splices, old)) {
    const newStart = length + span.start - from
    const written = padded(replacement, old[span.start - 1], old[span.end])
    pieces.push(cut(from, span.start), written)
    length = newStart + Buffer.byteLength(written)
    edits.push({ start: span.start, end: span.end, newStart, newEnd: length })
    from = span.end
  }
  pieces.push(cut(from))
  const made = pieces.join('')
  const toOriginal = (offset: number): number => originalOf(edits, offset)
  return {
    text: made,
    toOriginal,
    positionToOriginal: position => positionOf(old, toOriginal(offsetOf(Buffer.from(made, 'utf8'), position))),
  }
}

/** The protocol's 1-based position of a byte offset of `text`. */
export function positionIn(text: string, byteOffset: number): number {
  return positionOf(Buffer.from(text, 'utf8'), byteOffset)
}

function inOrder(splices: readonly Splice[], old: Buffer): readonly Splice[] {
  const sorted = splices.toSorted((a, b) => a.span.start - b.span.start)
  let end = 0
  for (const { span } of sorted) {
    if (span.start < end) throw new BugError(`splices overlap at byte ${span.start}`)
    if (span.end <= span.start || span.end > old.length)
      throw new BugError(`splice outside the text at byte ${span.start}`)
    if (isContinuation(old[span.start]) || isContinuation(old[span.end]))
      throw new BugError(`splice inside a character at byte ${span.start}`)
    end = span.end
  }
  return sorted
}

/** Beside these bytes any token may begin or end; beside others (letters, quotes, `&`) a space keeps tokens apart. */
const separators = new Set([...' \t\n\r\f\v(),;[]'].map(character => character.charCodeAt(0)))

function padded(replacement: string, before: number | undefined, after: number | undefined): string {
  const apart = (byte: number | undefined): string => (byte === undefined || separators.has(byte) ? '' : ' ')
  return apart(before) + replacement + apart(after)
}

function originalOf(edits: readonly Edit[], offset: number): number {
  const edit = edits.findLast(({ newStart }) => newStart <= offset)
  if (edit === undefined) return offset
  return offset < edit.newEnd ? edit.start : offset - edit.newEnd + edit.end
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** Counts characters as PostgreSQL does for UTF8: every byte but a continuation begins one. */
function positionOf(bytes: Buffer, offset: number): number {
  let position = 1
  for (let i = 0; i < offset && i < bytes.length; i++) if (!isContinuation(bytes[i + 1])) position++
  return position
}

function offsetOf(bytes: Buffer, position: number): number {
  let offset = 0
  for (let seen = 1; seen < position && offset < bytes.length; seen++) {
    offset++
    while (isContinuation(bytes[offset])) offset++
  }
  return offset
}

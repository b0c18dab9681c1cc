import { isUtf8 } from 'node:buffer'
import { PeerProtocolError } from '../errors.ts'

/** bytes looked at in one go; large enough to be fast, small enough to walk through. */
const blockBytes = 4096

/** Refuses what is not UTF-8 in PostgreSQL's own words (22021). */
export function assertUtf8(bytes: Buffer): void {
  if (isUtf8(bytes)) return
  throw new PeerProtocolError(`invalid byte sequence for encoding "UTF8": ${firstInvalid(bytes)}`, '22021')
}

/** The first bytes that are no character, as many as their first byte promises: `0xc3 0x28`. */
function firstInvalid(bytes: Buffer): string {
  let at = firstInvalidBlock(bytes)
  while (at < bytes.length && isUtf8(bytes.subarray(at, at + promised(bytes[at])))) at += promised(bytes[at])
  const shown = [...bytes.subarray(at, at + promised(bytes[at]))]
  return shown.map(byte => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')
}

/** Skips what is well, block by block: character by character, a message of megabytes would hold up everyone. */
function firstInvalidBlock(bytes: Buffer): number {
  let at = 0
  for (let next = blockEnd(bytes, at); next > at && isUtf8(bytes.subarray(at, next)); next = blockEnd(bytes, at))
    at = next
  return at
}

/** The end of a block that begins at `at`, moved back to where a character begins. */
function blockEnd(bytes: Buffer, at: number): number {
  let end = Math.min(at + blockBytes, bytes.length)
  for (let back = 0; back < 3 && isContinuation(bytes[end]); back++) end--
  return end
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}

function promised(first = 0): number {
  if ((first & 0xe0) === 0xc0) return 2
  if ((first & 0xf0) === 0xe0) return 3
  return (first & 0xf8) === 0xf0 ? 4 : 1
}

import { isUtf8 } from 'node:buffer'
import { PeerProtocolError } from '../errors.ts'

/** Refuses what is not UTF-8 in PostgreSQL's own words (22021). */
export function assertUtf8(bytes: Buffer): void {
  if (isUtf8(bytes)) return
  throw new PeerProtocolError(`invalid byte sequence for encoding "UTF8": ${firstInvalid(bytes)}`, '22021')
}

/** The first bytes that are no character, as many as their first byte promises: `0xc3 0x28`. */
function firstInvalid(bytes: Buffer): string {
  let at = 0
  while (at < bytes.length && isUtf8(bytes.subarray(at, at + promised(bytes[at])))) at += promised(bytes[at])
  const shown = [...bytes.subarray(at, at + promised(bytes[at]))]
  return shown.map(byte => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')
}

function promised(first = 0): number {
  if ((first & 0xe0) === 0xc0) return 2
  if ((first & 0xf0) === 0xe0) return 3
  return (first & 0xf8) === 0xf0 ? 4 : 1
}

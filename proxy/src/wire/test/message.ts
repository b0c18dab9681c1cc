import { Writer } from '../bytes.ts'

/** A message with this body: a number is a byte, a string is its characters. */
export function message(type: number, ...body: readonly (number | string)[]): Buffer {
  const writer = new Writer(type)
  for (const part of body) writer.bytes(typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))
  return writer.finish()
}

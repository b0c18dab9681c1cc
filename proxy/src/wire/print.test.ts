import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConversation, parseMessage } from './conversation.ts'
import { encodePassword, encodeQuery } from './frontend.ts'
import { printMessage, Transcript } from './print.ts'

/**
 * Conversations as golden text: `NAME.in.txt` is read, its bytes are printed again, and that must be `NAME.out.txt`.
 * They differ where something is hidden or malformed. `vitest -u` rewrites the outputs.
 */
const folder = new URL('testdata/', import.meta.url)
const names = readdirSync(folder).flatMap(file => (file.endsWith('.in.txt') ? [file.replace('.in.txt', '')] : []))
const packets = /^(Startup|SSLRequest|GSSENCRequest|CancelRequest)\b/

describe('secrets', () => {
  it.each([
    ['C> Password "eyJhbGciOi.J9"', 'C> AuthenticationResponse (hidden)'],
    [
      'C> SASLInitialResponse "OAUTHBEARER" "n,,\\u0001auth=Bearer secret\\u0001\\u0001"',
      'C> AuthenticationResponse (hidden)',
    ],
    ["C< BackendKeyData 7 key=x'00112233'", 'C< BackendKeyData 7 key=(hidden)'],
  ])('%s is not printed', (given, printed) => {
    const transcript = new Transcript()
    for (const turn of parseConversation(given)) transcript.record(turn.direction, turn.bytes)
    expect(transcript.text).toBe(`${printed}\n`)
  })

  it('nor is their length', () => {
    expect(printMessage('C>', encodePassword('a'))).toBe(printMessage('C>', encodePassword('ab')))
  })
})

it('a line that is no message is an error', () => {
  expect(() => parseConversation('X> Sync')).toThrow('no direction')
  expect(() => parseMessage('C>', 'Synk')).toThrow('no message is called Synk')
  expect(() => parseMessage('C>', 'Query')).toThrow('a string is expected here')
  expect(() => parseMessage('C>', 'Query ]')).toThrow('a value is missing')
  expect(() => parseMessage('C>', 'Bind "" "" values=["1"')).toThrow('a value is missing')
})

it('a message too large to print is a line too', () => {
  const transcript = new Transcript()
  transcript.record('C>', encodeQuery('x'.repeat(2_000_000)))
  transcript.note('closeClient')
  expect(transcript.text).toBe('C> (a message of 2000006 bytes)\ncloseClient\n')
})

describe('conversations', () => {
  it.each(names)('%s', async name => {
    const transcript = new Transcript()
    for (const turn of parseConversation(readFileSync(new URL(`${name}.in.txt`, folder), 'utf8'))) {
      if (packets.test(turn.text)) transcript.recordStartup(turn.direction, turn.bytes)
      else transcript.record(turn.direction, turn.bytes)
    }
    await expect(transcript.text).toMatchFileSnapshot(new URL(`${name}.out.txt`, folder).pathname)
  })
})

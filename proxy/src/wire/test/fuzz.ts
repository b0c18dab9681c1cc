import fc from 'fast-check'
import { expect } from 'vitest'
import { PeerProtocolError } from '../../errors.ts'
import { settings } from '../../settings.ts'
import { editErrorFields } from '../backend.ts'
import { parseMessage } from '../conversation.ts'
import { Frames } from '../frames.ts'
import { decodeBindNames, decodePassword, decodeSASLInitialResponse } from '../frontend.ts'
import { backend, frontend, type Side } from '../messages.ts'
import { type Direction, printMessage, printStartup } from '../print.ts'
import { decodeStartup, encodeStartup, StartupFrames } from '../startup.ts'
import { backendMessage, cut, frontendMessage, sizes, text } from './arbitraries.ts'

/** What strangers send: real messages with bytes and lengths changed, and noise. Shared by the short and the long run. */

const maxMessageBytes = 200

/** Some bytes of a stream replaced, small numbers often, since lengths and counts are made of them. */
function mutated(stream: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const byte = fc.oneof(fc.constantFrom(0, 1, 4, 5, 127, 255), fc.integer({ min: 0, max: 255 }))
  const change = fc.tuple(fc.nat(500), byte)
  return fc.tuple(stream, fc.array(change, { maxLength: 4 }), fc.nat(500)).map(([bytes, changes, keep]) => {
    const copy = Buffer.from(bytes)
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value
    return keep < 100 ? copy.subarray(0, keep) : copy
  })
}

function streamOf(side: Side): fc.Arbitrary<Buffer> {
  const message = side === 'Frontend' ? frontendMessage : backendMessage
  const noise = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
  return fc.oneof({ weight: 4, arbitrary: mutated(fc.array(message, { maxLength: 8 }).map(Buffer.concat)) }, noise)
}

/** Any bytes: nothing but PeerProtocolError, no more held than the bound, and what is accepted is fully understood. */
export function fuzzMessages(side: Side, options: fc.Parameters<unknown>): void {
  fc.assert(
    fc.property(streamOf(side), sizes, (stream, chunkSizes) => {
      const frames = new Frames({ side, maxMessageBytes, passing: new Set([backend.CopyData]) })
      onlyProtocolErrors(() => {
        for (const chunk of cut(stream, chunkSizes)) {
          for (const event of frames.push(chunk)) if (event.kind === 'message') understand(side, event.bytes)
          expect(frames.heldBytes).toBeLessThanOrEqual(maxMessageBytes)
        }
      })
    }),
    options,
  )
}

/** One message, its framing right and its body anything: every decoder of that side. */
export function fuzzBodies(side: Side, options: fc.Parameters<unknown>): void {
  const message = mutated(side === 'Frontend' ? frontendMessage : backendMessage).filter(bytes => bytes.length >= 5)
  fc.assert(
    fc.property(message, bytes => {
      bytes.writeUInt32BE(bytes.length - 1, 1)
      understand(side, bytes)
      for (const read of [decodePassword, decodeSASLInitialResponse, decodeBindNames])
        onlyProtocolErrors(() => read(bytes))
      onlyProtocolErrors(() => editErrorFields(bytes, { D: undefined, M: 'x' }))
    }),
    options,
  )
}

export function fuzzStartup(options: fc.Parameters<unknown>): void {
  const packet = mutated(fc.array(fc.tuple(text, text), { maxLength: 5 }).map(pairs => encodeStartup(0, pairs)))
  fc.assert(
    fc.property(packet, sizes, (bytes, chunkSizes) => {
      const frames = new StartupFrames()
      onlyProtocolErrors(() => {
        for (const chunk of cut(bytes, chunkSizes)) {
          const whole = frames.push(chunk)
          if (whole !== undefined) expect(whole.length).toBeLessThanOrEqual(settings.maxStartupPacketBytes)
        }
      })
      onlyProtocolErrors(() => decodeStartup(bytes))
      printStartup('C>', bytes)
    }),
    options,
  )
}

const notPrintedWhole: ReadonlySet<number> = new Set([frontend.AuthenticationResponse, frontend.FunctionCall])
const hiddenOrRepeated: ReadonlySet<number> = new Set([
  backend.ErrorResponse,
  backend.NoticeResponse,
  backend.BackendKeyData,
  backend.FunctionCallResponse,
])

/**
 * A message that is accepted and printed, read back and encoded, is the same bytes: nothing in it was overlooked, so the
 * server behind us cannot read anything else in it than we did.
 */
function understand(side: Side, bytes: Buffer): void {
  const direction: Direction = side === 'Frontend' ? 'C>' : 'C<'
  const line = printMessage(direction, bytes).slice(3)
  const type = bytes[0] ?? 0
  const skipped = side === 'Frontend' ? notPrintedWhole : hiddenOrRepeated
  if (skipped.has(type) || line.includes('(malformed') || line.includes('\ufffd')) return
  expect(parseMessage(direction, line).toString('hex')).toBe(bytes.toString('hex'))
}

function onlyProtocolErrors(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof PeerProtocolError)) throw error
  }
}

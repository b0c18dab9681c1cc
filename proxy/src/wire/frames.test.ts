import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeerProtocolError } from '../errors.ts'
import { encodeCommandComplete, encodeDataRow, encodeReadyForQuery } from './backend.ts'
import { cutRun, type FrameEvent, Frames, type RunFrame } from './frames.ts'
import { decodeBindNames, encodeBind, encodeQuery, encodeSync } from './frontend.ts'
import { backend, frontend, type Side } from './messages.ts'
import { backendMessage, bytesOf, cut, frontendMessage, sizes, summary } from './test/arbitraries.ts'

const rows = new Set([backend.DataRow, backend.CopyData])

function framesOf(side: Side, maxMessageBytes = 1000): Frames {
  return new Frames({ side, maxMessageBytes, passing: side === 'Backend' ? rows : new Set([frontend.CopyData]) })
}

function pushAll(frames: Frames, chunks: readonly Buffer[]): readonly FrameEvent[] {
  return chunks.flatMap(chunk => frames.push(chunk))
}

describe('what is no message', () => {
  const cases: readonly [name: string, side: Side, bytes: number[], message: string][] = [
    ['HTTP', 'Frontend', [...Buffer.from('GET / HTTP/1.1')], 'invalid frontend message type 71'],
    ['a TLS hello among messages', 'Frontend', [0x16, 3, 1, 2, 0, 1], 'invalid frontend message type 22'],
    ['a message of the other side', 'Frontend', [0x5a, 0, 0, 0, 5, 0x49], 'invalid frontend message type 90'],
    ['a length below four', 'Frontend', [0x51, 0, 0, 0, 3, 0], 'invalid message length'],
    ['a negative length', 'Frontend', [0x51, 255, 255, 255, 255, 0], 'invalid message length'],
    ['a length over 1 GiB', 'Frontend', [0x51, 0x40, 0, 0, 0, 0], 'invalid message length'],
    ['a Sync of 10,001 bytes', 'Frontend', [0x53, 0, 0, 0x27, 0x11, 0], 'invalid message length'],
    ['a row whose length is a lie', 'Backend', [0x44, 0, 0, 0, 0, 0, 0], 'invalid message length'],
    ['an unknown message of a server', 'Backend', [0x7a, 0, 0, 0, 4], 'invalid backend message type 122'],
  ]
  it.each(cases)('%s', (_name, side, bytes, message) => {
    const frames = framesOf(side)
    expect(() => frames.push(Buffer.from(bytes))).toThrow(new PeerProtocolError(message))
    expect(() => frames.push(encodeSync()), 'and it stays broken').toThrow(new PeerProtocolError(message))
    expect(() => pushAll(framesOf(side), cut(Buffer.from(bytes), [1]))).toThrow(new PeerProtocolError(message))
  })
})

describe('messages', () => {
  it('are views of the chunk they lie in, and copies only where they span two', () => {
    const frames = framesOf('Frontend')
    const chunk = Buffer.concat([encodeQuery('SELECT 1'), encodeSync(), encodeQuery('SELECT 2').subarray(0, 7)])
    const [query, sync] = frames.push(chunk)
    expect([query, sync].map(event => event?.kind === 'message' && event.bytes.buffer === chunk.buffer)).toEqual([
      true,
      true,
    ])
    expect(frames.heldBytes).toBe(7)
    expect(summary(frames.push(encodeQuery('SELECT 2').subarray(7)))).toEqual([
      `message 81 ${encodeQuery('SELECT 2').toString('hex')}`,
    ])
    expect(frames.heldBytes).toBe(0)
  })

  it('hold by what has come, not by what was promised', () => {
    const frames = new Frames({ side: 'Frontend', maxMessageBytes: 2 ** 29, passing: new Set() })
    const before = process.memoryUsage().arrayBuffers
    frames.push(Buffer.from([0x51, 0x1f, 0, 0, 0, 0x41]))
    expect(frames.heldBytes).toBe(6)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })
})

describe('a message over the limit', () => {
  it('comes as head, parts and end; the head has the names of a Bind', () => {
    const bind = encodeBind({ portal: 'p', statement: 's', parameters: [Buffer.alloc(20_000, 65)] })
    const events = pushAll(framesOf('Frontend', 8192), cut(Buffer.concat([bind, encodeSync()]), [3, 4, 1000, 5000]))
    const [begin] = events
    expect(begin).toMatchObject({ kind: 'begin', type: frontend.Bind, length: bind.length })
    expect(begin?.kind === 'begin' && decodeBindNames(begin.head)).toEqual({ portal: 'p', statement: 's' })
    expect(begin?.kind === 'begin' && begin.head.length).toBeGreaterThanOrEqual(4096)
    expect([...new Set(events.map(event => event.kind))]).toEqual(['begin', 'part', 'end', 'message'])
    expect(bytesOf(events).equals(Buffer.concat([bind, encodeSync()]))).toBe(true)
  })

  it('ends at once when its head is all of it', () => {
    const events = framesOf('Frontend', 10).push(encodeQuery('SELECT 1'))
    expect(events.map(event => event.kind)).toEqual(['begin', 'end'])
  })
})

describe('runs', () => {
  const row = encodeDataRow(['1', 'two', null])

  it('500,000 rows are a few thousand events, and none is held', () => {
    const frames = framesOf('Backend')
    const chunk = Buffer.concat(Array.from({ length: 500 }, () => row))
    let events = 0
    let count = 0
    for (let index = 0; index < 1000; index++) {
      for (const event of cut(chunk, [4001, 65_536]).flatMap(part => frames.push(part))) {
        events++
        count += event.kind === 'run' ? event.count : 0
      }
    }
    expect(count).toBe(500_000)
    expect(events).toBeLessThan(4000)
  })

  it('know what they complete and where the first new message begins', () => {
    const frames = framesOf('Backend')
    const stream = Buffer.concat([row, row, row, encodeCommandComplete('SELECT 3')])
    const [first] = frames.push(stream.subarray(0, row.length + 8))
    expect(first).toMatchObject({ kind: 'run', count: 1, firstBoundary: 0 })
    expect(frames.withinMessage).toBe(true)
    const [second, complete] = frames.push(stream.subarray(row.length + 8))
    expect(second).toMatchObject({ kind: 'run', count: 2, firstBoundary: row.length - 8 })
    expect(complete).toMatchObject({ kind: 'message', type: backend.CommandComplete })
    expect(frames.withinMessage).toBe(false)
  })

  it('a message that only goes on has no boundary', () => {
    const frames = framesOf('Backend')
    frames.push(row.subarray(0, 6))
    expect(frames.push(row.subarray(6, 9))).toMatchObject([{ kind: 'run', count: 0, firstBoundary: -1 }])
    expect(frames.push(row.subarray(9))).toMatchObject([{ kind: 'run', count: 1, firstBoundary: -1 }])
  })

  it('cutRun keeps exactly n messages, however the rows were cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          backendMessage.filter(message => message[0] === backend.DataRow),
          { minLength: 1 },
        ),
        sizes,
        fc.nat(),
        (messages, chunkSizes, seed) => {
          const wanted = seed % (messages.length + 1)
          const stream = Buffer.concat(messages)
          let left = wanted
          const kept: Buffer[] = []
          for (const event of pushAll(framesOf('Backend'), cut(stream, chunkSizes)) as readonly RunFrame[]) {
            const take = event.count < left ? event.bytes.length : cutRun(event, left)
            if (left > 0) kept.push(event.bytes.subarray(0, take))
            left -= Math.min(left, event.count)
          }
          expect(Buffer.concat(kept).equals(Buffer.concat(messages.slice(0, wanted)))).toBe(true)
        },
      ),
    )
    const [run] = framesOf('Backend').push(row)
    expect(() => run?.kind === 'run' && cutRun(run, 2)).toThrow('a run of 1 messages has no 2th')
  })
})

describe('any split of the bytes gives the same frames', () => {
  it.each([
    ['Frontend', frontendMessage],
    ['Backend', backendMessage],
  ] as const)('%s', (side, message) => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 30 }),
        sizes,
        fc.integer({ min: 5, max: 200 }),
        (messages, chunkSizes, max) => {
          const stream = Buffer.concat(messages)
          const cutEvents = pushAll(framesOf(side, max), cut(stream, chunkSizes))
          expect(summary(cutEvents)).toEqual(summary(framesOf(side, max).push(stream)))
          expect(bytesOf(cutEvents).equals(stream)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('the limits of a login and of a session follow one another on one connection', () => {
  const frames = framesOf('Frontend', 10)
  expect(frames.push(encodeQuery('SELECT 1')).map(event => event.kind)).toEqual(['begin', 'end'])
  frames.setMaxMessageBytes(1000)
  expect(frames.push(encodeQuery('SELECT 1')).map(event => event.kind)).toEqual(['message'])
  frames.setPassing(new Set([frontend.Query]))
  expect(frames.push(encodeQuery('SELECT 1')).map(event => event.kind)).toEqual(['run'])
  expect(
    framesOf('Backend')
      .push(encodeReadyForQuery('I'))
      .map(event => event.kind),
  ).toEqual(['message'])
})

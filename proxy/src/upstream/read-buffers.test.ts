import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settings } from '../settings.ts'
import { ReadBuffers } from './read-buffers.ts'

const sizes = fc.oneof(fc.constantFrom(1, 4_095, 4_096, 65_536), fc.integer({ min: 1, max: 65_536 }))
const reads = fc.array(fc.record({ bytes: sizes, isPassedOn: fc.boolean(), isDrained: fc.boolean() }), {
  maxLength: 60,
})

test('nothing is read into what somebody still points into', () => {
  fc.assert(
    fc.property(reads, steps => {
      const buffers = new ReadBuffers()
      let held: Buffer[] = []
      buffers.isFree = () => held.length === 0
      for (const { bytes, isPassedOn, isDrained } of steps) {
        if (isDrained) held = []
        const chunk = buffers.filled(Math.min(bytes, buffers.current.length))
        for (const other of held) expect(other.buffer).not.toBe(chunk.buffer)
        if (!isPassedOn || held.length > 0) held.push(chunk) // behind what waits, everything waits
        const next = buffers.next(chunk.length)
        for (const other of held) expect(other.buffer).not.toBe(next.buffer)
      }
    }),
    { seed: 3 },
  )
})

test('without an owner every read has a buffer of its own', () => {
  const buffers = new ReadBuffers()
  const chunks = [1, 2, 3].map(() => {
    const chunk = buffers.filled(100)
    buffers.next(100)
    return chunk.buffer
  })
  expect(new Set(chunks).size).toBe(3)
})

test('what nobody says is free is not kept', async () => {
  const buffers = new ReadBuffers()
  const collected = Promise.withResolvers<void>()
  const registry = new FinalizationRegistry<number>(() => collected.resolve())
  for (let read = 0; read < 10_000; read++) {
    const { length, buffer } = buffers.filled(buffers.current.length)
    if (read > settings.maxSpareReads) registry.register(buffer, read)
    buffers.next(length)
    if (read % 500 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await collected.promise
})

test('a stream takes turns between few buffers, and a session at rest keeps a small one', () => {
  const buffers = new ReadBuffers()
  let isWaiting = false
  buffers.isFree = () => !isWaiting
  const seen = new Set<ArrayBufferLike>()
  for (let read = 0; read < 1_000; read++) {
    isWaiting = false // drained
    const chunk = buffers.filled(buffers.current.length)
    seen.add(chunk.buffer)
    isWaiting = read % 3 === 0
    buffers.next(chunk.length)
  }
  expect(seen.size).toBeLessThanOrEqual(2 + settings.maxSpareReads)
  isWaiting = false
  buffers.filled(10)
  expect(buffers.next(10).length).toBe(settings.minReadBytes)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationMs, quantityBytes } from './units.ts'

test.each(['', '30', '3 s', '-1s', '1d', 's', '1s ', '1.5h'])('no duration: %j', text => {
  expect(() => durationMs(text)).toThrow(RangeError)
})

test.each(['', '-1', '8mi', '1.5Mi', 'Mi', '8 Mi', '1e3'])('no quantity: %j', text => {
  expect(() => quantityBytes(text)).toThrow(RangeError)
})

test.each([
  ['30s', 30_000],
  ['500ms', 500],
  ['5m', 300_000],
  ['720h', 2_592_000_000],
  ['1h30m', 5_400_000],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

test.each([
  ['8Mi', 8_388_608],
  ['64Ki', 65_536],
  ['64k', 64_000],
  [1024, 1024],
  ['1Gi', 1_073_741_824],
])('%s is %d bytes', (value, bytes) => {
  expect(quantityBytes(value)).toBe(bytes)
})

test('the sum of the parts', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), (m, s) => {
      expect(durationMs(`${m}m${s}s`)).toBe(m * 60_000 + s * 1000)
    }),
  )
})

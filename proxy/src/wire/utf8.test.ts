import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeerProtocolError } from '../errors.ts'
import { assertUtf8 } from './utf8.ts'

describe('assertUtf8', () => {
  it.each([
    ['a lone continuation', [0x80], '0x80'],
    ['a lead without its rest', [0x61, 0xc3, 0x28], '0xc3 0x28'],
    ['a fifth byte', [0xf8, 0x88, 0x80, 0x80, 0x80], '0xf8'],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '0xf4 0x90 0x80 0x80'],
    ['broken off', [0xc3, 0xa9, 0xe2, 0x82], '0xe2 0x82'],
  ])('%s is refused', (_name, bytes, shown) => {
    const error = new PeerProtocolError(`invalid byte sequence for encoding "UTF8": ${shown}`, '22021')
    expect(() => assertUtf8(Buffer.from(bytes))).toThrow(error)
  })

  it('finds the first invalid byte wherever it is', () => {
    const before = fc.tuple(fc.constantFrom('a', 'é', '€', '😀', 'a€'), fc.nat(9000))
    fc.assert(
      fc.property(before, fc.integer({ min: 0xf8, max: 0xff }), ([character, count], invalid) => {
        const bytes = Buffer.concat([
          Buffer.from(character.repeat(count)),
          Buffer.from([invalid, 0x61]),
          Buffer.alloc(count, 0x80),
        ])
        expect(() => assertUtf8(bytes)).toThrow(`: 0x${invalid.toString(16)}`)
      }),
    )
  })

  it('any text passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        assertUtf8(Buffer.from(text))
      }),
    )
  })
})

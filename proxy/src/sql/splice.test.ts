import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BugError } from '../errors.ts'
import type { Splice } from './resolved.ts'
import { positionIn, splice } from './splice.ts'

const at = (start: number, end: number, text: string): Splice => ({
  span: { start, end },
  text,
  edit: { do: 'QualifyRelation', schema: 's', name: 't' },
})

describe('splice', () => {
  test('refuses overlaps, what lies outside, and half characters', () => {
    expect(() => splice('SELECT 1', [at(0, 4, 'a'), at(3, 6, 'b')])).toThrow(BugError)
    expect(() => splice('SELECT 1', [at(7, 9, 'a')])).toThrow(BugError)
    expect(() => splice('SELECT é', [at(8, 9, 'a')])).toThrow(BugError)
    expect(() => splice('SELECT 1', [at(3, 3, 'a')])).toThrow(BugError)
  })

  const cases: readonly (readonly [string, string, string])[] = [
    ['SELECT * FROM ', 't', ' WHERE a'],
    ["SELECT 'é𝄞' FROM ", 't', ''],
    ['SELECT * FROM (', 't', ')'],
  ]
  test.each(cases)('%s%s%s', (before, name, after) => {
    const start = Buffer.byteLength(before)
    expect(splice(before + name + after, [at(start, start + name.length, 's.t')]).text).toBe(`${before}s.t${after}`)
  })

  test('keeps tokens apart that would run into each other', () => {
    expect(splice('SELECT*FROM"t"WHERE a', [at(11, 14, 's.t')]).text).toBe('SELECT*FROM s.t WHERE a')
    expect(splice('a+b', [at(1, 2, 'OPERATOR(s.+)')]).text).toBe('a OPERATOR(s.+) b')
    expect(splice(`"u"&'x'`, [at(0, 3, 's.u')]).text).toBe(`s.u &'x'`)
  })

  test('positions lead back', () => {
    const spliced = splice("SELECT 'é' FROM t WHERE x", [at(17, 18, 'public.t')])
    expect(spliced.text).toBe("SELECT 'é' FROM public.t WHERE x")
    expect(spliced.positionToOriginal(1 + spliced.text.indexOf('x'))).toBe(1 + "SELECT 'é' FROM t WHERE x".indexOf('x'))
    expect(spliced.positionToOriginal(1 + spliced.text.indexOf('public'))).toBe(17)
    expect(spliced.positionToOriginal(1 + spliced.text.indexOf('blic'))).toBe(17)
    expect(positionIn("SELECT 'é' FROM t", 17)).toBe(17)
    expect(positionIn('𝄞t', 4)).toBe(2)
  })

  test('property: outside the edits every byte and every position stays', () => {
    const word = fc.stringMatching(/^[a-zé𝄞 ]{0,8}$/u)
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.boolean()), { maxLength: 8 }), word, (pieces, last) => {
        let text = ''
        const splices: Splice[] = []
        for (const [piece, edit] of pieces) {
          text += `${piece} `
          if (!edit) continue
          const start = Buffer.byteLength(text)
          text += 'né '
          splices.push(at(start, start + 3, '"sché".né'))
        }
        text += last
        const spliced = splice(text, splices)
        expect(spliced.text).toBe(edited(text, splices))
        const characters = [...text]
        for (let position = 1; position <= [...spliced.text].length; position++) {
          const original = spliced.positionToOriginal(position)
          expect(original).toBeGreaterThanOrEqual(1)
          expect(original).toBeLessThanOrEqual(characters.length + 1)
        }
        expect(spliced.toOriginal(Buffer.byteLength(spliced.text))).toBe(Buffer.byteLength(text))
      }),
    )
  })
})

function edited(text: string, splices: readonly Splice[]): string {
  let bytes = Buffer.from(text)
  for (const { span, text: replacement } of splices.toReversed()) {
    bytes = Buffer.concat([bytes.subarray(0, span.start), Buffer.from(replacement), bytes.subarray(span.end)])
  }
  return bytes.toString()
}

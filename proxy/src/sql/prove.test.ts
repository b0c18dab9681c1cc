import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { proveSpliced } from './prove.ts'
import type { Splice } from './resolved.ts'
import { splice } from './splice.ts'
import { marked, markedStatements } from './test/marked.ts'

beforeAll(loadModule)

/** What the gateway does: edit, parse again, prove. A text that no longer parses is caught as well. */
function proof(text: string, splices: readonly Splice[], sent = splice(text, splices).text): 'proven' | string {
  try {
    const result = proveSpliced(parseSync(text), parseSync(sent), splices)
    return result === true ? 'proven' : result.problem
  } catch (error) {
    return `does not parse: ${String(error)}`
  }
}

const schema = fc.constantFrom('public', 'select', 'Größe', 'a"b', "it's", 'x y', 'u&', '$user')

describe('proof', () => {
  test('a change that no splice declares is a problem', () => {
    const { text, splices } = marked('SELECT {F f}(1) FROM {R t}', () => 's')
    expect(proof(text, splices)).toBe('proven')
    for (const sent of [
      'SELECT s.f(1) FROM t',
      'SELECT f(1) FROM s.t',
      'SELECT s.f(1) FROM s.u',
      'SELECT s.f(2) FROM s.t',
      'SELECT s.f(1) FROM s.t, s.t',
      'SELECT s.f(1) FROM ONLY s.t',
      'SELECT s.f(1) FROM s.t; SELECT 1',
      'SELECT s.f(1) FROM x.s.t',
      'SELECT other.f(1) FROM s.t',
    ])
      expect(proof(text, splices, sent), sent).not.toBe('proven')
    expect(proof(text, [], 'SELECT f(1) FROM s.t')).not.toBe('proven')
    expect(proof(text, splices, text)).not.toBe('proven')
  })

  test.each(markedStatements)('%s', source => {
    const { text, splices } = marked(source, () => 'Größe')
    expect(splices.length).toBeGreaterThan(0)
    expect(proof(text, splices)).toBe('proven')
  })

  test('property: any of the names, with any schema', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...markedStatements),
        fc.array(fc.option(schema, { nil: undefined }), { maxLength: 8 }),
        (source, schemas) => {
          const { text, splices } = marked(source, index => schemas[index])
          expect(proof(text, splices)).toBe('proven')
        },
      ),
    )
  })

  test('property: a splice that was corrupted on the way is caught', () => {
    const corruption = fc.constantFrom<(splices: readonly Splice[], index: number) => readonly Splice[]>(
      (splices, index) => splices.filter((_, at) => at !== index),
      (splices, index) =>
        splices.map((one, at) => (at === index ? { ...one, text: one.text.replace('zz', 'zy') } : one)),
      (splices, index) => splices.map((one, at) => (at === index ? { ...one, text: `${one.text}x` } : one)),
      (splices, index) =>
        splices.map((one, at) => (at === index ? { ...one, span: { ...one.span, start: one.span.start - 1 } } : one)),
      (splices, index) => splices.map((one, at) => (at === index ? { ...one, text: `${one.text}, zz.u` } : one)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...markedStatements), corruption, fc.nat(), (source, corrupt, seed) => {
        const { text, splices } = marked(source, () => 'zz')
        const corrupted = corrupt(splices, seed % splices.length)
        let sent: string
        try {
          sent = splice(text, corrupted).text
        } catch {
          return
        }
        // Taking a space or a bracket along may leave the very same text.
        if (sent.replaceAll(' ', '') === splice(text, splices).text.replaceAll(' ', '')) return
        expect(proof(text, splices, sent), sent).not.toBe('proven')
      }),
      { numRuns: 500 },
    )
  })

  test('a splice at the wrong node is caught', () => {
    const { text, splices } = marked('SELECT {F f}(1), f(2) FROM {R t} a, t b', () => 's')
    expect(proof(text, splices, 'SELECT f(1), s.f(2) FROM s.t a, t b')).not.toBe('proven')
    expect(proof(text, splices, 'SELECT s.f(1), f(2) FROM t a, s.t b')).not.toBe('proven')
  })

  test('trees deeper than the stack', () => {
    const deep = (name: string): unknown => {
      let tree: unknown = { relname: name, location: 7 }
      for (let level = 0; level < 100_000; level++) tree = { A_Expr: { lexpr: tree } }
      return tree
    }
    expect(proveSpliced(deep('t'), deep('t'), [])).toBe(true)
    expect(proveSpliced(deep('t'), deep('u'), [])).toEqual({ problem: 'relname differs' })
  })

  test('a word of newer grammar spelt out leaves the tree as it is', () => {
    const word: Splice = {
      span: { start: 7, end: 18 },
      text: 'pg_catalog.json_object',
      edit: { do: 'QualifyFunction', schema: 'pg_catalog', name: 'json_object' },
    }
    expect(proof("SELECT json_object('{a,1}')", [word])).toBe('proven')
  })
})

/** What the session's own transaction has made and not committed is laid over the catalog. */
import { describe, expect, test } from 'vitest'
import { firstUserOid } from './catalog.ts'
import type { NameContext, OwnObjects } from './resolved.ts'
import { makeCall } from './test/facts.ts'
import { functionsOf, publicPath, refused, resolved } from './test/resolving.ts'

const own: OwnObjects = {
  relation: () => undefined,
  functions: () => undefined,
  operators: (schema, name) =>
    name === '+'
      ? schema === 'public'
        ? [{ oid: 20_000, schema, name, left: 'text', right: 'text', function: 30_000 }]
        : []
      : undefined,
  functionByOid: oid =>
    oid === 30_000
      ? { oid, schema: 'public', name: 'evil', sort: 'Function', args: ['text'], defaults: 0, variadic: false }
      : undefined,
  type: (schema, name) =>
    name !== 'mood' ? undefined : schema === 'public' ? { oid: 25_000, schema, name, sort: 'Enum' } : 'Dropped',
  castsTo: oid =>
    oid === 25_000 || oid === 25 ? [{ source: 23, target: oid, function: 30_000, context: 'Explicit' }] : [],
}
const context: NameContext = { ...publicPath, own }

describe('own', () => {
  test('an operator or type that the transaction dropped is gone', () => {
    const operators = [{ name: '+', oid: firstUserOid + 1, function: 5000 }]
    const gone = { ...own, operators: () => [] }
    const calls = [makeCall({ form: 'Operator', name: ['public', '+'], arity: 2 })]
    expect(refused({ calls }, { operators, functions: [{ name: 'f' }] }, { ...context, own: gone }).sqlState).toBe(
      '42883',
    )
    const types = [{ name: 'mood', schema: 'other', oid: firstUserOid + 2 }]
    const mention = { name: ['other', 'mood'], span: { start: 7, end: 17 }, location: 7 }
    expect(refused({ types: [mention] }, { types, schemas: ['other'] }, context).sqlState).toBe('42704')
  })

  test('an operator that it made counts beside those of initdb', () => {
    const operators = [{ name: '+', schema: 'pg_catalog', oid: 551, left: 'integer', function: 5000 }]
    const calls = [makeCall({ form: 'Operator', name: ['+'], arity: 2 })]
    const meant = resolved({ calls }, { operators, functions: [{ name: 'int4pl', schema: 'pg_catalog' }] }, context)
    expect(functionsOf(meant)).toEqual(['pg_catalog.int4pl(text)', 'public.evil(text)'])
  })

  test('a cast that it made counts, to its own types and to others', () => {
    const cast = (name: string) => [makeCall({ form: 'Cast', name: [name], arity: 1 })]
    expect(functionsOf(resolved({ calls: cast('mood') }, {}, context))).toEqual(['public.evil(text)'])
    expect(functionsOf(resolved({ calls: cast('text') }, {}, context))).toEqual(['public.evil(text)'])
  })
})

import { expect, test } from 'vitest'
import type { FunctionEntry } from '../catalog.ts'
import { harmlessEntry } from './harmless.ts'

function entry(schema: string, name: string, args: readonly string[], extension?: string): FunctionEntry {
  const rest = extension === undefined ? {} : { extension }
  return { oid: 1, schema, name, sort: 'Function', args, defaults: 0, variadic: false, ...rest }
}

test('somebody’s own function is not harmless, whatever it is called', () => {
  expect(harmlessEntry(18, entry('public', 'abs', ['integer']))).toMatchObject({ class: 'Unlisted' })
  expect(harmlessEntry(18, entry('pg_catalog', 'abs', ['public.secret']))).toMatchObject({ class: 'Unlisted' })
  expect(harmlessEntry(18, entry('pg_temp_3', 'lower', ['text']))).toMatchObject({ class: 'Unlisted' })
  for (const name of ['information_schema._pg_expandarray', 'abs(integer)', 'abs(integer) or not'])
    expect(harmlessEntry(18, entry('pg_catalog', name, ['anyarray']))).toMatchObject({ class: 'Unlisted' })
})

test('an extension’s member is judged as that, in pg_catalog too', () => {
  expect(
    harmlessEntry(15, entry('pg_catalog', 'pg_file_write', ['text', 'text', 'boolean'], 'adminpack')),
  ).toMatchObject({ class: 'Files' })
  expect(harmlessEntry(15, entry('pg_catalog', 'plpgsql_call_handler', [], 'plpgsql'))).toMatchObject({
    class: 'NotCallable',
  })
  expect(harmlessEntry(15, entry('public', 'similarity', ['text', 'text'], 'pg_trgm'))).toBe(true)
})

test('built-in functions are judged by their list', () => {
  expect(harmlessEntry(15, entry('pg_catalog', 'abs', ['integer']))).toBe(true)
  expect(harmlessEntry(15, entry('pg_catalog', 'pg_read_file', ['text']))).toMatchObject({ class: 'Files' })
  expect(harmlessEntry(15, entry('information_schema', '_pg_expandarray', ['anyarray']))).toBe(true)
})

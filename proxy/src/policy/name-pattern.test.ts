import { expect, test } from 'vitest'
import { compileNames } from './name-pattern.ts'

test.each([
  ['orders', 'must name schema and object'],
  ['a.b.c', 'must name schema and object'],
  ['', 'is not a name'],
  ['a.', 'is not a name'],
  ['.b', 'is not a name'],
  ['a..b', 'is not a name'],
  ['"a.b', 'is not a name'],
  ['a b.c', 'is not a name'],
])('%j is refused', (pattern, problem) => {
  const result = compileNames([pattern], 'Tables')
  expect('problem' in result && result.problem).toContain(problem)
})

test.each<[string, 'Tables' | 'Functions', string, string, boolean]>([
  ['*', 'Tables', 'pg_catalog', 'pg_class', false],
  ['*.*', 'Tables', 'information_schema', 'tables', false],
  ['pg_*.*', 'Tables', 'pg_toast', 'pg_toast_1', false],
  ['public.orders', 'Tables', 'public', 'Orders', false],
  ['public.orders', 'Tables', 'public', 'orders2', false],
  ['public.a*b*c', 'Tables', 'public', 'abbb', false],
  ['public.a*a', 'Tables', 'public', 'a', false],
  ['public."*"', 'Tables', 'public', 'orders', false],
  ['*', 'Tables', 'public', 'orders', true],
  ['pg_catalog.pg_class', 'Tables', 'pg_catalog', 'pg_class', true],
  ['*.*', 'Functions', 'pg_catalog', 'pg_sleep', true],
  ['public.a*b*c', 'Tables', 'public', 'aXbYbZc', true],
  ['s*.t', 'Tables', 'sales', 't', true],
  ['public."a.b"', 'Tables', 'public', 'a.b', true],
  ['public."say ""hi"""', 'Tables', 'public', 'say "hi"', true],
  ['"*".x', 'Tables', '*', 'x', true],
  ['*.*', 'Tables', 'public', 'line\nend', true],
])('%s of %s meets %s.%s: %s', (pattern, reach, schema, name, expected) => {
  const result = compileNames([pattern], reach)
  expect('matcher' in result && result.matcher.matches(schema, name)).toBe(expected)
})

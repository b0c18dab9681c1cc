/** What the API server demands of structural schemas and of the cost of rules, and what `kubectl explain` should find. */
import { expect, test } from 'vitest'
import { customResourceDefinition } from '../crd.ts'
import { withDefaults } from '../defaults.ts'
import { isFields } from '../paths.ts'
import type { Schema } from './build.ts'
import { kinds } from './index.ts'

interface Node {
  readonly path: string
  readonly schema: Schema
}

function* nodes(path: string, schema: Schema): Generator<Node> {
  yield { path, schema }
  for (const [key, field] of Object.entries(schema.properties ?? {})) yield* nodes(`${path}.${key}`, field)
  if (schema.items !== undefined) yield* nodes(`${path}[]`, schema.items)
  if (schema.additionalProperties !== undefined) yield* nodes(`${path}.*`, schema.additionalProperties)
}

const all = kinds.flatMap(kind => [
  ...nodes(`${kind.kind}.spec`, kind.spec),
  ...nodes(`${kind.kind}.status`, kind.status),
])

/** Paths of the nodes of which `wrong` is true; in a right schema there are none. */
function where(wrong: (schema: Schema, path: string) => boolean): readonly string[] {
  return all.filter(({ schema, path }) => wrong(schema, path)).map(each => each.path)
}

test('everything is described', () => {
  expect(where(schema => !schema.description)).toEqual([])
})

test('every string, list and map has a maximum', () => {
  const open = ({ type, enum: values, maxLength, maxItems, maxProperties, additionalProperties }: Schema): boolean =>
    (type === 'string' && values === undefined && maxLength === undefined) ||
    (type === 'array' && maxItems === undefined) ||
    (additionalProperties !== undefined && maxProperties === undefined)
  expect(where(open)).toEqual([])
})

test('a misspelt field is preserved at every object of a spec that people write', () => {
  const prunes = (schema: Schema, path: string): boolean =>
    /^(DatabaseGateway|AccessPolicy)\.spec/.test(path) &&
    schema.type === 'object' &&
    schema.additionalProperties === undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  expect(where(prunes)).toEqual([])
})

test('required fields exist and have no default', () => {
  expect(
    where(({ required = [], properties = {} }) =>
      required.some(key => properties[key] === undefined || properties[key]?.default !== undefined),
    ),
  ).toEqual([])
})

test('a default object has all that it must have', () => {
  const lacking = (schema: Schema): boolean => {
    const value = withDefaults(schema)
    return isFields(value) && (schema.required ?? []).some(key => !(key in value))
  }
  expect(where(lacking)).toEqual([])
})

test('nodes have a type, unless they are of two', () => {
  expect(
    where(
      schema => schema.type === undefined && !schema['x-kubernetes-int-or-string'] && !schema['x-sallyport-either'],
    ),
  ).toEqual([])
})

test('patterns are RE2: no look-around, no back reference', () => {
  expect(where(schema => /\(\?[=!<]|\\[1-9]/.test(schema.pattern ?? ''))).toEqual([])
})

test('printer columns lead somewhere', () => {
  const paths = new Set(all.map(each => each.path))
  for (const kind of kinds) {
    const shown = kind.columns
      .map(each => each.jsonPath.replaceAll(/\[[^\]]*\]/g, '[]'))
      .filter(each => !each.startsWith('.metadata'))
    expect(shown.filter(each => !paths.has(`${kind.kind}${each}`))).toEqual([])
  }
})

test('nothing of ours alone is in a CustomResourceDefinition', () => {
  const text = JSON.stringify(kinds.map(customResourceDefinition))
  expect(text).not.toContain('x-sallyport')
  expect(text).toContain('"categories":["sallyport"]')
})

/** What the API server does beyond JSON Schema: CEL rules (their twins) and lists whose items have a name of their own. */
import { formatPath, isFields, type Segments } from './paths.ts'
import type { Problem } from './problems.ts'
import type { Schema } from './schemas/build.ts'

/** Only for values that fit the schema. */
export function* inspect(schema: Schema, value: unknown, at: Segments): Generator<Problem> {
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    if (rule.holds?.(value) === false) yield { path: formatPath(at), message: rule.message }
  }
  if (Array.isArray(value)) yield* inspectItems(schema, value, at)
  else if (isFields(value)) yield* inspectFields(schema, value, at)
}

function* inspectItems(schema: Schema, values: readonly unknown[], at: Segments): Generator<Problem> {
  yield* twice(schema['x-kubernetes-list-map-keys'] ?? [], values, at)
  if (schema.items === undefined) return
  for (const [index, value] of values.entries()) yield* inspect(schema.items, value, [...at, index])
}

function* twice(keys: readonly string[], values: readonly unknown[], at: Segments): Generator<Problem> {
  const seen = new Map<unknown, number>()
  for (const [index, value] of values.entries()) {
    for (const key of keys) {
      const name = isFields(value) ? value[key] : undefined
      const first = seen.get(name)
      if (first === undefined) seen.set(name, index)
      else
        yield {
          path: formatPath([...at, index, key]),
          message: `is the ${key} of item ${first} already; give each its own`,
        }
    }
  }
}

function* inspectFields(schema: Schema, value: Readonly<Record<string, unknown>>, at: Segments): Generator<Problem> {
  for (const [key, field] of Object.entries(value)) {
    const inner = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : schema.additionalProperties
    if (inner !== undefined) yield* inspect(inner, field, [...at, key])
  }
}

/** What the API server would make of a value that is left out. */
import { isFields } from './paths.ts'
import type { Schema } from './schemas/build.ts'

/** `value` with every default of the schema filled in, as the API server does it; undefined if there is none. */
export function withDefaults(schema: Schema, value: unknown = schema.default): unknown {
  if (Array.isArray(value)) return value.map(each => withDefaults(schema.items ?? {}, each))
  if (!isFields(value)) return value
  const fields = new Map(Object.entries(value))
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    const filled = withDefaults(field, fields.get(key))
    if (filled !== undefined) fields.set(key, filled)
  }
  return Object.fromEntries(fields)
}

/**
 * JSON as CEL sees it. Objects become Maps: a claim may be called `constructor` or `__proto__`, and a Map has no
 * inherited names. Claims are converted once and remembered by identity, since an Identity never changes.
 */
const converted = new WeakMap<object, unknown>()

/** The CEL value of JSON; Dates and bigints pass. */
export function celValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Map) return value
  const known = converted.get(value)
  if (known !== undefined) return known
  const made = Array.isArray(value) ? value.map(celValue) : asMap(value)
  converted.set(value, made)
  return made
}

function asMap(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).map(([key, inner]) => [key, celValue(inner)]))
}

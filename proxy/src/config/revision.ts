/** The name of a configuration: a hash of what it says, whatever files it was written in and in whatever order. */
import { createHash } from 'node:crypto'
import { isFields } from '@sallyport/crds/paths.ts'

export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** JSON with sorted keys and no space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isFields(value)) return JSON.stringify(value) ?? 'null'
  const fields = Object.keys(value)
    .sort()
    .filter(key => value[key] !== undefined)
  return `{${fields.map(key => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`
}

/**
 * The words that our schemas are written in. Each yields a piece of a Kubernetes structural schema with a description
 * and a maximum, so that neither can be forgotten: without maxima the API server refuses CEL rules for their cost.
 * Keys that start with `x-sallyport-` are ours alone and are taken out of the CustomResourceDefinitions.
 */
import { type Rule, rules } from './rules.ts'

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: 'date-time'
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-int-or-string'?: true
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-validations'?: readonly Rule[]
  /** The name of the TypeScript interface. */
  readonly 'x-sallyport-type'?: string
  /** A string or an object, which a structural schema can't say. */
  readonly 'x-sallyport-either'?: { readonly string: Schema; readonly object: Schema }
}

type More = Partial<Schema>

export function text(description: string, maxLength: number, more: More = {}): Schema {
  return { type: 'string', description, minLength: 1, maxLength, ...more }
}

export function choice(description: string, values: readonly string[], more: More = {}): Schema {
  return { type: 'string', description, enum: values, ...more }
}

export function flag(description: string, value = false): Schema {
  return { type: 'boolean', description, default: value }
}

export function count(description: string, minimum: number, maximum: number, more: More = {}): Schema {
  return { type: 'integer', description, minimum, maximum, ...more }
}

export const durationPattern = '^([1-9][0-9]{0,8}(ms|s|m|h))+$'
export const durationPatternOrZero = '^(0s|([1-9][0-9]{0,8}(ms|s|m|h))+)$'
export const quantityPattern = '^[1-9][0-9]{0,11}(Ki|Mi|Gi|Ti|k|M|G|T)?$'

/** `30s`, `5m`, `1h30m`: read with `durationMs`. For what is kept, not waited for: no maximum. */
export function period(description: string, more: More = {}): Schema {
  return { type: 'string', description, maxLength: 32, pattern: durationPattern, ...more }
}

/** A duration that somebody waits for. Bounded, because a timer of JavaScript beyond 24 days ends at once. */
export function duration(description: string, more: More = {}): Schema {
  return period(description, { 'x-kubernetes-validations': [rules.atMostTwoWeeks], ...more })
}

/** Bytes: `8Mi`, `64Ki`, `1048576`: read with `quantityBytes`. */
export function quantity(description: string, more: More = {}): Schema {
  return {
    description,
    'x-kubernetes-int-or-string': true,
    minimum: 1,
    maximum: 2 ** 50,
    maxLength: 20,
    pattern: quantityPattern,
    ...more,
  }
}

export function list(description: string, items: Schema, maxItems: number, more: More = {}): Schema {
  return { type: 'array', description, items, maxItems, 'x-kubernetes-list-type': 'atomic', ...more }
}

/** A list in which one field of each item is its name: two of one name are refused, and server-side apply merges by it. */
export function listBy(key: string, description: string, items: Schema, maxItems: number, more: More = {}): Schema {
  return list(description, items, maxItems, {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
    ...more,
  })
}

export function map(description: string, values: Schema, maxProperties: number): Schema {
  return { type: 'object', description, additionalProperties: values, maxProperties }
}

interface ObjectMore extends More {
  readonly rules?: readonly Rule[]
}

/** An object of named fields. `name` is what the TypeScript interface is called. */
export function object(name: string, description: string, fields: Schema['properties'], more: ObjectMore = {}): Schema {
  const { rules, ...rest } = more
  const validations = rules === undefined ? {} : { 'x-kubernetes-validations': rules }
  return { type: 'object', description, properties: fields ?? {}, ...rest, ...validations, 'x-sallyport-type': name }
}

/** An object whose insides belong to somebody else's schema, such as a pod template. */
export function free(description: string): Schema {
  return { type: 'object', description, 'x-kubernetes-preserve-unknown-fields': true }
}

/** The same schema with unknown fields preserved at every object, so that our validator gets to see a misspelt one. */
export function preserving(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema
  return {
    ...schema,
    ...(properties && { properties: mapValues(properties, preserving), 'x-kubernetes-preserve-unknown-fields': true }),
    ...(items && { items: preserving(items) }),
    ...(additionalProperties && { additionalProperties: preserving(additionalProperties) }),
  }
}

export function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

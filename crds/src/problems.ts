/** What ajv found, in words that name the thing and the way out. */
import { nearest } from './nearest.ts'
import { formatPath, isFields, parsePointer, type Segments } from './paths.ts'
import { durationPattern, durationPatternOrZero, quantityPattern } from './schemas/build.ts'
import type { AjvError } from './validators.generated.js'

export interface Problem {
  /** `spec.rules[0].tables`; empty: the manifest as a whole. */
  readonly path: string
  readonly message: string
}

type Params = Readonly<Record<string, unknown>>
type Json = Readonly<Record<string, unknown>>

/** `schema` is the one that ajv was given, `value` what it looked at. */
export function problemsOf(errors: readonly AjvError[], schema: Json, value: unknown): readonly Problem[] {
  const problems = errors.filter(error => error.keyword !== 'if').map(error => problemOf(error, schema, value))
  return problems.filter((each, at) => problems.findIndex(other => other.path === each.path) === at)
}

function problemOf(error: AjvError, schema: Json, value: unknown): Problem {
  const at = parsePointer(error.instancePath, value)
  const { additionalProperty, missingProperty, propertyName } = error.params
  if (typeof additionalProperty === 'string') {
    const meant = nearest(additionalProperty, knownFields(schema, at))
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    return { path: formatPath([...at, additionalProperty]), message: `unknown field${hint}` }
  }
  if (typeof missingProperty === 'string') return { path: formatPath([...at, missingProperty]), message: 'is missing' }
  if (typeof propertyName === 'string')
    return { path: formatPath([...at, propertyName]), message: 'is no name for a key' }
  const message = sentences[error.keyword]?.(error.params, valueAt(value, at)) ?? `is not right (${error.keyword})`
  return { path: formatPath(at), message }
}

const sentences: Readonly<Record<string, (params: Params, value: unknown) => string>> = {
  type: ({ type }) => `must be ${typeNames[String(type)] ?? `of type ${String(type)}`}`,
  enum: ({ allowedValues }, value) => oneOf(Array.isArray(allowedValues) ? allowedValues.map(String) : [], value),
  const: ({ allowedValue }) => `must be ${String(allowedValue)}`,
  pattern: ({ pattern }) => patternNames[String(pattern)] ?? `must match ${String(pattern)}`,
  format: () => 'must be a date and time such as 2030-01-31T12:00:00Z',
  minLength: ({ limit }) => (limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} characters`),
  maxLength: ({ limit }) => `must have at most ${String(limit)} characters`,
  minItems: ({ limit }) => `must have at least ${String(limit)} ${limit === 1 ? 'item' : 'items'}`,
  maxItems: ({ limit }) => `must have at most ${String(limit)} items`,
  maxProperties: ({ limit }) => `must have at most ${String(limit)} fields`,
  minimum: ({ limit }) => `must be at least ${String(limit)}`,
  maximum: ({ limit }) => `must be at most ${String(limit)}`,
  uniqueItems: () => 'must not say the same thing twice',
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  object: 'an object',
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  'integer,string': 'a whole number or a string',
}

const patternNames: Readonly<Record<string, string>> = {
  [durationPattern]: 'must be a duration such as 500ms, 30s, 5m or 1h30m',
  [durationPatternOrZero]: 'must be a duration such as 0s, 500ms, 30s, 5m or 1h30m',
  [quantityPattern]: 'must be a number of bytes such as 65536, 64Ki, 8Mi or 1Gi',
}

function oneOf(allowed: readonly string[], value: unknown): string {
  if (allowed.length === 1) return `must be ${allowed[0]}`
  const meant = typeof value === 'string' ? nearest(value, allowed) : undefined
  return `must be one of ${allowed.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

function knownFields(schema: Json, at: Segments): readonly string[] {
  let here: unknown = schema
  for (const segment of at) here = isFields(here) ? step(here, segment) : undefined
  const whole = isFields(here)
    ? (here.properties ?? (isFields(here.then) ? here.then.properties : undefined))
    : undefined
  return isFields(whole) ? Object.keys(whole) : []
}

function step(schema: Json, segment: string | number): unknown {
  if (typeof segment === 'number') return schema.items
  const { properties } = schema
  return isFields(properties) && Object.hasOwn(properties, segment) ? properties[segment] : schema.additionalProperties
}

export function valueAt(value: unknown, at: Segments): unknown {
  return at.reduce<unknown>((here, segment) => (isFields(here) ? here[String(segment)] : undefined), value)
}

/** Our schemas as JSON Schema for ajv: every unknown field an error, and what a structural schema can't say, said. */
import { mapValues, type Schema, text } from './build.ts'
import { apiVersion, type Kind } from './kind.ts'

type Json = Readonly<Record<string, unknown>>

/** One whole manifest of this kind. Its status is looked at only where files may hold one. */
export function strictManifest(kind: Kind): Json {
  return {
    type: 'object',
    properties: {
      apiVersion: { const: apiVersion },
      kind: { const: kind.kind },
      metadata: metadata(kind.name),
      spec: strict(kind.spec),
      status: kind.kind === 'ApprovalRequest' ? strict(kind.status) : {},
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
  }
}

/** `metadata` as the API server knows it: a misspelt `namespace` must not become the default one. */
export function metadata(name: Kind['name'] = { maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' }): Json {
  const serverOwned = [
    'creationTimestamp',
    'deletionGracePeriodSeconds',
    'deletionTimestamp',
    'finalizers',
    'generateName',
  ]
  const rest = ['generation', 'managedFields', 'ownerReferences', 'resourceVersion', 'selfLink', 'uid']
  const strings = { type: 'object', additionalProperties: { type: 'string' } }
  return {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, ...name },
      namespace: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', default: 'default' },
      labels: strings,
      annotations: strings,
      ...Object.fromEntries([...serverOwned, ...rest].map(field => [field, {}])),
    },
    required: ['name'],
    additionalProperties: false,
  }
}

export function strict(schema: Schema): Json {
  const either = schema['x-sallyport-either']
  if (either !== undefined) return eitherOf(strict(either.string), strict(either.object))
  const { properties, items, additionalProperties, description: _, ...rest } = schema
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-'))),
    ...(schema['x-kubernetes-int-or-string'] && { type: ['integer', 'string'] }),
    ...(schema['x-kubernetes-list-type'] === 'set' && { uniqueItems: true }),
    ...(properties && { properties: mapValues(properties, strict), additionalProperties: false }),
    ...(items && { items: strict(items) }),
    ...(additionalProperties && { additionalProperties: strict(additionalProperties) }),
  }
}

function eitherOf(string: Json, object: Json): Json {
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  return { if: { type: 'object' }, then: object, else: string }
}

const key = '^[-._a-zA-Z0-9]+$'
const values = {
  type: 'object',
  propertyNames: { pattern: key, maxLength: 253 },
  additionalProperties: { type: 'string' },
}

/** Secret and ConfigMap as files hold them. */
export const strictCore: Readonly<Record<'Secret' | 'ConfigMap', Json>> = {
  Secret: core('Secret', {
    data: values,
    stringData: values,
    type: strict(text('', 253)),
    immutable: { type: 'boolean' },
  }),
  ConfigMap: core('ConfigMap', { data: values, binaryData: values, immutable: { type: 'boolean' } }),
}

function core(kind: string, fields: Json): Json {
  const head = { apiVersion: { const: 'v1' }, kind: { const: kind }, metadata: metadata() }
  return {
    type: 'object',
    properties: { ...head, ...fields },
    required: ['apiVersion', 'kind', 'metadata'],
    additionalProperties: false,
  }
}

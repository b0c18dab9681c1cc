/** A kind → its CustomResourceDefinition, as the API server takes it. */
import { mapValues, type Schema } from './schemas/build.ts'
import { apiVersion, type Kind } from './schemas/kind.ts'
import type { Rule } from './schemas/rules.ts'

type Json = Readonly<Record<string, unknown>>

export function customResourceDefinition(kind: Kind): Json {
  const [group = '', version = ''] = apiVersion.split('/')
  const { plural, singular, shortNames } = kind
  const names = {
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural,
    singular,
    shortNames,
    categories: ['sallyport'],
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, names, scope: 'Namespaced', versions: [versionOf(kind, version)] },
  }
}

function versionOf(kind: Kind, name: string): Json {
  return {
    name,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: kind.columns,
    ...(kind.selectableFields && { selectableFields: kind.selectableFields.map(jsonPath => ({ jsonPath })) }),
    schema: { openAPIV3Schema: rootOf(kind) },
  }
}

function rootOf(kind: Kind): Json {
  return {
    type: 'object',
    description: kind.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: kind.name
        ? { type: 'object', properties: { name: { type: 'string', ...kind.name } } }
        : { type: 'object' },
      spec: structural(kind.spec),
      status: structural(kind.status),
    },
  }
}

/** The schema without what is ours alone: the names of types, the twins of rules, what a structural schema cannot say. */
export function structural(schema: Schema): Json {
  const { properties, items, additionalProperties, 'x-kubernetes-validations': rules = [], ...rest } = schema
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-sallyport-'))),
    ...validations(rules),
    ...(properties && { properties: mapValues(properties, structural) }),
    ...(items && { items: structural(items) }),
    ...(additionalProperties && { additionalProperties: structural(additionalProperties) }),
  }
}

function validations(rules: readonly Rule[]): Json {
  const inCel = rules.filter(each => each.exactlyOneOf === undefined)
  const fields = rules.flatMap(each => each.exactlyOneOf ?? [])
  return {
    ...(inCel.length > 0 && { 'x-kubernetes-validations': inCel.map(({ rule, message }) => ({ rule, message })) }),
    ...(fields.length > 0 && { oneOf: fields.map(field => ({ required: [field] })) }),
  }
}

/** Fields of the schemas that mean nothing here, or nothing yet. One table, so that none is ignored by accident. */
import { isDeepStrictEqual } from 'node:util'
import { withDefaults } from '@sallyport/crds/defaults.ts'
import { formatPath, isFields, type Segments } from '@sallyport/crds/paths.ts'
import type { Problem } from '@sallyport/crds/problems.ts'
import type { Schema } from '@sallyport/crds/schemas/build.ts'
import { kinds } from '@sallyport/crds/schemas/index.ts'
import type { Remark } from './snapshot.ts'

type Why = 'NotYet' | 'NotFromFiles'

/** `*` stands for every item of a list. */
const unsupported: Readonly<Record<string, Readonly<Record<string, Why>>>> = {
  DatabaseGateway: {
    'spec.proxy': 'NotFromFiles',
    'spec.listener.tls.certManager': 'NotFromFiles',
    'spec.authentication.kubernetes': 'NotFromFiles',
    'spec.recording': 'NotYet',
    'spec.approvals': 'NotYet',
  },
  AccessPolicy: {
    'spec.masks': 'NotYet',
    'spec.rowFilters': 'NotYet',
    'spec.trustedViews': 'NotYet',
    'spec.explain': 'NotYet',
    'spec.rules.*.mayMoveMasks': 'NotYet',
  },
}

const sentences: Readonly<Record<Why, string>> = {
  NotYet: 'is not yet supported: remove it',
  NotFromFiles: 'means something only on a cluster: remove it here',
}

/** What is accepted since it can only refuse, but does not do what it will. */
const inert: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AccessPolicy: { 'spec.rules.*.approval': 'is not yet supported: until it is, RequireApproval refuses' },
}

export function inertFields(kind: string, manifest: unknown): readonly Remark[] {
  return Object.entries(inert[kind] ?? {}).flatMap(([pattern, message]) =>
    [...found(manifest, pattern.split('.'), {})].map(({ at }) => ({
      path: formatPath(at),
      message,
      severity: 'Warning',
    })),
  )
}

/** Fields that are set and would be ignored. One that only repeats its default, as `kubectl get -o yaml` does, is fine. */
export function unsupportedFields(kind: string, manifest: unknown): readonly Problem[] {
  const schema = kinds.find(each => each.kind === kind)?.spec
  if (schema === undefined) return []
  return Object.entries(unsupported[kind] ?? {}).flatMap(([pattern, why]) =>
    [...found(manifest, pattern.split('.'), { properties: { spec: schema } })]
      .filter(({ value, field }) => !isDeepStrictEqual(withDefaults(field, value), withDefaults(field)))
      .map(({ at }) => ({ path: formatPath(at), message: sentences[why] })),
  )
}

interface Found {
  readonly at: Segments
  readonly value: unknown
  readonly field: Schema
}

function* found(value: unknown, pattern: readonly string[], field: Schema, at: Segments = []): Generator<Found> {
  const [head, ...rest] = pattern
  if (head === undefined) yield { at, value, field }
  else if (head === '*') {
    const items: readonly unknown[] = Array.isArray(value) ? value : []
    for (const [index, item] of items.entries()) yield* found(item, rest, field.items ?? {}, [...at, index])
  } else if (isFields(value) && Object.hasOwn(value, head)) {
    yield* found(value[head], rest, field.properties?.[head] ?? {}, [...at, head])
  }
}

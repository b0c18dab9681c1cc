/** Manifests, `unknown` parsed once at the edge. Strict: an unknown field is an error, since one misspelt must never fail open. */
import { inspect } from './inspect.ts'
import { nearest } from './nearest.ts'
import { isFields } from './paths.ts'
import { type Problem, problemsOf } from './problems.ts'
import { kinds } from './schemas/index.ts'
import { apiVersion, type Kind } from './schemas/kind.ts'
import { strictManifest } from './schemas/strict.ts'
import type { Manifest } from './types.generated.ts'
import { AccessPolicy, ApprovalRequest, DatabaseGateway } from './validators.generated.js'

export type { Problem } from './problems.ts'

export type Validated<T> =
  | { readonly ok: T; readonly problems?: undefined }
  | { readonly ok?: undefined; readonly problems: readonly Problem[] }

const validators = { DatabaseGateway, AccessPolicy, ApprovalRequest }

/** A manifest of one of our kinds, with defaults filled in as the API server would; or everything that is wrong with it. */
export function validateManifest(value: unknown): Validated<Manifest> {
  if (!isFields(value) || Array.isArray(value)) return { problems: [{ path: '', message: 'must be an object' }] }
  const kind = kinds.find(each => each.kind === value.kind)
  if (kind === undefined) return { problems: [{ path: 'kind', message: wrongKind(value.kind) }] }
  if (value.apiVersion !== apiVersion) return { problems: [{ path: 'apiVersion', message: `must be ${apiVersion}` }] }
  return validateKind(kind, structuredClone(value))
}

function wrongKind(kind: unknown): string {
  if (kind === undefined) return 'is missing'
  const known = kinds.map(each => each.kind)
  const meant = typeof kind === 'string' ? nearest(kind, known) : undefined
  return `must be one of ${known.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

function validateKind(kind: Kind, value: Readonly<Record<string, unknown>>): Validated<Manifest> {
  const validator = validators[kind.kind]
  if (!validator(value)) return { problems: problemsOf(validator.errors ?? [], strictManifest(kind), value) }
  const problems = [...inspect(kind.spec, value.spec, ['spec'])]
  return problems.length > 0 ? { problems } : { ok: asManifest(value) }
}

/** The one cast: types and validators are generated from the same schemas. */
function asManifest(value: unknown): Manifest {
  return value as Manifest
}

/** One document → a resource that may be put in force, or why not, and whom it then concerns. */
import { type ConfigMap, readSubjects, readTargets, type Secret, validateCore } from '@sallyport/crds/core.ts'
import { nearest } from '@sallyport/crds/nearest.ts'
import { isFields, parsePath } from '@sallyport/crds/paths.ts'
import type { Problem } from '@sallyport/crds/problems.ts'
import { apiVersion } from '@sallyport/crds/schemas/kind.ts'
import type { AccessPolicy, DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import { type Validated, validateManifest } from '@sallyport/crds/validate.ts'
import type { RawDocument } from './parse.ts'
import { digestOf } from './revision.ts'
import type { Accept, BrokenPolicy, FileProblem } from './snapshot.ts'
import { inertFields, unsupportedFields } from './supported.ts'

export type Resource = DatabaseGateway | AccessPolicy | Secret | ConfigMap
type ResourceKind = Resource['kind']

export interface Judged {
  readonly file: string
  readonly lineOf: RawDocument['lineOf']
  readonly kind: ResourceKind
  /** undefined: it says no name that can be read. */
  readonly id: string | undefined
  readonly namespace: string
  readonly name: string
  /** Only if it is good. */
  readonly resource?: Resource
  /** Of the resource, so that a revision is made of digests and not of all that was ever said. */
  readonly digest: string
  /** Whom it is about if it is a policy, as far as that can be read out of a broken one. */
  readonly concerns: Pick<BrokenPolicy, 'targets' | 'subjects'>
  readonly problems: readonly FileProblem[]
}

const ownKinds = ['DatabaseGateway', 'AccessPolicy'] as const
const coreKinds = ['Secret', 'ConfigMap'] as const

/** Documents of ours that live beside manifests and are read by others. */
const elsewhere = ['ApprovalRequest', 'PolicyTest']

export function judge(document: RawDocument, file: string, accept: Accept): Judged | FileProblem | undefined {
  const { value } = document
  const problem = (message: string): FileProblem => ({ file, line: document.lineOf([]), message, severity: 'Error' })
  if (!isFields(value) || Array.isArray(value)) return problem('is not a manifest: a document must be an object')
  if (!('kind' in value || 'apiVersion' in value)) return problem('is not a manifest: apiVersion and kind are missing')
  if (isOurs(value.apiVersion) && elsewhere.includes(String(value.kind))) return undefined
  const kind = kindMeant(value)
  if (kind === undefined)
    return { ...problem(`kind ${String(value.kind)} is none of ours: ignored`), severity: 'Warning' }
  return judged(document, value, kind, file, accept)
}

function isOurs(version: unknown): boolean {
  return typeof version === 'string' && version.includes('sallyport')
}

/** A misspelt kind is taken for what it was meant to be; what is ours and cannot be told is taken for a policy. */
function kindMeant({ kind, apiVersion: version }: Readonly<Record<string, unknown>>): ResourceKind | undefined {
  const known: readonly string[] = [...ownKinds, ...coreKinds]
  const meant = typeof kind === 'string' ? nearest(kind, known) : undefined
  const ours = isOurs(version) || (typeof version === 'string' && nearest(version, [apiVersion]) !== undefined)
  const found = [...ownKinds, ...coreKinds].find(each => each === meant)
  if (found === undefined) return ours ? 'AccessPolicy' : undefined
  return found === kind || ours || version === undefined || version === 'v1' ? found : undefined
}

type Fields = Readonly<Record<string, unknown>>

function judged(document: RawDocument, value: Fields, kind: ResourceKind, file: string, accept: Accept): Judged {
  const result = kind === 'Secret' || kind === 'ConfigMap' ? validateCore({ ...value }) : validateOwn(value, accept)
  const problems = (result.problems ?? []).map(each => located(each, document, file, 'Error'))
  const notes = inertFields(kind, value).map(each => located(each, document, file, 'Warning'))
  const { namespace, name } = nameOf(value)
  return {
    file,
    lineOf: document.lineOf,
    kind,
    id: name === undefined || namespace === undefined ? undefined : `${kind} ${namespace}/${name}`,
    namespace: namespace ?? 'default',
    name: name ?? '',
    ...(result.ok !== undefined && { resource: result.ok }),
    digest: kind === 'Secret' || kind === 'ConfigMap' ? '' : digestOf(result.ok),
    concerns: concernsOf(value, namespace),
    problems: [...problems, ...notes],
  }
}

function validateOwn(value: Fields, accept: Accept): Validated<Resource> {
  const unsupported = unsupportedFields(String(value.kind), value)
  const result = validateManifest(value)
  if (result.ok === undefined) return { problems: [...unsupported, ...result.problems] }
  if (result.ok.kind === 'ApprovalRequest') return { problems: [{ path: 'kind', message: 'does not belong here' }] }
  const refused = result.ok.kind === 'AccessPolicy' ? accept(result.ok) : []
  if (unsupported.length + refused.length > 0) return { problems: [...unsupported, ...refused] }
  return { ok: asConfigured(result.ok) }
}

/** What the API server adds says nothing about what is wanted, and must not change the revision. */
function asConfigured<T extends DatabaseGateway | AccessPolicy>(manifest: T): T {
  const { status: _, ...rest } = manifest
  return { ...rest, metadata: { name: manifest.metadata.name, namespace: manifest.metadata.namespace } } as T
}

type Severity = FileProblem['severity']

function located({ path, message }: Problem, document: RawDocument, file: string, severity: Severity): FileProblem {
  return { file, line: document.lineOf(parsePath(path)), ...(path !== '' && { path }), message, severity }
}

function nameOf({ metadata }: Fields): { readonly namespace: string | undefined; readonly name: string | undefined } {
  if (!isFields(metadata)) return { namespace: undefined, name: undefined }
  const { name, namespace = misspelt(metadata) ? undefined : 'default' } = metadata
  return { namespace: word(namespace), name: word(name) }
}

/** With a field that nobody knows, a missing namespace may be a misspelt one. */
function misspelt(metadata: Fields): boolean {
  return Object.keys(metadata).some(key => key !== 'namespace' && nearest(key, ['namespace']) !== undefined)
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function concernsOf({ spec }: Fields, namespace: string | undefined): Judged['concerns'] {
  if (!isFields(spec)) return { targets: 'All', subjects: 'Everyone' }
  const targets = namespace === undefined ? undefined : readTargets(spec.targetRefs)
  return {
    targets: targets?.map(each => `${namespace}/${each.name}`) ?? 'All',
    subjects: readSubjects(spec.subjects) ?? 'Everyone',
  }
}

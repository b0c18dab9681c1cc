/** One document → a resource that may be put in force, or why not, and whom it then concerns. */
import { type ConfigMap, readSubjects, readTargets, type Secret, validateCore } from '@sallyport/crds/core.ts'
import { nearest } from '@sallyport/crds/nearest.ts'
import { isFields, parsePath } from '@sallyport/crds/paths.ts'
import { apiVersion } from '@sallyport/crds/schemas/kind.ts'
import type { AccessPolicy, DatabaseGateway, Manifest } from '@sallyport/crds/types.generated.ts'
import { validateManifest } from '@sallyport/crds/validate.ts'
import { gatewayRemarks } from './gateway-remarks.ts'
import type { RawDocument } from './parse.ts'
import { digestOf } from './revision.ts'
import type { Accept, BrokenPolicy, FileProblem, Remark } from './snapshot.ts'
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
  const core = kind === 'Secret' || kind === 'ConfigMap'
  const { resource, remarks } = core ? judgeCore(value) : judgeOwn(value, accept)
  const { namespace, name } = nameOf(value)
  return {
    file,
    lineOf: document.lineOf,
    kind,
    id: name === undefined || namespace === undefined ? undefined : `${kind} ${namespace}/${name}`,
    namespace: namespace ?? 'default',
    name: name ?? '',
    ...(resource !== undefined && { resource }),
    digest: core ? '' : digestOf(resource),
    concerns: concernsOf(value, namespace),
    problems: remarks.map(each => located(each, document, file)),
  }
}

interface Opinion {
  readonly resource?: Resource
  readonly remarks: readonly Remark[]
}

function judgeCore(value: Fields): Opinion {
  const { ok, problems = [] } = validateCore(value)
  return ok === undefined ? { remarks: problems } : { resource: ok, remarks: [] }
}

function judgeOwn(value: Fields, accept: Accept): Opinion {
  const { ok, problems = [] } = validateManifest(value)
  const fields = [...unsupportedFields(String(value.kind), value), ...problems]
  const more = (ok === undefined ? [] : remarksOn(ok, accept)).filter(
    each => !fields.some(field => field.path === each.path),
  )
  const remarks: readonly Remark[] = [...fields, ...inertFields(String(value.kind), value), ...more]
  const good = fields.length === 0 && more.every(each => each.severity === 'Warning')
  return good && ok !== undefined && ok.kind !== 'ApprovalRequest'
    ? { resource: asConfigured(ok), remarks }
    : { remarks }
}

function remarksOn(manifest: Manifest, accept: Accept): readonly Remark[] {
  if (manifest.kind === 'AccessPolicy') return accept(manifest)
  return manifest.kind === 'DatabaseGateway' ? gatewayRemarks(manifest) : []
}

/** What the API server adds says nothing about what is wanted, and must not change the revision. */
function asConfigured<T extends DatabaseGateway | AccessPolicy>(manifest: T): T {
  const { status: _, ...rest } = manifest
  return { ...rest, metadata: { name: manifest.metadata.name, namespace: manifest.metadata.namespace } } as T
}

function located({ path, message, severity = 'Error' }: Remark, document: RawDocument, file: string): FileProblem {
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

/** Secret and ConfigMap as files hold them, and the parts of a broken policy that can still be read. */
import { isFields } from './paths.ts'
import { problemsOf } from './problems.ts'
import { strictCore } from './schemas/strict.ts'
import type { ObjectMeta, Subject, TargetRef } from './types.generated.ts'
import type { Validated } from './validate.ts'
import { subjects, targetRefs, ConfigMap as validConfigMap, Secret as validSecret } from './validators.generated.js'

type Values = Readonly<Record<string, string>>

export interface Secret {
  readonly kind: 'Secret'
  readonly metadata: ObjectMeta
  /** base64 */
  readonly data?: Values
  readonly stringData?: Values
}

export interface ConfigMap {
  readonly kind: 'ConfigMap'
  readonly metadata: ObjectMeta
  readonly data?: Values
  /** base64 */
  readonly binaryData?: Values
}

/** Messages name fields, never values. */
export function validateCore(value: Readonly<Record<string, unknown>>): Validated<Secret | ConfigMap> {
  const kind = value.kind === 'Secret' ? 'Secret' : 'ConfigMap'
  const validator = kind === 'Secret' ? validSecret : validConfigMap
  const copy: unknown = structuredClone(value)
  if (!validator(copy)) return { problems: problemsOf(validator.errors ?? [], strictCore[kind], copy) }
  const bad = notBase64(kind === 'Secret' ? value.data : value.binaryData)
  if (bad === undefined) return { ok: copy as Secret | ConfigMap }
  const field = kind === 'Secret' ? 'data' : 'binaryData'
  return { problems: [{ path: `${field}["${bad}"]`, message: 'is not base64; plain text belongs into stringData' }] }
}

function notBase64(values: unknown): string | undefined {
  const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
  const entries = Object.entries(isFields(values) ? values : {})
  return entries.find(([, text]) => !base64.test(String(text).replaceAll(/\s/g, '')))?.[0]
}

/** The subjects of a policy that is otherwise broken; undefined if they can't be read. */
export function readSubjects(value: unknown): readonly Subject[] | undefined {
  const copy: unknown = structuredClone(value)
  if (!subjects(copy)) return undefined
  const list = copy as readonly Subject[]
  return list.every(each => (each.kind === 'ServiceAccount') === (each.namespace !== undefined)) ? list : undefined
}

/** The gateways that a policy is for, if they can be read. */
export function readTargets(value: unknown): readonly TargetRef[] | undefined {
  const copy: unknown = structuredClone(value)
  return targetRefs(copy) ? (copy as readonly TargetRef[]) : undefined
}

/**
 * Judged files and what was good before → what is in force. A mistake never weakens what is in force: a resource that
 * is no longer good keeps its last good version, and a policy that was never good denies. Only a resource that no file
 * names any more is gone.
 */
import type { Judged, Resource } from './judge.ts'
import type { JudgedFile } from './judged-file.ts'
import type { BrokenPolicy, FileProblem } from './snapshot.ts'

export interface InForce {
  readonly resource: Resource
  readonly digest: string
  readonly state: 'Good' | 'LastGood'
  /** Where it was last named: if that file cannot be read, it stays. */
  readonly file: string
  /** Where it stands now, if it is good. */
  readonly document?: Judged
}

export interface Assembled {
  /** By kind and `namespace/name`. */
  readonly inForce: ReadonlyMap<string, InForce>
  readonly broken: readonly (BrokenPolicy & { readonly file: string })[]
  readonly problems: readonly FileProblem[]
}

export const nothing: Assembled = { inForce: new Map(), broken: [], problems: [] }

export function assemble(files: readonly JudgedFile[], before: Assembled): Assembled {
  const documents = files.flatMap(each => each.documents)
  const byId = Map.groupBy(documents.filter(hasId), each => each.id)
  const groups = [...byId].map(([id, group]) => settle(id, group, before))
  const named = new Map(groups.flatMap(each => each.inForce))
  const suspects = suspectFiles(files)
  const kept = [...before.inForce].filter(([id, each]) => !byId.has(id) && suspects.has(each.file))
  const inForce = new Map([...named, ...kept.map(([id, each]) => [id, lastGood(each, each.file)] as const)])
  const keptIn = new Set(kept.map(([, each]) => each.file))
  return {
    inForce,
    broken: [...groups.flatMap(each => each.broken), ...files.flatMap(each => unnamed(each, keptIn, before))],
    problems: [...files.flatMap(problemsOf), ...groups.flatMap(each => each.problems)],
  }
}

type Named = Judged & { readonly id: string }

function hasId(document: Judged): document is Named {
  return document.id !== undefined
}

interface Settled {
  readonly inForce: readonly (readonly [string, InForce])[]
  readonly broken: Assembled['broken']
  readonly problems: readonly FileProblem[]
}

/** All documents of one name. Of two that say different things neither is believed. */
function settle(id: string, group: readonly Named[], before: Assembled): Settled {
  const [document, ...others] = group
  if (document === undefined) return { inForce: [], broken: [], problems: [] }
  const { file, resource, digest } = document
  const good = others.length === 0 && resource !== undefined
  if (good) return { inForce: [[id, { resource, digest, state: 'Good', file, document }]], broken: [], problems: [] }
  const problems = others.map(each => twice(each, document))
  const last = before.inForce.get(id)
  if (last !== undefined) return { inForce: [[id, lastGood(last, file)]], broken: [], problems }
  const first = firstError([...group.flatMap(each => each.problems), ...problems])
  return { inForce: [], broken: group.flatMap(each => brokenPolicy(each, first)), problems }
}

function twice(document: Judged, first: Judged): FileProblem {
  const path = 'metadata.name'
  const line = document.lineOf(['metadata', 'name'])
  const there = `${first.file}:${first.lineOf(['metadata', 'name'])}`
  const message = `${document.kind} ${document.namespace}/${document.name} is defined twice, also in ${there}: rename or remove one`
  return { file: document.file, line, path, message, severity: 'Error' }
}

function lastGood({ resource, digest }: InForce, file: string): InForce {
  return { resource, digest, state: 'LastGood', file }
}

function brokenPolicy(document: Judged, problem: FileProblem | undefined): Assembled['broken'] {
  if (document.kind !== 'AccessPolicy') return []
  const { namespace, name, concerns, file } = document
  return [{ namespace, name, ...concerns, problem: sentence(problem), file }]
}

function firstError(problems: readonly FileProblem[]): FileProblem | undefined {
  return problems.find(each => each.severity === 'Error')
}

function sentence(problem: FileProblem | undefined): string {
  if (problem === undefined) return 'is not valid'
  return problem.path === undefined ? problem.message : `${problem.path} ${problem.message}`
}

/** Files in which something stands that has no name that can be read: it may be any of those that were there before. */
function suspectFiles(files: readonly JudgedFile[]): ReadonlySet<string> {
  const suspect = files.filter(each => each.failure !== undefined || !each.documents.every(hasId))
  return new Set(suspect.map(each => each.file))
}

/** What denies because nobody can tell what it is, unless it can be taken for something that was good before. */
function unnamed(file: JudgedFile, keptIn: ReadonlySet<string>, before: Assembled): Assembled['broken'] {
  if (file.failure === undefined) {
    return keptIn.has(file.file)
      ? []
      : file.documents.filter(each => !hasId(each)).flatMap(each => brokenPolicy(each, firstError(each.problems)))
  }
  const earlier = before.broken.filter(each => each.file === file.file)
  if (earlier.length > 0 || keptIn.has(file.file)) return earlier
  const { message } = file.failure
  return [{ namespace: '', name: file.file, targets: 'All', subjects: 'Everyone', problem: message, file: file.file }]
}

function problemsOf(file: JudgedFile): readonly FileProblem[] {
  const own = file.failure === undefined ? [] : [file.failure]
  return [...own, ...file.notes, ...file.documents.flatMap(each => each.problems)]
}

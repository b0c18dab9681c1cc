/** One file, read and judged. A file that can't be believed as a whole has a `failure` and nothing else. */
import { type Judged, judge } from './judge.ts'
import { parseManifests } from './parse.ts'
import type { Accept, FileProblem } from './snapshot.ts'

export interface JudgedFile {
  readonly file: string
  readonly documents: readonly Judged[]
  /** About documents that are no resources of ours. */
  readonly notes: readonly FileProblem[]
  readonly failure?: FileProblem
}

export function judgeText(file: string, text: string, accept: Accept): JudgedFile {
  const { documents, problem } = parseManifests(text)
  if (problem !== undefined) return failed(file, problem)
  const judged = documents.map(document => judge(document, file, accept)).filter(each => each !== undefined)
  return {
    file,
    documents: judged.filter(each => 'concerns' in each),
    notes: judged.filter(each => 'severity' in each),
  }
}

export function failed(file: string, problem: { readonly line?: number; readonly message: string }): JudgedFile {
  return { file, documents: [], notes: [], failure: { file, ...problem, severity: 'Error' } }
}

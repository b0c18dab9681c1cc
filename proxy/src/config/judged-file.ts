/** One file, read and judged. A file that can't be believed as a whole has a `failure` and nothing else. */
import { setImmediate as breathe } from 'node:timers/promises'
import { settings } from '../settings.ts'
import { type Judged, judge } from './judge.ts'
import { ManifestSyntaxError, parseManifests } from './parse.ts'
import type { Accept, FileProblem } from './snapshot.ts'

export interface JudgedFile {
  readonly file: string
  readonly documents: readonly Judged[]
  /** About documents that are no resources of ours. */
  readonly notes: readonly FileProblem[]
  readonly failure?: FileProblem
  /** It could not be read; that may pass without the file changing. */
  readonly unread?: true
}

/** Pauses between documents: sessions go on while a large file is read again. */
export async function judgeText(file: string, text: string, accept: Accept): Promise<JudgedFile> {
  const judged: (Judged | FileProblem)[] = []
  let rested = performance.now()
  try {
    for (const document of parseManifests(text)) {
      const one = judge(document, file, accept)
      if (one !== undefined) judged.push(one)
      if (performance.now() - rested < settings.maxManifestStretchMs) continue
      await breathe()
      rested = performance.now()
    }
  } catch (error) {
    if (error instanceof ManifestSyntaxError) return failed(file, error)
    throw error
  }
  return {
    file,
    documents: judged.filter(each => 'concerns' in each),
    notes: judged.filter(each => 'severity' in each),
  }
}

export function failed(
  file: string,
  { line, message }: { readonly line?: number | undefined; readonly message: string },
): JudgedFile {
  return {
    file,
    documents: [],
    notes: [],
    failure: { file, ...(line !== undefined && { line }), message, severity: 'Error' },
  }
}

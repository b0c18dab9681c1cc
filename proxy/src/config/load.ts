/** Manifests from a folder, once. */
import { compiles } from './accept.ts'
import { assemble, nothing } from './assemble.ts'
import { codeOf, listManifests, type ManifestFile, readManifest } from './files.ts'
import { failed, type JudgedFile, judgeText } from './judged-file.ts'
import { makeSnapshot } from './make-snapshot.ts'
import type { Accept, Snapshot } from './snapshot.ts'

export interface Loaded {
  readonly snapshot: Snapshot
  readonly files: number
  /** Resources of ours, good and bad. */
  readonly documents: number
}

/** Everything below `paths`. What is wrong is in `snapshot.problems`; a path that is not there is an error of the caller. */
export async function loadManifests(paths: string | readonly string[], accept: Accept = compiles): Promise<Loaded> {
  const lists = await Promise.all([paths].flat().map(listManifests))
  const unique = new Map(lists.flatMap(list => list.files).map(each => [each.path, each]))
  const files: JudgedFile[] = []
  for (const each of unique.values()) files.push(await readAndJudge(each, accept)) // one open file at a time
  const documents = files.reduce((sum, each) => sum + each.documents.length, 0)
  return { snapshot: makeSnapshot(assemble(files, nothing)), files: files.length, documents }
}

/** Never throws: what can't be read is a problem of that file. */
export async function readAndJudge(file: ManifestFile, accept: Accept): Promise<JudgedFile> {
  try {
    return await judgeText(file.path, await readManifest(file), accept)
  } catch (error) {
    const message = error instanceof Error ? error.message : codeOf(error)
    return { ...failed(file.path, { message }), unread: true }
  }
}

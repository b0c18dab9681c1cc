/**
 * Manifests from a folder, and again whenever a file changes. fs.watch makes it quick and a look every now and then
 * makes it sure (network file systems, missed events). Files are read once they rest, and everything that was good
 * before is remembered, so that what is half-written or mistaken never weakens what is in force.
 */
import { type FSWatcher, watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { settings } from '../settings.ts'
import { compiles } from './accept.ts'
import { assemble, nothing } from './assemble.ts'
import { codeOf, listManifests, type ManifestFile } from './files.ts'
import type { JudgedFile } from './judged-file.ts'
import { readAndJudge } from './load.ts'
import { makeSnapshot } from './make-snapshot.ts'
import type { Accept, FileProblem, Snapshot } from './snapshot.ts'

export interface Source {
  current(): Snapshot
  close(): void
}

export interface WatchOptions {
  /** Called with each later snapshot, not with the first. */
  readonly onSnapshot: (snapshot: Snapshot) => void
  /** Called once for each problem that was not there before. */
  readonly onProblem: (problem: FileProblem) => void
  /** The compiler that enforcement uses, if absent. */
  readonly accept?: Accept
}

/** Resolves when the folder has been read once. A folder that can't be read gives an empty snapshot: nobody may do anything. */
export async function watchManifests(path: string, options: WatchOptions): Promise<Source> {
  const watched = new Watched(path, options)
  await watched.look()
  return watched
}

/** A file that does not change is not read again. */
interface Known {
  readonly mark: string
  readonly judged: JudgedFile
}

class Watched implements Source {
  readonly #path: string
  readonly #options: WatchOptions
  readonly #timer: NodeJS.Timeout
  #watchers: readonly FSWatcher[] = []
  #folders = ''
  #loadedMark: string | undefined
  #known: ReadonlyMap<string, Known> = new Map()
  #judged: readonly JudgedFile[] | undefined
  #assembled = nothing
  #snapshot = makeSnapshot(nothing)
  #looking: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(path: string, options: WatchOptions) {
    this.#path = path
    this.#options = options
    this.#timer = setInterval(() => this.look(), settings.manifestPollMs).unref()
  }

  current(): Snapshot {
    return this.#snapshot
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const each of this.#watchers) each.close()
  }

  /** One look at a time; what happens meanwhile asks for another. */
  look(): Promise<void> {
    this.#again = true
    this.#looking ??= this.#lookUntilDone()
    return this.#looking
  }

  async #lookUntilDone(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      await this.#lookOnce()
      if (this.#again) await sleep(settings.manifestQuietMs)
    }
    this.#looking = undefined
  }

  async #lookOnce(): Promise<void> {
    try {
      const { files, folders } = await listManifests(this.#path)
      this.#watchFolders(folders)
      if (markOf(files) !== this.#loadedMark) await this.#load(files)
    } catch (error) {
      this.#unreadable(error)
    }
  }

  async #load(seen: readonly ManifestFile[]): Promise<void> {
    const first = this.#loadedMark === undefined
    const files = first ? seen : await this.#readAtRest(seen)
    if (first) await this.#read(files)
    if (this.#closed) return
    this.#loadedMark = markOf(files.map(each => ({ ...each, mark: this.#known.get(each.path)?.mark ?? '' })))
    const judged = [...this.#known.values()].map(each => each.judged)
    if (this.#judged !== undefined && isSame(judged, this.#judged)) return
    this.#judged = judged
    this.#assembled = assemble(judged, this.#assembled)
    this.#publish(makeSnapshot(this.#assembled), first)
  }

  /** Reads when nothing has changed for a while, and again if something changed meanwhile; but does not wait for ever. */
  async #readAtRest(seen: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
    const deadline = performance.now() + settings.maxManifestUnrestMs
    let files = seen
    for (;;) {
      await sleep(settings.manifestQuietMs)
      const now = await this.#list()
      const late = performance.now() > deadline
      const resting = markOf(now) === markOf(files)
      files = now
      if (!resting && !late) continue
      await this.#read(now)
      if (late || markOf(await this.#list()) === markOf(now)) return now
    }
  }

  async #list(): Promise<readonly ManifestFile[]> {
    return (await listManifests(this.#path)).files
  }

  async #read(files: readonly ManifestFile[]): Promise<void> {
    const entries: (readonly [string, Known])[] = []
    for (const each of files) entries.push([each.path, await this.#readFile(each)]) // one open file at a time
    this.#known = new Map(entries)
  }

  async #readFile(file: ManifestFile): Promise<Known> {
    const known = this.#known.get(file.path)
    if (known?.mark === file.mark) return known
    const judged = await readAndJudge(file, this.#options.accept ?? compiles)
    return { judged, mark: judged.unread ? 'unread' : file.mark }
  }

  #publish(snapshot: Snapshot, first: boolean): void {
    const before = new Set(this.#snapshot.problems.map(each => JSON.stringify(each)))
    this.#snapshot = snapshot
    if (!first) this.#options.onSnapshot(snapshot)
    for (const each of snapshot.problems) if (!before.has(JSON.stringify(each))) this.#options.onProblem(each)
  }

  /** Everything that is in force stays so. */
  #unreadable(error: unknown): void {
    const why = error instanceof Error && !('code' in error) ? error.message : codeOf(error)
    const problem: FileProblem = { file: this.#path, message: `cannot be read (${why})`, severity: 'Error' }
    if (this.#loadedMark === problem.message) return
    const first = this.#loadedMark === undefined
    this.#loadedMark = problem.message
    this.#judged = undefined
    this.#publish({ ...this.#snapshot, problems: [problem] }, first)
  }

  #watchFolders(folders: readonly string[]): void {
    if (folders.join('\n') === this.#folders || this.#closed) return
    this.#folders = folders.join('\n')
    for (const each of this.#watchers) each.close()
    this.#watchers = folders.flatMap(folder => this.#watch(folder))
  }

  /** Where the system cannot watch, looking every now and then is enough. */
  #watch(folder: string): readonly FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.look())
      watcher.on('error', () => watcher.close())
      return [watcher]
    } catch {
      return []
    }
  }
}

function markOf(files: readonly ManifestFile[]): string {
  return files.map(each => `${each.path} ${each.mark}`).join('\n')
}

/** A file that still can't be read, for the same reason, is no news. */
function isSame(now: readonly JudgedFile[], before: readonly JudgedFile[]): boolean {
  return now.length === before.length && now.every((each, at) => each === before[at] || sameFailure(each, before[at]))
}

function sameFailure(now: JudgedFile, before: JudgedFile | undefined): boolean {
  return (
    now.unread === true &&
    before?.unread === true &&
    now.failure?.message === before.failure?.message &&
    now.file === before.file
  )
}

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
  #cache: ReadonlyMap<string, Known> = new Map()
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
      const first = this.#loadedMark === undefined
      if (markOf(files) !== this.#loadedMark) await this.#load(first ? files : await this.#atRest(files), first)
    } catch (error) {
      this.#unreadable(error)
    }
  }

  async #load(
    files: readonly ManifestFile[],
    first: boolean,
    looks: number = settings.maxManifestLooks,
  ): Promise<void> {
    const entries = await this.#readAll(files)
    const { files: after } = await listManifests(this.#path)
    if (this.#closed) return
    this.#cache = new Map(entries)
    if (markOf(after) !== markOf(files) && looks > 0) return this.#load(await this.#atRest(after), first, looks - 1)
    this.#loadedMark = markOf(files)
    this.#assembled = assemble(
      [...this.#cache.values()].map(each => each.judged),
      this.#assembled,
    )
    this.#publish(makeSnapshot(this.#assembled), first)
  }

  async #readAll(files: readonly ManifestFile[]): Promise<readonly (readonly [string, Known])[]> {
    const entries: (readonly [string, Known])[] = []
    for (const each of files) entries.push([each.path, await this.#judged(each)]) // one open file at a time
    return entries
  }

  async #atRest(seen: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
    let files = seen
    for (let looks = 0; looks < settings.maxManifestLooks; looks++) {
      await sleep(settings.manifestQuietMs)
      const { files: now } = await listManifests(this.#path)
      if (markOf(now) === markOf(files)) return now
      files = now
    }
    return files
  }

  async #judged(file: ManifestFile): Promise<Known> {
    const known = this.#cache.get(file.path)
    if (known?.mark === file.mark) return known
    return { mark: file.mark, judged: await readAndJudge(file, this.#options.accept ?? compiles) }
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

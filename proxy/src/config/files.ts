/** The folder of manifests as files: which there are, and what changes when one of them does. */
import type { BigIntStats } from 'node:fs'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { settings } from '../settings.ts'

export interface ManifestFile {
  readonly path: string
  /** Changes whenever the content may have. */
  readonly mark: string
  /** Set where the path cannot be looked at: a broken link, a pipe, no permission. */
  readonly unreadable?: string
}

export interface Listing {
  readonly files: readonly ManifestFile[]
  /** The folders that were looked into: what fs.watch has to be told. */
  readonly folders: readonly string[]
}

/**
 * All manifests below `path`, or `path` itself, by name. Names that start with a dot are not looked at: editors keep
 * their own there, and a mounted ConfigMap its versions. Throws if `path` itself can't be read.
 */
export async function listManifests(path: string): Promise<Listing> {
  const seen = await stat(path, { bigint: true })
  const listing = seen.isDirectory() ? await listFolder(path, 0) : { files: [fileOf(path, seen)], folders: [] }
  if (listing.files.length <= settings.maxManifestFiles) return listing
  throw new Error(`more than ${settings.maxManifestFiles} manifests`)
}

async function listFolder(path: string, depth: number): Promise<Listing> {
  const entries = await readdir(path, { withFileTypes: true })
  const names = entries.filter(each => !each.isFile() || isManifest(each.name)).map(each => each.name)
  const shown = names.filter(name => !name.startsWith('.')).sort()
  const nested = await Promise.all(shown.map(name => listEntry(join(path, name), depth)))
  return { files: nested.flatMap(each => each.files), folders: [path, ...nested.flatMap(each => each.folders)] }
}

async function listEntry(path: string, depth: number): Promise<Listing> {
  try {
    const seen = await stat(path, { bigint: true })
    if (!seen.isDirectory()) return { files: isManifest(path) ? [fileOf(path, seen)] : [], folders: [] }
    return depth < settings.maxManifestFolders ? await listFolder(path, depth + 1) : { files: [], folders: [] }
  } catch (error) {
    const why = codeOf(error)
    return { files: [{ path, mark: why, unreadable: `cannot be read (${why})` }], folders: [] }
  }
}

function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path)
}

function fileOf(path: string, seen: BigIntStats): ManifestFile {
  const mark = [seen.dev, seen.ino, seen.size, seen.mtimeNs, seen.ctimeNs].join(':')
  return seen.isFile() ? { path, mark } : { path, mark, unreadable: 'is no regular file' }
}

/** The text of a manifest. Throws with a message for people. */
export async function readManifest(file: ManifestFile): Promise<string> {
  if (file.unreadable !== undefined) throw new Error(file.unreadable)
  const bytes = await readWhole(file.path).catch(error => {
    throw error instanceof Error && !('code' in error) ? error : new Error(`cannot be read (${codeOf(error)})`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error('is not UTF-8')
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > settings.maxManifestBytes) throw new Error(`is larger than ${settings.maxManifestBytes} bytes: split it`)
    return await readAll(handle, size)
  } finally {
    await handle.close()
  }
}

async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size + 1) // one more, to see it grow
  let filled = 0
  for (;;) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, null)
    filled += bytesRead
    if (filled > size) throw new Error('grows while it is read')
    if (bytesRead === 0) return bytes.subarray(0, filled)
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

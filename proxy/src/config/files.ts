/** The folder of manifests as files: which there are, and what changes when one of them does. */
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { settings } from '../settings.ts'

export interface ManifestFile {
  readonly path: string
  /** Changes whenever the content may have. */
  readonly mark: string
  /** Set where the path cannot be looked at: a broken link, a pipe, no permission. */
  readonly unreadable?: string
}

/**
 * All manifests below `path`, or `path` itself, by name. Names that start with a dot are not looked at: editors keep
 * their own there, and a mounted ConfigMap its versions. Throws if the folder itself can't be read.
 */
export async function listManifests(path: string, depth = 0): Promise<readonly ManifestFile[]> {
  const seen = await stat(path)
  if (!seen.isDirectory()) return [{ path, ...(await look(path)) }]
  const names = (await readdir(path)).filter(name => !name.startsWith('.')).sort()
  const nested = await Promise.all(names.map(name => entry(join(path, name), depth)))
  const files = nested.flat()
  if (files.length > settings.maxManifestFiles)
    throw new Error(`more than ${settings.maxManifestFiles} manifests in ${path}`)
  return files
}

/** The folders below `path`, itself included: what fs.watch has to be told. */
export async function listFolders(path: string, depth = 0): Promise<readonly string[]> {
  if (depth > settings.maxManifestFolders) return []
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter(each => each.isDirectory() && !each.name.startsWith('.'))
  const nested = await Promise.all(folders.map(each => listFolders(join(path, each.name), depth + 1)))
  return [path, ...nested.flat()]
}

async function entry(path: string, depth: number): Promise<readonly ManifestFile[]> {
  const isManifest = /\.(ya?ml|json)$/.test(path)
  const seen = await stat(path).catch(() => undefined)
  if (seen?.isDirectory()) return depth < settings.maxManifestFolders ? listManifests(path, depth + 1) : []
  return isManifest ? [{ path, ...(await look(path)) }] : []
}

async function look(path: string): Promise<Omit<ManifestFile, 'path'>> {
  try {
    const seen = await stat(path, { bigint: true })
    const mark = [seen.dev, seen.ino, seen.size, seen.mtimeNs, seen.ctimeNs].join(':')
    return seen.isFile() ? { mark } : { mark, unreadable: 'is no regular file' }
  } catch (error) {
    return { mark: 'gone', unreadable: `cannot be read (${codeOf(error)})` }
  }
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
  await using handle = await open(path, 'r')
  const { size } = await handle.stat()
  if (size > settings.maxManifestBytes) throw new Error(`is larger than ${settings.maxManifestBytes} bytes: split it`)
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

/**
 * `make generate`: everything that is made from the schemas. Deterministic; `node tools/generate.ts --check` writes
 * nothing and fails if a file would change.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { referencePages } from './generate-docs.ts'
import { types } from './generate-types.ts'
import { validators } from './generate-validators.ts'

const root = join(import.meta.dirname, '..')

/** Path from the root → content, of every file that is generated from the schemas. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['crds/src/types.generated.ts', types()],
    ['crds/src/validators.generated.js', await validators()],
    ...referencePages(),
  ])
}

/** The files that are not as they would be generated. */
export async function stale(): Promise<readonly string[]> {
  const files = await generated()
  const seen = await Promise.all(
    [...files.keys()].map(path => readFile(join(root, path), 'utf8').catch(() => undefined)),
  )
  return [...files].filter(([, content], at) => seen[at] !== content).map(([path]) => path)
}

async function write(): Promise<void> {
  for (const [path, content] of await generated()) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const paths = await stale()
    if (paths.length > 0) {
      console.error(`not as generated, run make generate: ${paths.join(', ')}`)
      process.exitCode = 1
    }
  } else await write()
}

/** Documents of `kind: PolicyTest` below a folder. They lie beside manifests, which gateways read and these they skip. */
import { listManifests, readManifest } from '@sallyport/proxy/config/files.ts'
import { ManifestSyntaxError, parseManifests } from '@sallyport/proxy/config/parse.ts'
import { type PolicyTestFile, readPolicyTests } from '@sallyport/proxy/policy/policy-test-file.ts'
import { UsageError } from '../usage.ts'

export interface TestFile {
  readonly path: string
  readonly tests: PolicyTestFile
}

/** Throws a UsageError for what is no test, with its place: a test that is skipped by mistake proves nothing. */
export async function readTestFiles(folder: string): Promise<readonly TestFile[]> {
  const { files } = await listManifests(folder)
  const found: TestFile[] = []
  for (const file of files) found.push(...testsIn(file.path, await readManifest(file)))
  if (found.length === 0) throw new UsageError(`no document of kind PolicyTest in ${folder}`)
  return found
}

function testsIn(path: string, text: string): readonly TestFile[] {
  return documents(path, text).flatMap(({ value, line }) => {
    if (!isTest(value)) return []
    const { apiVersion, kind: _kind, metadata: _metadata, ...rest } = value
    if (apiVersion !== 'sallyport.dev/v1alpha1')
      throw new UsageError(`${path}:${line}: apiVersion: sallyport.dev/v1alpha1 is expected`)
    const read = readPolicyTests(rest)
    if ('file' in read) return [{ path, tests: read.file }]
    throw new UsageError(read.problems.map(problem => `${path}: ${problem}`).join('\n'))
  })
}

function isTest(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'PolicyTest'
}

function documents(path: string, text: string): readonly { readonly value: unknown; readonly line: number }[] {
  try {
    return [...parseManifests(text)].map(({ value, lineOf }) => ({ value, line: lineOf([]) }))
  } catch (error) {
    if (error instanceof ManifestSyntaxError) throw new UsageError(`${path}:${error.line ?? '?'}: ${error.message}`)
    throw error
  }
}

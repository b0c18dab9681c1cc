/** `sallyport policy test DIR`: do the policies in DIR decide as the tests beside them expect? */

import { type PolicyTestResult, runPolicyTests } from '@sallyport/proxy/policy/policy-test.ts'
import { count, type Format, type Print, printItems, table } from './output.ts'
import { catalogFrom, liveCatalog } from './policy/catalog.ts'
import { openParse } from './policy/parse.ts'
import { loadPolicies, type Policies } from './policy/policies.ts'
import { readTestFiles, type TestFile } from './policy/test-files.ts'
import { UsageError } from './usage.ts'

export interface PolicyTestOptions {
  /** Where the policies are, if not in the folder of the tests. */
  readonly manifests?: string
  readonly output: Format
  readonly print?: Print
}

interface Ran extends PolicyTestResult {
  readonly file: string
}

/** 0: all as expected; 1: a test is not met, or a policy is not accepted. */
export async function policyTest(folder: string, options: PolicyTestOptions): Promise<0 | 1> {
  const print = options.print ?? console.log
  const policies = await loadPolicies(options.manifests ?? folder)
  const results = await runAll(await readTestFiles(folder), policies)
  if (options.output === 'table') draw(results, policies, print)
  else printItems(results, options.output, print)
  return policies.mistakes.length === 0 && results.every(({ passed }) => passed) ? 0 : 1
}

async function runAll(files: readonly TestFile[], policies: Policies): Promise<readonly Ran[]> {
  const parse = await openParse()
  const results: Ran[] = []
  for (const { path, tests: file } of files) {
    const catalog = await catalogOf({ path, tests: file }, policies)
    const input = { file, policies: policies.policies, broken: policies.snapshot.broken, catalog, parse }
    results.push(...runPolicyTests(input).map(result => ({ file: path, ...result })))
  }
  return results
}

async function catalogOf({ path, tests }: TestFile, { snapshot }: Policies) {
  const { namespace, name } = tests.gateway
  const database = tests.tests[0]?.database ?? ''
  if (tests.catalog !== undefined) return catalogFrom(tests.catalog, database, path)
  const gateway = snapshot.gateways.get(`${namespace}/${name}`)
  const role = gateway?.spec.upstream.credentials[0]?.role
  if (gateway === undefined || role === undefined)
    throw new UsageError(
      `${path}: no catalog is described, and no gateway ${namespace}/${name} is here to ask its database`,
    )
  return liveCatalog(gateway, snapshot, database, role)
}

function draw(results: readonly Ran[], { mistakes }: Policies, print: Print): void {
  for (const { file, line, path, message } of mistakes)
    print(`${file}:${line ?? '?'}: ${path === undefined ? '' : `${path}: `}${message}`)
  const rows = results.map(({ passed, name, seen }) => [
    passed ? 'ok' : 'NOT OK',
    seen.verdict,
    seen.reason ?? '',
    name.replaceAll(/\s+/g, ' '),
  ])
  const [head = '', ...lines] = table(['RESULT', 'VERDICT', 'REASON', 'TEST'], rows)
  print(head)
  for (const [index, line] of lines.entries()) {
    print(line)
    for (const failure of results[index]?.failures ?? []) print(`        ${failure}`)
  }
  const failed = results.filter(({ passed }) => !passed).length
  print(`${count(results.length, 'test')}: ${failed === 0 ? 'ok' : `${failed} not as expected`}`)
}

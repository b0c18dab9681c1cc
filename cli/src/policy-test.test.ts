import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { policyTest } from './policy-test.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-policy-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const policy = `
apiVersion: sallyport.dev/v1alpha1
kind: AccessPolicy
metadata: {name: reads, namespace: data}
spec:
  targetRefs: [{kind: DatabaseGateway, name: shop}]
  subjects: [{kind: Group, name: agents}]
  databases: [shop]
  role: agent_ro
  rules:
    - {name: reads, action: Allow, statements: [Read], tables: ["public.*"]}
`

const head = `
apiVersion: sallyport.dev/v1alpha1
kind: PolicyTest
gateway: data/shop
database: shop
catalog: {relations: {public.orders: [id, total]}}
subjects: {agent: {username: a, groups: [agents]}}
tests:
`

async function run(manifests: string, tests: string, output: 'table' | 'json' = 'table') {
  writeFileSync(join(folder, 'policy.yaml'), manifests)
  writeFileSync(join(folder, 'tests.yaml'), tests)
  const lines: string[] = []
  const code = await policyTest(folder, { output, print: line => lines.push(line.replaceAll(`${folder}/`, '')) })
  return { code, lines }
}

test('not as expected: 1, and what came instead', async () => {
  const tests = `${head}  - {name: writes, as: agent, statement: DELETE FROM orders, expect: Allow}\n  - {name: reads, as: agent, statement: TABLE orders, expect: Allow}\n`
  expect(await run(policy, tests)).toEqual({
    code: 1,
    lines: [
      'RESULT  VERDICT  REASON           TEST',
      'NOT OK  Deny     WriteNotAllowed  writes',
      '        verdict: expected Allow, got Deny (rule "reads" only reads; this writes public.orders (Delete))',
      'ok      Allow                     reads',
      '2 tests: 1 not as expected',
    ],
  })
})

test('a policy that is not accepted: 1, and it denies here as it would there', async () => {
  const { code, lines } = await run(
    policy.replace('tables:', 'tabels:'),
    `${head}  - {as: agent, statement: SELECT 1, expect: Deny, reason: PolicyBroken}\n`,
  )
  expect(code).toBe(1)
  expect(lines).toContain('policy.yaml:11: spec.rules[0].tabels: unknown field; did you mean tables?')
  expect(lines.at(-1)).toBe('1 test: ok')
})

test.each([
  ['no tests at all', policy, 'no document of kind PolicyTest'],
  [
    'a misspelt field',
    `${head}  - {as: agent, statment: SELECT 1, expect: Deny}\n`,
    'tests[0].statment: unknown field',
  ],
  ['another version', head.replace('v1alpha1', 'v9'), 'apiVersion: sallyport.dev/v1alpha1 is expected'],
  [
    'a catalog that makes no sense',
    `${head.replace('[id, total]', 'id')}  - {as: agent, statement: SELECT 1, expect: Deny}\n`,
    'relations.public.orders',
  ],
])('%s is bad usage', async (_what, tests, told) => {
  await expect(run(policy, tests)).rejects.toThrow(told)
})

test('for programs', async () => {
  const { code, lines } = await run(
    policy,
    `${head}  - {name: reads, as: agent, statement: TABLE orders, expect: Allow}\n`,
    'json',
  )
  expect(code).toBe(0)
  expect(JSON.parse(lines.join('\n')).items).toEqual([
    {
      file: 'tests.yaml',
      name: 'reads',
      passed: true,
      seen: { verdict: 'Allow', rewritten: 'TABLE public.orders' },
      failures: [],
    },
  ])
})

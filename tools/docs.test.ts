/** Documents name files that are there, dependencies that we have, and output that the program prints. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { policyExplain } from '@sallyport/cli/policy-explain.ts'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const pages = globSync('{*.md,docs/**/*.md,examples/**/*.md,changes/*.md}', { cwd: root })
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test.each(pages)('links of %s lead somewhere', path => {
  const links = [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => link)
  expect(links.filter(link => !existsSync(join(root, dirname(path), link)))).toEqual([])
})

test('paths in ARCHITECTURE.md are there', () => {
  const paths = [...read('ARCHITECTURE.md').matchAll(/`((?:proxy|crds|cli|tools|bench|\.dep)[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(paths.length).toBeGreaterThan(30)
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test('each dependency has a line in ADR 0002, and each line a dependency', () => {
  const named = ['package.json', ...globSync('{crds,proxy,cli}/package.json', { cwd: root })].flatMap(path => {
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(path))
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      name => !name.startsWith('@sallyport/'),
    )
  })
  const rows = read('docs/adr/0002-dependencies.md').match(/^\| `.*$/gm) ?? []
  const told = rows.flatMap(row => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  expect([...new Set(told)].sort()).toEqual([...new Set(named)].sort())
})

test('what README shows of policy explain is what it prints', async () => {
  const lines: string[] = []
  const example = join(root, 'examples/read-only-analyst')
  await policyExplain('SELECT pg_sleep(1) FROM orders, key_owners', {
    manifests: example,
    catalog: join(example, 'tests.yaml'),
    as: 'idp:alice',
    groups: ['idp:analysts'],
    claims: {},
    database: 'shop',
    searchPath: '"$user", public',
    output: 'table',
    print: line => lines.push(line),
  })
  expect(read('README.md')).toContain(`'SELECT pg_sleep(1) FROM orders, key_owners'\n${lines.join('\n')}\n\`\`\``)
})

test('what README shows of the policy is in the example', () => {
  const policy = read('examples/read-only-analyst/policy.yaml')
  const rules = read('README.md').match(/^ {4}- \{name: .*$/gm) ?? []
  expect(rules.length).toBe(2)
  for (const rule of rules) expect(policy).toContain(rule)
})

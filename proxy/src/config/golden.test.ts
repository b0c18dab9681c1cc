/** Files with mistakes, and what is said of them. `vitest -u` rewrites problems.txt; the diff is part of the review. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadManifests } from './load.ts'

const testdata = join(import.meta.dirname, 'testdata')
const files = [
  'gateway.yaml',
  'misspelt.yaml',
  'not-yet.yaml',
  'defaults-spelt-out.yaml',
  'references.yaml',
  'syntax.yaml',
  'bomb.yaml',
  'twice.json',
  'empty.yml',
]

async function problemsIn(file: string): Promise<string> {
  const { snapshot } = await loadManifests(join(testdata, file))
  return snapshot.problems
    .map(({ line, path, message, severity }) =>
      `${file}:${line ?? ''}: ${path ?? ''}: ${severity}: ${message}`.replaceAll(`${testdata}/`, ''),
    )
    .join('\n')
}

test('each mistake has its line', async () => {
  const texts: string[] = []
  for (const file of files) texts.push(await problemsIn(file))
  await expect(`${texts.filter(each => each !== '').join('\n')}\n`).toMatchFileSnapshot(join(testdata, 'problems.txt'))
})

test('no value of a Secret is in a message', async () => {
  const { snapshot } = await loadManifests(testdata)
  expect(JSON.stringify([snapshot.problems, snapshot.broken])).not.toMatch(/hunter2|12345/)
})

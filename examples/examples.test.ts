/** Every example is accepted, and decides as its tests say. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '@sallyport/cli/check.ts'
import { policyTest } from '@sallyport/cli/policy-test.ts'
import { expect, test } from 'vitest'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => join(import.meta.dirname, name))

test.each(folders)('%s', async folder => {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  expect(await policyTest(folder, { output: 'table', print }), lines.join('\n')).toBe(0)
  expect(await check([folder], { print }), lines.join('\n')).toBe(0)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { policyPages } from './reasons.ts'

test.each([...policyPages()])('%s is as its tables say (node tools/reasons.ts)', (path, content) => {
  expect(readFileSync(join(import.meta.dirname, '..', path), 'utf8')).toBe(content)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { printedPages } from './pages.ts'

test.each([...printedPages()])('%s is as it would be printed', (path, content) => {
  expect(readFileSync(join(import.meta.dirname, '..', path), 'utf8'), 'run make generate').toBe(content)
})

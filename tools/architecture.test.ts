import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { page, withDiagram } from './architecture.ts'

test('a page without its markers is told', () => {
  expect(() => withDiagram('# Architecture\n')).toThrow('lost its markers')
})

test('the diagram is that of the table of states', () => {
  const text = readFileSync(page, 'utf8')
  expect(withDiagram(text), 'run make generate').toBe(text)
})

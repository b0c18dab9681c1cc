import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { check, checkCommand } from './check.ts'

const testdata = join(import.meta.dirname, '../../proxy/src/config/testdata')

async function run(...paths: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = []
  const code = await check(
    paths.map(path => join(testdata, path)),
    { print: line => lines.push(line.replaceAll(`${testdata}/`, '')) },
  )
  return { code, lines }
}

test('mistakes: 1, each with its line', async () => {
  const { code, lines } = await run('misspelt.yaml')
  expect(code).toBe(1)
  expect(lines).toContain('misspelt.yaml:19: spec.rules[0].tabels: unknown field; did you mean tables?')
  expect(lines.at(-1)).toBe('1 file, 4 documents: 12 mistakes')
})

test('a path that is not there: 2', async () => {
  expect((await run('nowhere.yaml')).code).toBe(2)
})

test('a folder, and a file in it again, is counted once', async () => {
  expect((await run('.')).lines.at(-1)).toBe((await run('.', 'misspelt.yaml')).lines.at(-1))
})

test('nothing wrong: 0', async () => {
  expect(await run('empty.yml')).toEqual({ code: 0, lines: ['1 file, 0 documents: ok'] })
})

test('the command has a name and help', () => {
  const program = new Command()
  checkCommand(program)
  expect(program.commands[0]?.helpInformation()).toContain('check [options] <path...>')
})

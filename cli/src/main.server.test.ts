/** The program itself, as people start it: exit codes, help, where errors go. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function sallyport(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(import.meta.dirname, '../../bin/sallyport'), args, {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each([
  [['nonsense'], 'unknown command'],
  [['check'], "missing required argument 'path'"],
  [['policy', 'test', '/nowhere'], 'sallyport: /nowhere is not there\n'],
  [['serve', '--manifests', '/nowhere', '--state', '/tmp/nowhere', '--admin', 'x'], '--admin x: write it as HOST:PORT'],
])('bad usage: 2: %j', (args, told) => {
  const { status, stdout, stderr } = sallyport(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(told)
})

test('--help and --version: 0', () => {
  expect(sallyport('--help')).toMatchObject({ status: 0, stderr: '' })
  expect(sallyport('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

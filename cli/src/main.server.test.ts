/** The program itself, as people start it: exit codes, help, where errors go. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
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

const example = join(import.meta.dirname, '../../examples/ci-agent')

test('what the machine refuses is told in one line: 1', () => {
  const { status, stderr } = sallyport('serve', '--manifests', example, '--state', '/dev/null/state', '--admin', 'off')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^sallyport: ENOTDIR.*\n$/)
})

test('a port that is taken ends it: 2', async () => {
  const server = net.createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const state = mkdtempSync(join(tmpdir(), 'sallyport-taken-'))
  const flags = ['--manifests', example, '--state', state, '--port', String(port), '--admin', 'off']
  const { status, stderr } = sallyport('serve', ...flags)
  server.close()
  rmSync(state, { recursive: true })
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining(`cannot listen on 127.0.0.1:${port}`),
  })
})

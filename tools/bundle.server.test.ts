/** The bundle does what the checkout does: from another folder, with the grammar and the worker that lie beside it. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowAll, startGateway } from '../proxy/test/gateway.ts'
import { freePort } from '../proxy/test/postgres-server.ts'
import { connect, postgres } from '../proxy/test/servers.ts'
import { bundle } from './bundle.ts'

const run = promisify(execFile)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-bundle-'))
  await bundle(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const sallyport = (...args: readonly string[]) =>
  run(process.execPath, [join(folder, 'sallyport.mjs'), ...args], { cwd: folder })
const example = join(import.meta.dirname, '../examples/read-only-analyst')

test('bad usage: 2', async () => {
  await expect(sallyport('nonsense')).rejects.toMatchObject({ code: 2 })
})

test('--version, check and policy test', async () => {
  expect((await sallyport('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await sallyport('check', example)).stdout).toContain(': ok')
  expect((await sallyport('policy', 'test', example)).stdout).toMatch(/tests: ok\n$/)
})

test('serve, with a statement that is long enough for the worker', async () => {
  // Its manifests are what we want; the gateway of this process is not asked.
  const gateway = await startGateway({ postgres: await postgres(18), policies: [allowAll] })
  const port = await freePort()
  const flags = [
    '--manifests',
    gateway.manifests,
    '--state',
    join(folder, 'state'),
    '--port',
    String(port),
    '--admin',
    'off',
  ]
  const child = spawn(process.execPath, [join(folder, 'sallyport.mjs'), 'serve', ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', chunk => String(chunk).includes('"serving"') && resolve())
      child.stdout.once('end', () => reject(new Error('it ended')))
    })
    const url = new URL(gateway.url('shop', 'agent_all', await gateway.token()))
    url.port = String(port)
    const client = await connect({ connectionString: url.href })
    const numbers = Array.from({ length: 5_000 }, (_, number) => number)
    const { rows } = await client.query(`SELECT ${numbers.length} = cardinality(ARRAY[${numbers.join(', ')}]) AS same`)
    expect(rows).toEqual([{ same: true }])
    await client.end()
  } finally {
    child.kill()
    await gateway.stop()
  }
})

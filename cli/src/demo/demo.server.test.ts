/** `make demo` as CI runs it: the tour on real servers, from nothing. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the tour comes out as expected, and says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-test-'))
  try {
    const began = performance.now()
    const args = [join(import.meta.dirname, 'main.ts'), '--once', '--folder', folder]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(performance.now() - began, 'a newcomer waits for it').toBeLessThan(60_000)
    expect(stdout).toContain('DETAIL  code=WriteNotAllowed policy=data/analysts-read rule=reads relation=public.orders')
    expect(stdout).not.toContain('not as expected')
    expect(stdout).toMatch(/Everything came out as expected\.\n$/)
    expect(await readFile(join(folder, 'manifests/read-only-analyst.yaml'), 'utf8')).not.toContain('no-orders-today')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

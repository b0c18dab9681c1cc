/** The program in python.md, as it stands there but for where the gateway is. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readOnly, startGateway } from '../../proxy/test/gateway.ts'
import { postgres } from '../../proxy/test/servers.ts'

const python = join(import.meta.dirname, '../../.sallyport/drivers/python/bin/python')

test('rows, then a refusal with its code', async () => {
  if (!existsSync(python)) {
    console.warn('psycopg is not installed: run make drivers')
    expect(process.env.CI, 'psycopg is not installed').not.toBe('true')
    return
  }
  const gateway = await startGateway({ postgres: await postgres(18), policies: [readOnly] })
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-python-'))
  try {
    await writeFile(join(folder, 'ca.crt'), gateway.certificate)
    await writeFile(join(folder, 'token'), await gateway.token())
    const [, program = ''] =
      /```python\n(.*?)```/s.exec(readFileSync(join(import.meta.dirname, 'python.md'), 'utf8')) ?? []
    const here = program
      .replace('5439', String(gateway.port))
      .replace('/var/run/agent/token', join(folder, 'token'))
      .replace('.sallyport/demo/state/keys/listener.crt', join(folder, 'ca.crt'))
      .replace('SELECT city, count(*) FROM customers GROUP BY city', 'SELECT count(*) FROM customers')
    const { stdout } = await promisify(execFile)(python, ['-c', here])
    expect(stdout).toContain(
      '(3,)\n42501: rule "reads" only reads; this writes public.orders (Delete)\ncode=WriteNotAllowed',
    )
  } finally {
    await gateway.stop()
    await rm(folder, { recursive: true })
  }
})

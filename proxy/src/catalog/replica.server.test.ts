/** The upstream may be a replica: its snapshots do not list what runs, and no transaction there has an id. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { servers, startOn, startServer, type TestServer } from './test/server.ts'
import { openCatalog } from './watch.ts'

const run = promisify(execFile)

test.each(servers)('a hot standby of $bin', async ({ bin }) => {
  const primary = await startServer(bin)
  const standby = await standbyOf(primary, bin)
  const admin = await primary.client()
  const watch = openCatalog({ connect: () => standby.connect(), database: 'postgres', roles: ['postgres'], pollMs: 20 })
  try {
    await admin.query('CREATE TABLE here (a int)')
    await expect.poll(() => watch.current()?.relation('public', 'here')?.name, { timeout: 10_000 }).toBe('here')
    const open = await primary.client()
    await open.query('BEGIN; SAVEPOINT s; CREATE TABLE late (a int)')
    await admin.query('CREATE TABLE meanwhile (a int)')
    await expect
      .poll(() => watch.current()?.relation('public', 'meanwhile')?.name, { timeout: 5_000 })
      .toBe('meanwhile')
    expect(watch.current()?.relation('public', 'late')).toBeUndefined()
    await open.query('COMMIT')
    await expect.poll(() => watch.current()?.relation('public', 'late')?.name, { timeout: 5_000 }).toBe('late')
    await admin.query('ALTER TABLE here RENAME a TO b; DROP TABLE late')
    await expect.poll(() => watch.current()?.relation('public', 'late'), { timeout: 5_000 }).toBeUndefined()
    await expect.poll(() => watch.current()?.relation('public', 'here')?.columns[0]?.name, { timeout: 5_000 }).toBe('b')
    await open.end()
  } finally {
    watch.close()
    await admin.end()
    await standby.stop()
    await primary.stop()
  }
})

async function standbyOf(primary: TestServer, bin: string): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-catalog-'))
  const data = join(directory, 'data')
  const admin = await primary.client()
  await admin.query("SELECT pg_backup_start('standby', true)")
  await run('cp', ['-a', join(primary.directory, 'data'), data])
  const { rows } = await admin.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
  await admin.end()
  await rm(join(data, 'postmaster.pid'))
  await writeFile(join(data, 'backup_label'), rows[0]?.labelfile ?? '')
  await writeFile(join(data, 'standby.signal'), '')
  if (primary.user) await run('chown', ['-R', `${primary.user.uid}:${primary.user.gid}`, directory])
  const follow = `primary_conninfo=host=127.0.0.1 port=${primary.port} user=postgres`
  return startOn(bin, directory, [follow], primary.user)
}

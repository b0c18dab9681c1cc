/** A real folder, changed as editors, kubelets and accidents change it. */
import { chmod, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileProblem } from './snapshot.ts'
import { type Source, watchManifests } from './watch.ts'

const policy = (name: string, more = ''): string => `
apiVersion: sallyport.dev/v1alpha1
kind: AccessPolicy
metadata: {name: ${name}}
spec:
  targetRefs: [{name: orders}]
  subjects: [{kind: User, name: a}]
  databases: [orders]
${more}`

let folder = ''
let source: Source | undefined
const problems: FileProblem[] = []
const revisions: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-watch-'))
  problems.length = 0
  revisions.length = 0
})

afterEach(async () => {
  source?.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  source = await watchManifests(folder, {
    onSnapshot: snapshot => revisions.push(snapshot.revision),
    onProblem: problem => problems.push(problem),
  })
}

function names(): readonly string[] {
  return source?.current().policies.map(each => `${each.name} ${each.state}`) ?? []
}

/** In force well within two seconds, whatever it takes. */
async function becomes(expected: readonly string[]): Promise<void> {
  await expect.poll(names, { timeout: 1_500, interval: 10 }).toEqual(expected)
}

const file = (name: string): string => join(folder, name)

test('a folder that is not there: nothing, and a problem; then it is', async () => {
  await rm(folder, { recursive: true })
  await start()
  expect(names()).toEqual([])
  expect(problems).toMatchObject([{ file: folder, message: 'cannot be read (ENOENT)' }])
  await mkdir(folder)
  await writeFile(file('a.yaml'), policy('a'))
  await becomes(['a Good'])
})

test('a mistake keeps the last good, says so once, and its correction is in force', async () => {
  await writeFile(file('a.yaml'), policy('a'))
  await start()
  expect(names()).toEqual(['a Good'])
  await writeFile(file('a.yaml'), policy('a', '  mod: Audit\n'))
  await becomes(['a LastGood'])
  await sleep(200)
  expect(problems.filter(each => each.path === 'spec.mod')).toMatchObject([
    { file: file('a.yaml'), line: 9, severity: 'Error' },
  ])
  await writeFile(file('a.yaml'), policy('a', '  mode: Audit\n'))
  await becomes(['a Good'])
  expect(source?.current().policies[0]?.spec.mode).toBe('Audit')
})

test('a file written bit by bit is never seen half', async () => {
  const both = `${policy('a')}---${policy('b')}`
  await writeFile(file('a.yaml'), both)
  await start()
  for (let length = 0; length < both.length; length += 40) {
    await writeFile(file('a.yaml'), both.slice(0, length))
    await sleep(5)
  }
  await writeFile(file('a.yaml'), `${both}---${policy('c')}`)
  await becomes(['a Good', 'b Good', 'c Good'])
  expect(revisions).toHaveLength(1)
})

test('atomic renames, new folders, removed files', async () => {
  await start()
  await mkdir(file('sub'))
  await writeFile(file('.a.tmp'), policy('a'))
  await rename(file('.a.tmp'), file('sub/a.yml'))
  await becomes(['a Good'])
  await writeFile(file('b.json'), JSON.stringify({ kind: 'AccessPolicy' }))
  await expect.poll(() => source?.current().broken.length, { timeout: 1_500 }).toBe(1)
  await rm(file('b.json'))
  await rm(file('sub'), { recursive: true })
  await becomes([])
  expect(source?.current().broken).toEqual([])
})

test('a mounted ConfigMap: the link is swapped', async () => {
  await mkdir(file('..1'))
  await writeFile(file('..1/a.yaml'), policy('a'))
  await symlink('..1', file('..data'))
  await symlink('..data/a.yaml', file('a.yaml'))
  await start()
  expect(names()).toEqual(['a Good'])
  await cp(file('..1'), file('..2'), { recursive: true })
  await writeFile(file('..2/a.yaml'), policy('b'))
  await symlink('..2', file('..data_tmp'))
  await rename(file('..data_tmp'), file('..data'))
  await rm(file('..1'), { recursive: true })
  await becomes(['b Good'])
})

test('a folder that goes away keeps everything', async () => {
  await writeFile(file('a.yaml'), policy('a'))
  await start()
  await rename(folder, `${folder}-away`)
  await expect.poll(() => problems.some(each => each.message.includes('ENOENT')), { timeout: 1_500 }).toBe(true)
  expect(names()).toEqual(['a Good'])
  await rename(`${folder}-away`, folder)
  await writeFile(file('b.yaml'), policy('b'))
  await becomes(['a Good', 'b Good'])
  expect(source?.current().problems.some(each => each.message.includes('ENOENT'))).toBe(false)
})

test('what is no regular file, too large or not UTF-8 is said, and denies', async () => {
  await symlink('nowhere', file('link.yaml'))
  await writeFile(file('large.yaml'), 'x'.repeat(1_048_577))
  await writeFile(file('latin.yaml'), Buffer.from([0x61, 0xff]))
  await mkdir(file('folder.yaml'))
  await chmod(file('folder.yaml'), 0o755)
  await start()
  expect(problems.map(each => each.message).sort()).toEqual([
    'cannot be read (ENOENT)',
    'is larger than 1048576 bytes: split it',
    'is not UTF-8',
  ])
  expect(source?.current().broken.every(each => each.subjects === 'Everyone' && each.targets === 'All')).toBe(true)
})

test('a folder that comes back as it was is no problem any more', async () => {
  await start()
  await rename(folder, `${folder}-away`)
  await expect.poll(() => source?.current().problems.length, { timeout: 1_500 }).toBe(1)
  await rename(`${folder}-away`, folder)
  await expect.poll(() => source?.current().problems.length, { timeout: 1_500 }).toBe(0)
})

test('a file that never rests holds nothing up', async () => {
  await start()
  const restless = setInterval(() => writeFile(file('restless.yaml'), `# ${Math.random()}`), 20)
  try {
    await writeFile(file('a.yaml'), policy('a'))
    await becomes(['a Good'])
  } finally {
    clearInterval(restless)
  }
})

test('what cannot be read is tried again, and said once', async () => {
  await writeFile(file('target'), policy('a'))
  await mkdir(file('a.d'))
  await symlink('../target', file('a.d/a.yaml'))
  await rename(file('target'), file('elsewhere'))
  await start()
  await sleep(1_300)
  expect(problems).toHaveLength(1)
  expect(revisions).toEqual([])
  await rename(file('elsewhere'), file('target'))
  await becomes(['a Good'])
})

test('a closed source is still', async () => {
  await start()
  source?.close()
  await writeFile(file('a.yaml'), policy('a'))
  await sleep(300)
  expect(names()).toEqual([])
})

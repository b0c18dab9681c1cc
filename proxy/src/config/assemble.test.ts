/** What stays in force when a file says something else than it should. Files are texts here; the world is `before`. */
import { expect, test } from 'vitest'
import { type Assembled, assemble, nothing } from './assemble.ts'
import { failed, type JudgedFile, judgeText } from './judged-file.ts'
import { makeSnapshot } from './make-snapshot.ts'
import type { Snapshot } from './snapshot.ts'

const good = (name: string, more = ''): string => `
apiVersion: sallyport.dev/v1alpha1
kind: AccessPolicy
metadata: {name: ${name}, namespace: data}
spec:
  targetRefs: [{name: orders}]
  subjects: [{kind: User, name: ${name}}]
  databases: [orders]
  rules: [{name: r, action: Deny}]
${more}`

const bad = (name: string): string => good(name, '  mod: Audit\n')
const nameless = good('a').replace('name: a,', 'nam: a,')
const unsyntactic = `${good('a')}\n}`

type Texts = Readonly<Record<string, string | undefined>>

/** The folder at one time after the other; undefined is a file that can't be read. */
async function after(...times: readonly Texts[]): Promise<Snapshot> {
  let assembled: Assembled = nothing
  for (const texts of times) assembled = assemble(await Promise.all(Object.entries(texts).map(judged)), assembled)
  return makeSnapshot(assembled)
}

async function judged([file, text]: readonly [string, string | undefined]): Promise<JudgedFile> {
  return text === undefined ? failed(file, { message: 'cannot be read (EACCES)' }) : judgeText(file, text, () => [])
}

function inForce({ policies, broken }: Snapshot): readonly string[] {
  const denying = broken.map(({ name, targets, subjects }) => {
    const whom = subjects === 'Everyone' ? subjects : subjects.map(each => each.name).join()
    return `${name || '?'} denies ${whom} on ${targets === 'All' ? targets : targets.join()}`
  })
  return [...policies.map(each => `${each.name} ${each.state}`), ...denying]
}

test.each<[string, readonly Texts[], readonly string[]]>([
  ['never good: denies whom it selects', [{ f: bad('a') }], ['a denies a on data/orders']],
  [
    'never good, subjects misspelt: everyone',
    [{ f: good('a').replace('subjects', 'subject') }],
    ['a denies Everyone on data/orders'],
  ],
  [
    'never good, one subject misspelt: everyone',
    [{ f: good('a').replace('kind: User', 'kind: Usr') }],
    ['a denies Everyone on data/orders'],
  ],
  [
    'never good, targets misspelt: everywhere',
    [{ f: good('a').replace('targetRefs', 'targets') }],
    ['a denies a on All'],
  ],
  [
    'never good, namespace misspelt: everywhere',
    [{ f: good('a').replace('namespace', 'namspace') }],
    ['a denies a on All'],
  ],
  [
    'never good, kind misspelt',
    [{ f: good('a').replace('AccessPolicy', 'AcessPolicy') }],
    ['a denies a on data/orders'],
  ],
  [
    'never good, kind like nothing of ours',
    [{ f: good('a').replace('AccessPolicy', 'Polly') }],
    ['a denies a on data/orders'],
  ],
  ['never good, no kind', [{ f: good('a').replace('kind: AccessPolicy', '') }], ['a denies a on data/orders']],
  [
    'never good, other group',
    [{ f: good('a').replace('sallyport.dev', 'salyport.dev') }],
    ['a denies a on data/orders'],
  ],
  ['never good, no name', [{ f: nameless }], ['? denies a on data/orders']],
  ['never parsed: everyone', [{ f: unsyntactic }], ['f denies Everyone on All']],
  ['never read: everyone', [{ f: undefined }], ['f denies Everyone on All']],
  [
    'twice from the start: both deny',
    [{ f: good('a'), g: good('a') }],
    ['a denies a on data/orders', 'a denies a on data/orders'],
  ],

  ['good', [{ f: good('a') }], ['a Good']],
  ['good, then bad: last good', [{ f: good('a') }, { f: bad('a') }], ['a LastGood']],
  ['good, bad, bad: last good', [{ f: good('a') }, { f: bad('a') }, { f: bad('a') }], ['a LastGood']],
  ['good, bad, good', [{ f: good('a') }, { f: bad('a') }, { f: good('a') }], ['a Good']],
  ['good, then unsyntactic', [{ f: good('a') }, { f: unsyntactic }], ['a LastGood']],
  ['good, then unreadable', [{ f: good('a') }, { f: undefined }], ['a LastGood']],
  [
    'good, then its kind misspelt',
    [{ f: good('a') }, { f: good('a').replace('AccessPolicy', 'AcessPolicy') }],
    ['a LastGood'],
  ],
  ['good, then its name misspelt: it is the one', [{ f: good('a') }, { f: nameless }], ['a LastGood']],
  [
    'two in a file, one bad',
    [{ f: `${good('a')}---${good('b')}` }, { f: `${good('a')}---${bad('b')}` }],
    ['a Good', 'b LastGood'],
  ],
  ['two in a file, one gone', [{ f: `${good('a')}---${good('b')}` }, { f: good('b') }], ['b Good']],
  ['file gone', [{ f: good('a'), g: good('b') }, { g: good('b') }], ['b Good']],
  ['file gone after it was bad', [{ f: good('a') }, { f: bad('a') }, {}], []],
  ['moved to another file', [{ f: good('a') }, { g: good('a') }], ['a Good']],
  ['moved to another file, and bad', [{ f: good('a') }, { g: bad('a') }], ['a LastGood']],
  [
    'moved, and then its old file unreadable',
    [{ f: good('a') }, { f: '', g: good('a') }, { f: undefined, g: good('a') }],
    ['a Good', 'f denies Everyone on All'],
  ],
  ['renamed, and bad', [{ f: good('a') }, { f: bad('b') }], ['b denies b on data/orders']],
  [
    'twice later: neither is believed',
    [{ f: good('a') }, { f: good('a'), g: good('a', '  mode: Audit\n') }],
    ['a LastGood'],
  ],
  [
    'a new bad one beside a good one',
    [{ f: good('a') }, { f: good('a'), g: bad('b') }],
    ['a Good', 'b denies b on data/orders'],
  ],
  ['never good, then unreadable: still denies', [{ f: bad('a') }, { f: undefined }], ['a denies a on data/orders']],
  [
    'one good and one never good, then unsyntactic',
    [{ f: `${good('a')}---${bad('b')}` }, { f: unsyntactic }],
    ['a LastGood', 'b denies b on data/orders'],
  ],
  ['other documents concern nobody', [{ f: 'apiVersion: apps/v1\nkind: Deployment\n---\nwords: here' }], []],
])('%s', async (_, times, expected) => {
  expect(inForce(await after(...times))).toEqual(expected)
})

test('a policy that does not compile is as bad as one that does not fit', async () => {
  const accept = () => [{ path: 'spec.rules[0].when', message: 'does not compile' }]
  const snapshot = makeSnapshot(assemble([await judgeText('f', good('a'), accept)], nothing))
  expect(inForce(snapshot)).toEqual(['a denies a on data/orders'])
  expect(snapshot.problems).toMatchObject([
    { file: 'f', line: 9, path: 'spec.rules[0].when', message: 'does not compile' },
  ])
})

const gatewayText = (more = ''): string => `
apiVersion: sallyport.dev/v1alpha1
kind: DatabaseGateway
metadata: {name: orders, namespace: data}
spec:
  upstream: {host: h, credentials: [{role: r}]}
  authentication: {oidc: [{issuer: {url: "https://i", audiences: [a]}}]}
${more}`

test('a gateway that is bad keeps its last good, and one that was never good is none', async () => {
  const wrong = gatewayText('  pausd: true\n')
  const paused = async (...times: readonly Texts[]) => (await after(...times)).gateways.get('data/orders')?.spec.paused
  expect(await paused({ f: wrong })).toBeUndefined()
  expect(await paused({ f: gatewayText() }, { f: wrong })).toBe(false)
  expect(await paused({ f: gatewayText() }, { f: gatewayText('  paused: true\n') })).toBe(true)
})

const secret = (value: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n${value}`

test('values of Secrets: stringData before data, own keys only, last good', async () => {
  const both = { f: secret('data: {a: YWE=, b: YmI=}\nstringData: {a: plain}') }
  const value = async (key: string, ...times: readonly Texts[]) =>
    (await after(...times)).secretValue('default', 's', key)
  expect(await value('a', both)).toBe('plain')
  expect(await value('b', both)).toBe('bb')
  for (const key of ['c', 'constructor', '__proto__']) expect(await value(key, both)).toBeUndefined()
  expect(await value('b', both, { f: secret('data: {a: "%"}') })).toBe('bb')
  expect(await value('b', both, {})).toBeUndefined()
})

test('a snapshot prints no secret', async () => {
  const snapshot = await after({ f: secret('stringData: {a: hunter2}') })
  expect(JSON.stringify(snapshot)).not.toContain('hunter2')
})

test('the revision is what is said, not where or how', async () => {
  const revision = async (texts: Texts) => (await after(texts)).revision
  const first = await revision({ f: gatewayText(), g: good('a') })
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(await revision({ x: `${good('a')}---${gatewayText('  paused: false\n')}` })).toBe(first)
  expect(await revision({ f: gatewayText(), g: good('a'), h: secret('stringData: {a: b}') })).toBe(first)
  expect(await revision({ f: gatewayText(), g: good('a', '  mode: Audit\n') })).not.toBe(first)
  expect(await revision({ f: gatewayText(), g: bad('a') })).not.toBe(first)
})

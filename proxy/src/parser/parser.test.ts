import { writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { settings } from '../settings.ts'
import type { Splice } from '../sql/resolved.ts'
import { type Analysis, openParser } from './parser.ts'

const parser = await openParser()
afterAll(() => parser.close())

const long = (sql: string): string => sql + ' '.repeat(settings.maxInlineStatementLength)
const kinds = (analysis: Analysis) =>
  'statements' in analysis ? analysis.statements.map(({ kind }) => kind) : analysis.error

test('what does not parse is refused in PostgreSQL’s words, at its byte', async () => {
  for (const pad of ['', ' '.repeat(settings.maxInlineStatementLength)])
    expect(await parser.analyse(`SELECT 'é' FRM x y${pad}`)).toEqual({
      error: { sqlState: '42601', message: 'syntax error at or near "x"', location: 16 },
    })
})

test('the guards come first, here and in the worker', async () => {
  expect(await parser.analyse('SELECT 1\0')).toHaveProperty('error.sqlState', '22021')
  expect(await parser.analyse(long('SELECT 1\0'))).toHaveProperty('error.sqlState', '22021')
})

test('a short statement is answered at once, a long one later, and both alike', async () => {
  const answer = parser.analyse('SELECT 1; DELETE FROM t')
  expect(answer).not.toBeInstanceOf(Promise)
  expect(kinds(await answer)).toEqual(['Select', 'Delete'])
  const later = parser.analyse(long('SELECT 1; DELETE FROM t'))
  expect(later).toBeInstanceOf(Promise)
  expect(await later).toEqual(await answer)
})

const deep = [
  `SELECT 1${'+1'.repeat(30_000)}`,
  `SELECT ${'('.repeat(30_000)}1${')'.repeat(30_000)}`,
  `SELECT ${'f('.repeat(20_000)}1${')'.repeat(20_000)}`,
  `SELECT ${'NOT '.repeat(16_000)}a`,
  `SELECT ARRAY${'['.repeat(30_000)}1${']'.repeat(30_000)}`,
  `SELECT ${'(SELECT '.repeat(7_000)}1${')'.repeat(7_000)}`,
  `SELECT 1 FROM ${'('.repeat(30_000)}a${')'.repeat(30_000)}`,
  `SELECT a${'||a'.repeat(20_000)}`,
]

test('nothing deep ends the parser, and what comes after is judged right', async () => {
  for (const sql of deep) {
    for (const text of [sql, sql.slice(0, settings.maxInlineStatementLength)]) {
      const analysis = await parser.analyse(text)
      if ('error' in analysis) expect(['42601', '54001']).toContain(analysis.error.sqlState)
      expect(kinds(await parser.analyse('INSERT INTO t SELECT * FROM u'))).toEqual(['Insert'])
      expect(kinds(await parser.analyse(long('INSERT INTO t SELECT * FROM u')))).toEqual(['Insert'])
    }
  }
}, 60_000)

test('after an exception the instance is thrown away: forty of them leave no wrong tree', async () => {
  const own = await openParser({ maxInlineLength: settings.maxStatementBytes })
  const hostile = `SELECT 1${'+1'.repeat(10_000)}` // leans to the left: more than the stack here bears
  for (let i = 0; i < 40; i++) {
    await own.analyse(hostile)
    const analysis = await own.analyse('SELECT x FROM a.b WHERE c = 1')
    expect('statements' in analysis && analysis.statements[0]?.relations[0]?.name).toEqual(['a', 'b'])
    expect(kinds(await own.analyse('SELEC 1'))).toHaveProperty('message', 'syntax error at or near "SELEC"')
  }
  expect(own.discarded).toBeGreaterThan(0)
  await own.close()
}, 120_000)

test('splices are proven by parsing both texts', async () => {
  const splice: Splice = {
    span: { start: 14, end: 15 },
    text: 'public.t',
    edit: { do: 'QualifyRelation', schema: 'public', name: 't' },
  }
  for (const pad of ['', ' '.repeat(settings.maxInlineStatementLength)]) {
    expect(await parser.prove(`SELECT 1 FROM t${pad}`, `SELECT 1 FROM public.t${pad}`, [splice])).toBe(true)
    expect(await parser.prove(`SELECT 1 FROM t${pad}`, `SELECT 1 FROM public.u${pad}`, [splice])).toHaveProperty(
      'problem',
    )
    expect(await parser.prove(`SELECT 1 FROM t${pad}`, `SELECT 1 FRM public.t${pad}`, [splice])).toHaveProperty(
      'problem',
    )
  }
})

test('tokens end where the lexer says', () => {
  expect(parser.tokens('SELECT "a b"')?.map(({ start = 0, end }) => [start, end])).toEqual([
    [0, 6],
    [7, 12],
  ])
  expect(parser.tokens('SELECT "a')).toBeUndefined()
  expect(parser.tokens('SELECT \0')).toBeUndefined()
})

/** A parser whose workers run this script instead. */
async function withWorker(script: string, timeoutMs = 300) {
  const file = join(await mkdtemp(join(tmpdir(), 'sallyport-parser-')), 'worker.mjs')
  writeFileSync(file, `import { parentPort } from 'node:worker_threads'\n${script}`)
  return openParser({ script: pathToFileURL(file), timeoutMs })
}

test('a worker that hangs is ended, and its statement refused', async () => {
  const hung = await withWorker("parentPort.on('message', () => { for (;;); })")
  const started = performance.now()
  expect(await hung.analyse(long('SELECT 1'))).toHaveProperty('error.sqlState', '54001')
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(await hung.analyse('SELECT 1')).toHaveProperty('statements')
  expect(hung.discarded).toBe(1)
  await hung.close()
})

test('a worker that dies refuses its statement and no other', async () => {
  const dying = await withWorker(
    "parentPort.on('message', job => { if (job.text.includes('die')) throw new Error('x'); parentPort.postMessage({ analysis: { statements: [] } }) })",
    5_000,
  )
  const answers = await Promise.all(
    ['SELECT die', 'SELECT 1', 'SELECT die', 'SELECT 2'].map(sql => dying.analyse(long(sql))),
  )
  expect(answers.map(answer => 'error' in answer)).toEqual([true, false, true, false])
  await dying.close()
})

test('the queue has an end', async () => {
  const slow = await withWorker("parentPort.on('message', () => {})", 60_000)
  const waiting = Array.from({ length: settings.maxQueuedParses + 2 }, () => slow.analyse(long('SELECT 1')))
  expect(await waiting.at(-1)).toHaveProperty('error.sqlState', '53400')
  await slow.close()
  expect(await waiting[0]).toHaveProperty('error')
})

test('closed means no', async () => {
  const closed = await openParser()
  await closed.close()
  expect(await closed.analyse('SELECT 1')).toHaveProperty('error')
  expect(await closed.prove('SELECT 1', 'SELECT 1', [])).toHaveProperty('problem')
})

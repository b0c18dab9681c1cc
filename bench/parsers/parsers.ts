/** The two parsers behind one question: which tables does a text read and write? Run in a worker: one of them may hang. */
import { parentPort } from 'node:worker_threads'
import { Instance } from '@sallyport/proxy/parser/instance.ts'
import { factsOf } from '@sallyport/proxy/sql/facts.ts'
import { groupOf } from '@sallyport/proxy/sql/kinds.ts'
import nodeSqlParser from 'node-sql-parser'

export type ParserName = 'libpg-query' | 'node-sql-parser'
export type Answer = { readonly tables: readonly string[] } | { readonly error: string }
export interface Question {
  readonly parser: ParserName
  readonly sql: string
  /** How often, for its time. */
  readonly times: number
}

const instance = await Instance.create()
const other = new nodeSqlParser.Parser()

const ask: Readonly<Record<ParserName, (sql: string) => Answer>> = {
  'libpg-query': sql => {
    const outcome = instance.parse(sql)
    if ('error' in outcome) return { error: outcome.error.message }
    const analysis = factsOf(sql, outcome.tree)
    if ('error' in analysis) return { error: analysis.error.message }
    const accesses = analysis.statements.flatMap(({ relations }) => relations)
    const written = new Set(accesses.filter(({ kind }) => groupOf(kind) !== 'Read').map(({ name }) => name.at(-1)))
    return {
      tables: sorted(accesses.map(({ name }) => `${written.has(name.at(-1)) ? 'write' : 'read'} ${name.at(-1)}`)),
    }
  },
  'node-sql-parser': sql => {
    try {
      // `select::schema::table`, of CTE names as well, which are taken out.
      const { tableList, ast } = other.parse(sql, { database: 'postgresql' })
      const ctes = new Set(cteNames(ast))
      const entries = tableList
        .map(entry => entry.split('::'))
        .filter(([, schema, table]) => schema !== 'null' || !ctes.has(table ?? ''))
      const written = new Set(entries.filter(([access]) => access !== 'select').map(([, , table]) => table))
      return { tables: sorted(entries.map(([, , table]) => `${written.has(table) ? 'write' : 'read'} ${table}`)) }
    } catch (error) {
      return { error: error instanceof Error ? error.message.slice(0, 80) : String(error) }
    }
  },
}

parentPort?.on('message', ({ parser, sql, times }: Question) => {
  const answer = ask[parser](sql)
  const microseconds = Array.from({ length: times }, () => {
    const began = performance.now()
    ask[parser](sql)
    return (performance.now() - began) * 1000
  })
  parentPort?.postMessage({ answer, microseconds })
})
parentPort?.postMessage('ready')

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

/** Names in every `with` of the tree. */
function cteNames(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  const own = 'with' in node && Array.isArray(node.with) ? node.with.map(each => String(each?.name?.value)) : []
  return [...own, ...Object.values(node).flatMap(cteNames)]
}

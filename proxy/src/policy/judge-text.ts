/**
 * A whole text judged from one end to the other, for `sallyport policy test` and `policy explain`: guards, facts, names,
 * decision. The gateway walks the same way with caches between the steps; a session's own objects are not known here.
 */
import type { Catalog } from '../sql/catalog.ts'
import { factsOf } from '../sql/facts.ts'
import { guard } from '../sql/guards.ts'
import { resolveAll } from '../sql/resolve-all.ts'
import type { Resolved, SqlRefusal } from '../sql/resolved.ts'
import { searchPath as effective } from '../sql/search-path.ts'
import { splice } from '../sql/splice.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import type { SessionFacts } from './question.ts'
import type { Selection } from './select.ts'

/** PostgreSQL's parser, which whoever calls has loaded. */
export type Parse = (text: string) => { readonly tree: unknown } | { readonly refusal: SqlRefusal }

export interface TextInput {
  readonly text: string
  readonly parse: Parse
  readonly catalog: Catalog
  readonly selection: Selection
  readonly role: string
  readonly session: SessionFacts
  /** As SHOW search_path prints it. */
  readonly searchPath: string
}

export interface JudgedText {
  readonly statements: readonly { readonly text: string; readonly resolved: Resolved; readonly decision: Decision }[]
  /** What would be sent on if all is allowed. */
  readonly sent: string
}

/** The decision on each statement, or PostgreSQL's (or our) refusal of the text as a whole. */
export function judgeText(input: TextInput): JudgedText | { readonly refusal: SqlRefusal } {
  const { text, catalog, role, searchPath } = input
  const refusal = guard(text)
  if (refusal !== undefined) return { refusal }
  const parsed = input.parse(text)
  if ('refusal' in parsed) return parsed
  const analysis = factsOf(text, parsed.tree)
  if ('error' in analysis) return { refusal: analysis.error }
  const context = { role, ...effective(searchPath, role, catalog), setting: searchPath, resetSetting: searchPath }
  const result = resolveAll(analysis.statements, catalog, context)
  if ('refusal' in result) return { refusal: result.refusal }
  const statements = result.resolved.map(resolved => judgeOne(resolved, input))
  return {
    statements,
    sent: splice(
      text,
      result.resolved.flatMap(({ splices }) => splices),
    ).text,
  }
}

function judgeOne(resolved: Resolved, input: TextInput): JudgedText['statements'][number] {
  const { start, end } = resolved.facts.span
  const text = Buffer.from(input.text, 'utf8').subarray(start, end).toString('utf8')
  const { selection, role, session, catalog } = input
  return { text, resolved, decision: decide({ resolved, text, selection, role, session, server: catalog.server }) }
}

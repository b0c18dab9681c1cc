/** Resolving hand-made facts over a hand-made catalog, and reading off what came of it. */
import { resolve } from '../resolve.ts'
import type { NameContext, Resolved, SqlRefusal } from '../resolved.ts'
import type { StatementFacts } from '../statement.ts'
import { type CatalogParts, makeCatalog } from './catalog.ts'
import { makeFacts } from './facts.ts'

export const publicPath: NameContext = { role: 'agent', path: ['pg_catalog', 'public'] }

export function refused(facts: Partial<StatementFacts>, parts: CatalogParts = {}, context = publicPath): SqlRefusal {
  const result = resolve(makeFacts(facts), makeCatalog(parts), context)
  if ('refusal' in result) return result.refusal
  throw new Error(`resolved: ${JSON.stringify(result.resolved.relations)}`)
}

export function resolved(facts: Partial<StatementFacts>, parts: CatalogParts = {}, context = publicPath): Resolved {
  const result = resolve(makeFacts(facts), makeCatalog(parts), context)
  if ('resolved' in result) return result.resolved
  throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
}

export const accesses = ({ relations }: Resolved): readonly string[] =>
  relations.map(({ reach, kind, schema, name, columns }) =>
    `${reach} ${kind} ${schema}.${name} ${columns === 'All' ? '*' : columns.join(',')}`.trim(),
  )
export const texts = ({ splices }: Resolved): readonly string[] => splices.map(splice => splice.text)
export const functionsOf = ({ calls }: Resolved): readonly string[] =>
  calls.flatMap(call => call.candidates.map(entry => `${entry.schema}.${entry.name}(${entry.args})`))

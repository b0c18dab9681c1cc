/** What one session alone sees, as far as its statements name it. */
import { decodeOwnObjects } from '../catalog/own.ts'
import { ownObjectsSql, type SoughtName } from '../catalog/own-sql.ts'
import type { Analysis } from '../parser/parser.ts'
import type { JudgeEffect } from '../session/effects.ts'
import type { OwnObjects } from '../sql/resolved.ts'
import type { Name, StatementFacts } from '../sql/statement.ts'

/** The answers, or the queries that the session must ask first: by name, with every name that these texts have. */
export function ownObjects(
  effect: JudgeEffect,
  analyses: readonly (Analysis | undefined)[],
): OwnObjects | { readonly queries: readonly string[] } | undefined {
  if (effect.own === 'none') return undefined
  const sought = analyses.flatMap(analysis =>
    analysis !== undefined && 'statements' in analysis ? analysis.statements.flatMap(namesIn) : [],
  )
  if (sought.length === 0) return undefined
  const [rows] = effect.ownRows ?? []
  return rows === undefined ? { queries: [ownObjectsSql(sought)] } : decodeOwnObjects(rows, sought)
}

function namesIn({ relations, calls, columns, types }: StatementFacts): readonly SoughtName[] {
  const fields = columns.flatMap(({ fields: parts }) => parts.slice(-1).map(name => [name]))
  const names = [
    ...relations.map(({ name }) => name),
    ...calls.map(({ name }) => name),
    ...types.map(({ name }) => name),
    ...fields,
  ]
  return names.flatMap(parts => soughtName(parts))
}

function soughtName(parts: Name): readonly SoughtName[] {
  const [name, schema] = parts.toReversed()
  if (name === undefined) return []
  return [schema === undefined ? { name } : { name, schema }]
}

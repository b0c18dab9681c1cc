/** The values of the variables that a `when` sees (cel-variables.ts has their meaning). */
import type { StatementValues } from './cel-variables.ts'
import { policySchema } from './name-pattern.ts'
import type { DecideInput, Judged } from './question.ts'

/** A function that gives them for each part of the statement that makes the access judged. */
export function whenValues(input: DecideInput): (judged: Judged) => Readonly<Record<string, unknown>> {
  let session: Map<string, unknown> | undefined
  let tables: readonly string[] | undefined
  return judged => {
    session ??= new Map(Object.entries(sessionValues(input)))
    tables ??= [...new Set(input.resolved.relations.filter(({ reach }) => reach === 'Named').map(nameOf))]
    const statement = new Map(Object.entries(statementValues(input, judged, tables)))
    return { claims: input.selection.identity.claims, session, statement }
  }
}

function sessionValues({ selection: { identity, database }, session, role }: DecideInput): Record<string, unknown> {
  return {
    user: identity.username,
    groups: identity.groups,
    issuer: identity.issuer,
    database,
    role,
    application: session.application,
    client: session.client,
    inTransaction: session.inTransaction,
    now: new Date(session.now),
  }
}

function statementValues(
  { resolved }: DecideInput,
  { kind, part, access }: Judged,
  tables: readonly string[],
): StatementValues {
  const { facts } = resolved
  const of = facts.parts[part] ?? facts.parts[0]
  return {
    kind: of?.kind ?? facts.kind,
    topKind: facts.kind,
    hasWhere: of?.hasWhere ?? false,
    hasLimit: of?.hasLimit ?? false,
    access: access === undefined ? '' : kind,
    table: access === undefined ? '' : nameOf(access),
    tables,
    explained: facts.carries?.by === 'Explain' || facts.carries?.by === 'ExplainAnalyze',
  }
}

function nameOf(relation: { readonly schema: string; readonly name: string }): string {
  return `${policySchema(relation.schema)}.${relation.name}`
}

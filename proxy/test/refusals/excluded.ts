/** A call of each function of PostgreSQL that is not harmless, generated from the list. */
import { type ExclusionReason, harmlessFunction, listedFunctions } from '../../src/sql/lists/functions.ts'
import type { Major } from '../servers.ts'

export interface ExcludedCall {
  readonly signature: string
  readonly class: ExclusionReason['class']
  readonly sql: string
}

export function excludedCalls(major: Major): readonly ExcludedCall[] {
  return listedFunctions(major).flatMap(signature => {
    const verdict = harmlessFunction(major, signature)
    return verdict === true ? [] : [{ signature, class: verdict.class, sql: callOf(signature) }]
  })
}

/** NULL for every argument, of its type where a NULL can have one. The comment is looked for in the server's log. */
function callOf(signature: string): string {
  const at = signature.indexOf('(')
  const [schema, name] = signature.startsWith('information_schema.')
    ? ['information_schema', signature.slice(19, at)]
    : ['pg_catalog', signature.slice(0, at)]
  const types = signature.slice(at + 1, -1)
  const args = types === '' ? [] : types.split(', ').map(type => (pseudoTypes.has(type) ? 'NULL' : `NULL::${type}`))
  return `SELECT /* excluded call */ ${schema}."${name}"(${args.join(', ')})`
}

const pseudoTypes: ReadonlySet<string> = new Set([
  'internal',
  'cstring',
  '"any"',
  'anyelement',
  'anyarray',
  'anynonarray',
  'anyenum',
  'anyrange',
  'anycompatible',
  'language_handler',
  'trigger',
  'event_trigger',
])

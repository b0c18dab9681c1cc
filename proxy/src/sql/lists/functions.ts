/**
 * Which built-in functions are harmless, by server version and signature. The table is `functions.generated.json`;
 * what is not in it is not harmless.
 */
import type { ServerMajor } from '../catalog.ts'
import { type ExclusionClass, exclusionClasses, exclusionRule } from './exclusions.ts'
import table from './functions.generated.json' with { type: 'json' }

export interface ExclusionReason {
  /** 'Unlisted': the server's version has no such built-in function, so nobody has looked at it. */
  readonly class: ExclusionClass | 'Unlisted'
  /** Follows the function's name: "pg_read_file reads files". */
  readonly text: string
  /** As for `ReadableColumns.unlessPinned`: judged as the relation pg_catalog.pg_settings would be. */
  readonly unlessPinned?: 'name'
}

/** First and last version that has the function; a class where it is excluded. */
type Row = readonly [since: number, until: number, excluded?: string]

const rows: ReadonlyMap<string, Row> = new Map(Object.entries(table.functions as unknown as Record<string, Row>))
const unlisted: ExclusionReason = { class: 'Unlisted', text: 'is not among the built-in functions that were looked at' }

/**
 * `signature` is `name(type, type)` for pg_catalog and `information_schema.name(type)` for that schema, types as
 * format_type prints them, the element type for a VARIADIC argument: `FunctionEntry.args` joined by `, `.
 */
export function harmlessFunction(server: ServerMajor, signature: string): true | ExclusionReason {
  const row = rows.get(signature)
  if (row === undefined || server < row[0] || server > row[1]) return unlisted
  return row[2] === undefined ? true : reason(row[2], signature)
}

/** Every listed signature of a version; tests and docs walk it. */
export function listedFunctions(server: ServerMajor): readonly string[] {
  return [...rows].filter(([, [since, until]]) => server >= since && server <= until).map(([signature]) => signature)
}

function reason(name: string, signature: string): ExclusionReason {
  const known = Object.keys(exclusionClasses).find((key): key is ExclusionClass => key === name)
  if (known === undefined) return unlisted
  const text = exclusionRule(signature)?.reason ?? exclusionClasses[known]
  return signature === 'pg_show_all_settings()' ? { class: known, text, unlessPinned: 'name' } : { class: known, text }
}

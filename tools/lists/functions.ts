/** Makes `functions.generated.json` of what the servers have and what `exclusions.ts` says of it. */
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import {
  exclusionRule,
  exclusions,
  harmlessAlthoughInternal,
  meets,
  notCallableResults,
} from '@sallyport/proxy/sql/lists/exclusions.ts'
import { volatileHarmless } from '@sallyport/proxy/sql/lists/volatile-harmless.ts'
import type { Client } from 'pg'
import { printEntries, spans } from './rows.ts'

export interface ServerFunction {
  readonly signature: string
  readonly volatile: boolean
  readonly result: string
}

const query = `
  SELECT CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || p.proname || '(' || coalesce((
           SELECT string_agg(format_type(CASE WHEN p.provariadic <> 0 AND place = p.pronargs THEN p.provariadic ELSE type END, NULL), ', ' ORDER BY place)
           FROM unnest(p.proargtypes) WITH ORDINALITY AS a (type, place)), '') || ')' AS signature,
         p.provolatile = 'v' AS volatile, format_type(p.prorettype, NULL) AS result
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema')`

/** The built-in functions of one server, as its catalog tells them; those alone that meet a condition over `p`. */
export async function readFunctions(client: Client, condition = 'true'): Promise<readonly ServerFunction[]> {
  await client.query('SET search_path = pg_catalog')
  return (await client.query<ServerFunction>(`${query} AND ${condition}`)).rows
}

/** The generated file. Throws where a function or a rule needs somebody's eyes. */
export function functionsFile(servers: ReadonlyMap<ServerMajor, readonly ServerFunction[]>): string {
  const all = new Map([...servers.values()].flat().map(entry => [entry.signature, entry]))
  const problems = [...unreviewed(all.values()), ...idleRules([...all.keys()])]
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const names = new Map([...servers].map(([major, entries]) => [major, new Set(entries.map(entry => entry.signature))]))
  const rows = [...spans(names)].map(
    ([signature, span]) => [signature, [...span, ...excludedAs(all.get(signature))]] as const,
  )
  return printEntries('functions', rows)
}

function excludedAs(entry: ServerFunction | undefined): string[] {
  if (entry === undefined || entry.signature in harmlessAlthoughInternal) return []
  const rule = exclusionRule(entry.signature)
  if (rule !== undefined) return [rule.class]
  return notCallable(entry) ? ['NotCallable'] : []
}

function notCallable(entry: ServerFunction): boolean {
  return /[(, ]internal[,)]/.test(entry.signature) || notCallableResults.includes(entry.result)
}

function unreviewed(entries: Iterable<ServerFunction>): string[] {
  const looked = new Set(Object.values(volatileHarmless).flat())
  return [...entries]
    .filter(entry => entry.volatile && excludedAs(entry).length === 0)
    .filter(entry => !looked.has(entry.signature) && !(entry.signature in harmlessAlthoughInternal))
    .map(entry => `volatile, and nobody has looked at it: ${entry.signature}`)
}

function idleRules(signatures: readonly string[]): string[] {
  const entries = exclusions.flatMap(rule => rule.functions)
  const idle = entries.filter(
    entry => !signatures.some(signature => meets(entry, signature.slice(0, signature.indexOf('(')), signature)),
  )
  const gone = [...Object.values(volatileHarmless).flat(), ...Object.keys(harmlessAlthoughInternal)].filter(
    name => !signatures.includes(name),
  )
  return [...idle.map(entry => `this rule meets no function: ${entry}`), ...gone.map(name => `no server has ${name}`)]
}

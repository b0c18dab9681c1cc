/** Makes `relations.generated.json`: every system relation and its columns, by server version. */
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import { closedColumns, closedRelations } from '@sallyport/proxy/sql/lists/closed-relations.ts'
import type { Client } from 'pg'
import { printEntries, sorted, spans } from './rows.ts'

/** `schema.relation` → its columns in order. */
export type ServerRelations = ReadonlyMap<string, readonly string[]>

const query = `
  SELECT n.nspname || '.' || c.relname AS relation, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')`

/** Those alone that meet a condition over `c`. */
export async function readRelations(client: Client, condition = 'true'): Promise<ServerRelations> {
  const { rows } = await client.query<{ relation: string; columns: string[] }>(`${query} AND ${condition} GROUP BY 1`)
  return new Map(rows.map(row => [row.relation, row.columns]))
}

export function relationsFile(servers: ReadonlyMap<ServerMajor, ServerRelations>): string {
  const relations = sorted([...servers.values()].flatMap(server => [...server.keys()]))
  const problems = idleRules(servers)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return printEntries(
    'relations',
    relations.map(relation => [relation, Object.fromEntries(columnSpans(servers, relation))] as const),
  )
}

function columnSpans(
  servers: ReadonlyMap<ServerMajor, ServerRelations>,
  relation: string,
): Map<string, [number, number]> {
  return spans(new Map([...servers].map(([major, server]) => [major, new Set(server.get(relation) ?? [])])))
}

function idleRules(servers: ReadonlyMap<ServerMajor, ServerRelations>): string[] {
  const known = [...servers.values()]
  const relations = Object.keys(closedRelations).filter(name => !known.some(server => server.has(name)))
  const columns = Object.entries(closedColumns).flatMap(([name, closed]) =>
    Object.keys(closed)
      .filter(column => !known.some(server => server.get(name)?.includes(column)))
      .map(column => `${name}.${column}`),
  )
  return [...relations, ...columns].map(name => `no server has ${name}`)
}

/**
 * Rebuilds `proxy/src/sql/builtins.generated.json` from real servers: the functions, operators, types and casts of
 * pg_catalog, which a described catalog (policy tests) cannot ask a server for.
 *
 *     node tools/builtins.ts 15=/usr/lib/postgresql/15/bin 16=… 17=… 18=…
 */
import { writeFileSync } from 'node:fs'
import type { Client } from 'pg'
import type { ServerMajor } from '../proxy/src/sql/catalog.ts'
import { withServer } from './lists/read.ts'

const majors = [15, 16, 17, 18] as const satisfies readonly ServerMajor[]
const inCatalog = "'pg_catalog'::regnamespace"

/** A row is what a described catalog needs, in this order, and then the first and last version that has it. */
const queries = {
  types: `SELECT oid::int, typname, typtype::text, typrelid::int, CASE WHEN typtype = 'd' THEN typbasetype::int WHEN typcategory = 'A' THEN typelem::int ELSE 0 END
    FROM pg_type WHERE typnamespace = ${inCatalog} AND typrelid = 0
      AND (typelem = 0 OR typcategory <> 'A' OR NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = pg_type.typelem AND e.typrelid <> 0)) ORDER BY oid`,
  functions: `SELECT oid::int, proname, prokind::text, ARRAY(SELECT format_type(t, NULL) FROM unnest(proargtypes::oid[]) WITH ORDINALITY a(t, n) ORDER BY n),
      pronargdefaults::int, (provariadic <> 0)::int FROM pg_proc WHERE pronamespace = ${inCatalog} ORDER BY oid`,
  operators: `SELECT oid::int, oprname, CASE WHEN oprleft <> 0 THEN format_type(oprleft, NULL) ELSE '' END, format_type(oprright, NULL), oprcode::oid::int
    FROM pg_operator WHERE oprnamespace = ${inCatalog} ORDER BY oid`,
  casts:
    'SELECT castsource::int, casttarget::int, castfunc::int, castcontext::text FROM pg_cast WHERE oid < 16384 ORDER BY 1, 2',
} as const

type Row = readonly unknown[]
type Name = keyof typeof queries
const names = Object.keys(queries) as Name[]

const seen: Record<Name, Map<string, { readonly row: Row; readonly versions: ServerMajor[] }>> = {
  types: new Map(),
  functions: new Map(),
  operators: new Map(),
  casts: new Map(),
}

for (const major of majors) await withServer(binariesOf(major), client => readAll(client, major))
writeFileSync(new URL('../proxy/src/sql/builtins.generated.json', import.meta.url), file())

async function readAll(client: Client, major: ServerMajor): Promise<void> {
  for (const name of names) {
    const { rows } = await client.query<unknown[]>({ text: queries[name], rowMode: 'array' })
    for (const row of rows) note(name, row, major)
  }
}

function note(name: Name, row: Row, major: ServerMajor): void {
  const key = JSON.stringify(row)
  const known = seen[name].get(key)
  if (known === undefined) seen[name].set(key, { row, versions: [major] })
  else known.versions.push(major)
}

function file(): string {
  const tables = names.map(
    name => `  "${name}": [\n${[...seen[name].values()].map(line).sort(byNumber).join(',\n')}\n  ]`,
  )
  return `{\n${tables.join(',\n')}\n}\n`
}

function line({ row, versions }: { readonly row: Row; readonly versions: readonly ServerMajor[] }): string {
  return `    ${JSON.stringify([...row, versions[0], versions.at(-1)])}`
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a.slice(5), 10) - Number.parseInt(b.slice(5), 10) || (a < b ? -1 : 1)
}

function binariesOf(major: ServerMajor): string {
  const folder = process.argv.find(argument => argument.startsWith(`${major}=`))?.slice(3)
  if (folder === undefined) throw new Error(`which folder has the programs of PostgreSQL ${major}? Say ${major}=FOLDER`)
  return folder
}

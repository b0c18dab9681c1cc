/**
 * `search_path`, exactly as PostgreSQL makes the list of schemas that it searches from the setting's text: `$user`,
 * quoting and case folding, schemas that do not exist or may not be used left out, pg_catalog and the temporary schema
 * put in front unless the setting names them. (Functions and operators are never looked up in the temporary schema;
 * `lookup` sees to that.)
 */
import type { Catalog } from './catalog.ts'

export interface SearchPath {
  /** Schemas in the order in which they are searched. */
  readonly path: readonly string[]
  /** Where an unqualified CREATE goes; undefined: nowhere (3F000). `pg_temp` if that schema would be made for it. */
  readonly creation?: string
}

/** The schemas searched, in order. */
export function effectivePath(setting: string, role: string, catalog: Schemas, tempSchema?: string): readonly string[] {
  return searchPath(setting, role, catalog, tempSchema).path
}

/** What of the catalog matters here. */
export type Schemas = Pick<Catalog, 'schema'>

/** The same, with the schema that CREATE uses: the first that the setting itself names and that may be used. */
export function searchPath(setting: string, role: string, catalog: Schemas, tempSchema?: string): SearchPath {
  const named: string[] = []
  let pendingTemp = false
  for (const element of splitIdentifiers(setting) ?? []) {
    const schema = element === '$user' ? role : element
    if (element === 'pg_temp' && tempSchema === undefined) pendingTemp ||= named.length === 0
    else if (element === 'pg_temp' && tempSchema !== undefined) add(named, tempSchema)
    else if (catalog.schema(schema)?.usableBy(role) === true) add(named, schema)
  }
  const creation = pendingTemp ? 'pg_temp' : named[0]
  const implied = ['pg_catalog'].filter(schema => !named.includes(schema))
  if (tempSchema !== undefined && !named.includes(tempSchema)) implied.unshift(tempSchema)
  return { path: [...implied, ...named], ...(creation === undefined ? {} : { creation }) }
}

function add(schemas: string[], schema: string): void {
  if (!schemas.includes(schema)) schemas.push(schema)
}

/** A comma-separated list of identifiers (`SplitIdentifierString`); undefined where PostgreSQL would refuse the text. */
export function splitIdentifiers(text: string): readonly string[] | undefined {
  const space = '[ \\t\\n\\r\\f\\v]*'
  const element = new RegExp(
    `${space}(?:"((?:[^"]|"")*)"|([^" \\t\\n\\r\\f\\v,][^ \\t\\n\\r\\f\\v,]*))${space}(,|$)`,
    'y',
  )
  if (/^[ \t\n\r\f\v]*$/.test(text)) return []
  const elements: string[] = []
  for (;;) {
    const match = element.exec(text)
    if (match === null) return undefined
    elements.push(truncated(match[1]?.replaceAll('""', '"') ?? foldCase(match[2] ?? '')))
    if (match[3] === '') return elements
  }
}

/** Under UTF8 PostgreSQL folds ASCII letters only. */
function foldCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())
}

/** NAMEDATALEN: 63 bytes, never half a character. */
function truncated(name: string): string {
  const bytes = Buffer.from(name, 'utf8')
  if (bytes.length <= 63) return name
  let end = 63
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

/** How this room asks the database: text in, rows of text out. Whoever opens a watch brings the connection. */

export type Field = string | null
export type Row = readonly Field[]

/** Runs one simple query of one statement and gives its rows as text. */
export type Query = (sql: string) => Promise<readonly Row[]>

/** A connection of the catalog's own, in no transaction. `closed` settles when it is gone, for whatever reason. */
export interface CatalogConnection {
  readonly query: Query
  close(): void
  readonly closed: Promise<void>
}

/** A text literal that means the same under any setting of the session: `E''` is never needed without backslashes. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}

/** What the gateway writes into a text so that PostgreSQL reads back exactly the name that was meant. */
import { quotedKeywords } from './quoted-keywords.ts'
import type { Name } from './statement.ts'

/** An identifier as SQL: bare where it reads back as itself on every server version, quoted otherwise. */
export function quoteIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !quotedKeywords.has(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

/** `public."Orders"`. */
export function quoteName(name: Name): string {
  return name.map(quoteIdentifier).join('.')
}

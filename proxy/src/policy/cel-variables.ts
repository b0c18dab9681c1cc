/**
 * What CEL sees. One table: the compiler checks names and types against it, `docs/reference/cel.md` is made from it.
 * A `condition` is asked at login and sees `claims` and `session`; a `when` is asked for each access of a statement.
 */
import type { CelField, CelVariables } from './cel.ts'

const sessionAtLogin = {
  user: { type: 'string', doc: 'The user name of the identity, as the claim mappings make it.' },
  groups: { type: 'list<string>', doc: 'Its groups, as the claim mappings make them.' },
  issuer: { type: 'string', doc: 'The issuer of the token.' },
  database: { type: 'string', doc: 'The database of the session.' },
  application: { type: 'string', doc: '`application_name` as the client gave it at login; empty without one.' },
  client: { type: 'string', doc: 'The address that the client comes from, without its port.' },
  now: { type: 'timestamp', doc: 'The time, in UTC.', changes: 'Clock' },
} as const satisfies Record<string, CelField>

const session = {
  ...sessionAtLogin,
  role: { type: 'string', doc: 'The PostgreSQL role of the session.' },
  inTransaction: { type: 'bool', doc: 'Whether a transaction block is open.', changes: 'Counter' },
} as const satisfies Record<string, CelField>

const statement = {
  kind: { type: 'string', doc: 'The kind of the part that makes the access: `Select`, `Update`, `CreateTable` …' },
  topKind: { type: 'string', doc: 'The kind of the statement as a whole.' },
  hasWhere: { type: 'bool', doc: 'Whether that part has a WHERE (for a MERGE action: its condition).' },
  hasLimit: { type: 'bool', doc: 'Whether that part has a LIMIT or FETCH FIRST.' },
  access: { type: 'string', doc: 'The access judged; empty where the statement is judged by its kind.' },
  table: { type: 'string', doc: 'The relation judged, as `schema.name`; empty where there is none.' },
  tables: { type: 'list<string>', doc: 'Every relation that the statement names, as `schema.name`.' },
  explained: { type: 'bool', doc: 'Whether EXPLAIN carries the statement.' },
} as const satisfies Record<string, CelField>

/** For `condition`. */
export const conditionVariables = { claims: 'map', session: { fields: sessionAtLogin } } as const satisfies CelVariables

/** For `when`. */
export const whenVariables = {
  claims: 'map',
  session: { fields: session },
  statement: { fields: statement },
} as const satisfies CelVariables

export type StatementValues = Readonly<Record<keyof typeof statement, unknown>>

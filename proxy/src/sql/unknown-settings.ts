/** Names that are no settings: PostgreSQL's own error, and nothing that a policy could allow. */
import type { ServerMajor } from './catalog.ts'
import { isNoSetting } from './lists/settings-list.ts'
import type { SqlRefusal } from './resolved.ts'
import type { StatementFacts } from './statement.ts'

/** What the server would say of the first setting that it does not have; SET clauses of definitions are not looked at. */
export function unknownSetting({ kind, settings }: StatementFacts, server: ServerMajor): SqlRefusal | undefined {
  if (kind.startsWith('Create') || kind.startsWith('Alter')) return undefined
  const unknown = settings.find(({ name, quiet }) => quiet !== true && isNoSetting(server, name))
  if (unknown === undefined) return undefined
  const { name, written = name } = unknown
  return { sqlState: '42704', message: `unrecognized configuration parameter "${written}"` }
}

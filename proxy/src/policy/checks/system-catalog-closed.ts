import type { ServerMajor } from '../../sql/catalog.ts'
import { groupOf } from '../../sql/kinds.ts'
import { closedExtensionRelations } from '../../sql/lists/closed-relations.ts'
import { type ReadableColumns, systemColumns, whyClosed } from '../../sql/lists/relations.ts'
import type { Resolved, ResolvedAccess } from '../../sql/resolved.ts'
import { pinnedToReadable } from '../pinned.ts'
import type { Check } from '../question.ts'
import type { Reason } from '../reason.ts'

/**
 * What describes the schema is readable by everyone; the rest of the system catalogs is closed, by column where a
 * relation holds both. Only what the statement names: what lies behind a view is its owner's to show.
 */
export const systemCatalogClosed: Check = ({ resolved, server }) => {
  for (const access of resolved.relations) {
    if (access.reach === 'Behind') continue
    const reason = access.isSystem ? closedIn(access, server) : ofExtension(access)
    if (reason !== undefined && !isPinned(access, resolved, server)) return reason
  }
  return undefined
}

function closedIn(access: ResolvedAccess, server: ServerMajor): Reason | undefined {
  const name = `${access.schema}.${access.name}`
  if (groupOf(access.kind) !== 'Read') return closed(access, `${name} is a system relation: it may be read at most`)
  const columns = columnsOf(server, access.schema, access.name)
  if (columns === 'Closed') return closed(access, `${name} ${whyClosed(access.schema, access.name)}`)
  if (columns.readable === 'All') return undefined
  return columnClosed(access, name, columns)
}

/** Settings by name: those that may be read may be read here, too. */
function isPinned(access: ResolvedAccess, resolved: Resolved, server: ServerMajor): boolean {
  const columns = access.isSystem ? columnsOf(server, access.schema, access.name) : 'Closed'
  if (columns === 'Closed' || columns.unlessPinned === undefined || groupOf(access.kind) !== 'Read') return false
  return pinnedToReadable(resolved, server, columns.unlessPinned, { relation: access.span.start })
}

/** Views of extensions lie in any schema, and the catalog does not say whose they are: a view of that name is closed. */
function ofExtension(access: ResolvedAccess): Reason | undefined {
  if (access.relation?.sort !== 'View') return undefined
  const why = viewsOfExtensions.get(access.name)
  return why === undefined ? undefined : closed(access, `${access.schema}.${access.name} ${why}`)
}

const viewsOfExtensions = new Map(Object.values(closedExtensionRelations).flatMap(views => Object.entries(views)))

function columnClosed(
  access: ResolvedAccess,
  name: string,
  { readable, closed: closedOnes }: ReadableColumns,
): Reason | undefined {
  const open = readable === 'All' ? [] : readable
  const [column] = access.columns === 'All' ? closedOnes : access.columns.filter(wanted => !open.includes(wanted))
  if (column === undefined) return undefined
  const hint =
    access.columns === 'All'
      ? `Name the columns that you need, without: ${closedOnes.join(', ')}.`
      : 'Leave that column out.'
  return { ...closed(access, `column ${name}.${column} ${whyClosed(access.schema, access.name, column)}`), hint }
}

function closed(access: ResolvedAccess, text: string): Reason {
  const about = { relation: `${access.schema}.${access.name}` }
  return {
    code: 'SystemCatalogClosed',
    text,
    hint: 'Leave it out of the statement.',
    about,
    location: access.span.start,
  }
}

const known = new Map<string, ReadableColumns | 'Closed'>()

/** Looking through the list takes longer than all the rest of a decision. Bounded: only listed relations are kept. */
function columnsOf(server: ServerMajor, schema: string, relation: string): ReadableColumns | 'Closed' {
  const key = `${server} ${schema}.${relation}`
  const found = known.get(key) ?? systemColumns(server, schema, relation)
  if (found !== 'Closed') known.set(key, found)
  return found
}

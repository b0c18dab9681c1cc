/**
 * A star over a system relation of which some columns are closed, written as the list of its columns: names, order and
 * types of the result stay, and what is closed is NULL.
 *
 *   SELECT r.* FROM pg_roles r     SELECT r.rolname, …, NULL::pg_catalog._text AS rolconfig, r.oid FROM pg_roles r
 *
 * A bare star is every entry of FROM in turn. Where an entry cannot be named (no alias, one that occurs twice, columns
 * merged by USING) the star stays, and counts as all columns.
 */
import type { RelationEntry } from './catalog.ts'
import { quoteIdentifier, quoteName } from './quote.ts'
import type { Lookup } from './resolve-lookup.ts'
import type { FoundRelation } from './resolve-relations.ts'
import type { Splice, StarColumn } from './resolved.ts'
import type { ColumnMention, Scope, ScopeItem, StatementFacts } from './statement.ts'

export interface ExpandedStar {
  readonly splice: Splice
  /** What is read of each entry of FROM that the star meant. */
  readonly read: readonly { readonly item: ScopeItem; readonly columns: readonly string[] | 'All' }[]
}

/** The star as a list; undefined where it may stay, or must. */
export function expandStar(
  mention: ColumnMention,
  facts: StatementFacts,
  found: readonly FoundRelation[],
  lookup: Lookup,
): ExpandedStar | undefined {
  if (mention.fields.length > 2) return undefined
  const items = meantBy(mention, facts.scopes)
  if (items === undefined || items.length > maxTargets) return undefined
  const entries = items.map(item => entryOf(item, facts, found, lookup))
  if (!entries.some(entry => entry?.read !== 'All')) return undefined
  const known = entries.filter(entry => entry !== undefined)
  if (known.length < entries.length) return undefined
  const columns = known.flatMap(entry => entry.columns)
  return {
    splice: { span: mention.span, text: columns.map(written).join(', '), edit: { do: 'ExpandStar', columns } },
    read: known.map(({ item, read }) => ({ item, columns: read })),
  }
}

/** PostgreSQL takes no more entries in a SELECT list (MaxTupleAttributeNumber), and each star is one at least. */
const maxTargets = 1664

/** The entries of FROM, each with a name that means it alone. `t.*` is the nearest t. */
function meantBy({ fields, scope }: ColumnMention, scopes: readonly Scope[]): readonly ScopeItem[] | undefined {
  const [qualifier, more] = fields
  if (qualifier === undefined) return undefined
  if (more === undefined) return itemsApart(scopes[scope])
  for (let at = scopes[scope]; at !== undefined; at = at.parent === undefined ? undefined : scopes[at.parent]) {
    const named = at.items.filter(({ alias }) => alias === qualifier)
    if (named.length > 0) return named.length === 1 ? named : undefined
  }
  return undefined
}

function itemsApart(scope: Scope | undefined): readonly ScopeItem[] | undefined {
  if (scope === undefined || scope.merges === true) return undefined
  const aliases = new Set(scope.items.map(({ alias }) => alias))
  return aliases.size < scope.items.length || aliases.has('') ? undefined : scope.items
}

interface Entry {
  readonly item: ScopeItem
  readonly columns: readonly StarColumn[]
  readonly read: readonly string[] | 'All'
}

/** undefined: it cannot be written as a list. */
function entryOf(
  item: ScopeItem,
  facts: StatementFacts,
  found: readonly FoundRelation[],
  lookup: Lookup,
): Entry | undefined {
  const relation = item.relation === undefined ? undefined : found[item.relation]?.relation
  const closed = relation === undefined || isPinned(item, facts) ? [] : lookup.closedColumns(relation)
  if (relation === undefined || closed.length === 0) return { item, columns: [{ from: item.alias }], read: 'All' }
  const columns = columnsOf(item, relation, new Set(closed), lookup)
  if (columns === undefined) return undefined
  const read = relation.columns.map(({ name }) => name).filter(name => !closed.includes(name))
  return { item, columns, read }
}

function columnsOf(
  { alias, columns: renamed }: ScopeItem,
  relation: RelationEntry,
  closed: ReadonlySet<string>,
  lookup: Lookup,
): readonly StarColumn[] | undefined {
  const names = relation.columns.map(({ name }, at) => renamed?.[at] ?? name)
  if (new Set(names).size < names.length) return undefined
  const columns = relation.columns.map((column, at): StarColumn | undefined => {
    const name = names[at] ?? column.name
    if (!closed.has(column.name)) return { from: alias, name }
    const type = lookup.typeByOid(column.type)
    return type && { name, type: [type.schema, type.name] }
  })
  const known = columns.filter(column => column !== undefined)
  return known.length < columns.length ? undefined : known
}

/** Rows chosen by a literal: what may be seen of them is the policy's to say. */
function isPinned({ relation }: ScopeItem, { pins }: StatementFacts): boolean {
  return relation !== undefined && pins.some(pin => pin.relation === relation)
}

function written(column: StarColumn): string {
  if ('type' in column) return `NULL::${quoteName(column.type)} AS ${quoteIdentifier(column.name)}`
  return 'name' in column ? quoteName([column.from, column.name]) : `${quoteIdentifier(column.from)}.*`
}

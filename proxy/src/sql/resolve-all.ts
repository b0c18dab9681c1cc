/**
 * A text of several statements: each sees what those before it made, renamed or dropped, and the search_path that they
 * set. Where one path of events cannot be told from another (a ROLLBACK may or may not undo a SET; a set_config may or
 * may not run), every possible *world* is resolved, and all must agree. What cannot be told at all is refused with the
 * hint to send the statement alone: then the catalog and the session answer for it.
 */

import { settings } from '../settings.ts'
import type { Catalog } from './catalog.ts'
import { groupOf } from './kinds.ts'
import { quoteName } from './quote.ts'
import { type Refused, type Resolution, resolve } from './resolve.ts'
import { type Changes, changedBy, keyOf, noChanges, overlayOf } from './resolve-changes.ts'
import { makeLookup } from './resolve-lookup.ts'
import type { NameContext, OwnObjects, Resolved, SqlRefusal } from './resolved.ts'
import { searchPath } from './search-path.ts'
import { type StatementFacts, unknownValue } from './statement.ts'

/** What every name of every statement means. `statement` says which one was refused. */
export function resolveAll(
  statements: readonly StatementFacts[],
  catalog: Catalog,
  context: NameContext,
): { readonly resolved: readonly Resolved[] } | { readonly refusal: SqlRefusal; readonly statement: number } {
  let history: History = {
    worlds: [{ path: { setting: context.setting }, changes: noChanges }],
    paths: [{ setting: context.setting }],
    changes: [noChanges],
  }
  const resolved: Resolved[] = []
  for (const [statement, facts] of statements.entries()) {
    const result = resolveInAll(facts, catalog, context, history.worlds)
    if ('refusal' in result) return { refusal: result.refusal, statement }
    resolved.push(result.resolved)
    history = after(history, facts, catalog, context)
  }
  return { resolved }
}

/** `setting` undefined: that of the context, whose text is not known. */
type Path = { readonly setting: string | undefined } | 'Unknown'

interface World {
  readonly path: Path
  readonly changes: Changes
}

/** The worlds that may be, and every path and every set of changes that there has been in this text. */
interface History {
  readonly worlds: readonly World[]
  readonly paths: readonly Path[]
  readonly changes: readonly Changes[]
}

function resolveInAll(
  facts: StatementFacts,
  catalog: Catalog,
  context: NameContext,
  worlds: readonly World[],
): Resolution {
  if (!hasNames(facts)) return resolve(facts, catalog, context)
  const results = worlds.map(world => resolveIn(world, facts, catalog, context))
  const [first, ...others] = results
  if (first === undefined) return alone('what came before it')
  const meaning = others.length === 0 ? '' : meaningOf(first)
  return others.every(other => meaningOf(other) === meaning) ? first : alone('what came before it')
}

function resolveIn(
  { path, changes }: World,
  facts: StatementFacts,
  catalog: Catalog,
  context: NameContext,
): Resolution {
  if (path === 'Unknown') return alone('the search_path')
  const inside = contextIn({ path, changes }, catalog, context)
  if (inside === undefined) return alone('the search_path')
  const changed = callsChanged(facts, changes)
  if (changed !== undefined) return alone(changed)
  const result = resolve(facts, catalog, inside, overlayOf(changes))
  if ('refusal' in result) return result
  return relationsChanged(result.resolved, changes) ?? result
}

/** Where names are looked up in a world; undefined where it cannot be told. */
function contextIn({ path, changes }: World, catalog: Catalog, context: NameContext): NameContext | undefined {
  if (path === 'Unknown') return undefined
  const own = ownIn(changes, context.own)
  const same = path.setting === context.setting && changes.schemas.size === 0
  if (same && own?.tempSchema === context.own?.tempSchema) return context
  if (path.setting === undefined) {
    if (changes.schemas.size > 0) return undefined
    return {
      ...context,
      path: ['pg_temp', ...context.path.filter(schema => schema !== 'pg_temp')],
      ...(own === undefined ? {} : { own }),
    }
  }
  const { path: searched, creation } = searchPath(
    path.setting,
    context.role,
    schemasIn(changes, catalog, context.own),
    own?.tempSchema,
  )
  const { creation: _, ...rest } = context
  return {
    ...rest,
    path: searched,
    ...(creation === undefined ? {} : { creation }),
    ...(own === undefined ? {} : { own }),
  }
}

/** The first temporary relation of a session makes its temporary schema. */
function ownIn({ relations }: Changes, own: OwnObjects | undefined): OwnObjects | undefined {
  const hasTemporary = [...relations.values()].some(entry => entry !== 'Dropped' && entry.persistence === 'Temporary')
  if (own?.tempSchema !== undefined || !hasTemporary) return own
  return { relation: () => undefined, functions: () => undefined, ...own, tempSchema: 'pg_temp' }
}

function schemasIn({ schemas }: Changes, catalog: Catalog, own: OwnObjects | undefined): Pick<Catalog, 'schema'> {
  return {
    schema: name => {
      const made = schemas.get(name)
      if (made === 'Made') return { oid: 0, name, usableBy: () => true }
      const entry = made ?? own?.schema?.(name) ?? catalog.schema(name)
      return entry === 'Dropped' ? undefined : entry
    },
  }
}

/** What came of a statement in each world, and what else may have. */
function after(history: History, facts: StatementFacts, catalog: Catalog, context: NameContext): History {
  const moved = history.worlds.flatMap(world => {
    const changes = changesAfter(world, facts, catalog, context)
    return pathsAfter(world.path, facts, context).map(path => ({ path, changes }))
  })
  const paths = distinctPaths([...history.paths, ...moved.map(world => world.path)])
  const changes = [...new Set([...history.changes, ...moved.map(world => world.changes)])]
  return {
    worlds: bounded(endOfTransaction(moved, { paths, changes }, facts, context), changes.length),
    paths,
    changes,
  }
}

function changesAfter(world: World, facts: StatementFacts, catalog: Catalog, context: NameContext): Changes {
  if (world.path === 'Unknown' || !changesNames(facts)) return world.changes
  const inside = contextIn(world, catalog, context)
  if (inside === undefined) return world.changes
  const result = resolve(facts, catalog, inside, overlayOf(world.changes))
  if ('refusal' in result) return world.changes
  const creation =
    inside.creation ?? makeLookup(catalog, inside).functionPath.find(schema => schema !== 'pg_catalog') ?? 'public'
  return changedBy(world.changes, result.resolved, creation)
}

function changesNames({ kind, relations, objects }: StatementFacts): boolean {
  if (relations.some(access => access.presence === 'Made')) return true
  const group = groupOf(kind)
  return relations.length + objects.length > 0 && (group === 'DDL' || group === 'Code')
}

/** The paths that may hold after a statement: SET for sure, set_config perhaps, other people's code: no one knows. */
function pathsAfter(path: Path, facts: StatementFacts, context: NameContext): readonly Path[] {
  if (bringsCode(facts)) return ['Unknown']
  let paths: readonly Path[] = [path]
  for (const { act, name, values, dynamic } of facts.settings) {
    if (act === 'Show' || !(name === 'search_path' || name === 'all' || name === 'schema') || keepsSettings(facts))
      continue
    const next: Path =
      dynamic === true ? 'Unknown' : values === undefined ? resetPath(context) : { setting: settingOf(facts, values) }
    paths = facts.kind === 'Set' || facts.kind === 'Reset' ? [next] : [...paths, next]
  }
  if (facts.control?.do === 'Discard' && facts.control.what === 'All') return [resetPath(context)]
  if (facts.control?.do === 'Discard' && facts.control.what === 'Temp' && context.own !== undefined) return ['Unknown']
  return paths
}

function resetPath({ resetSetting }: NameContext): Path {
  return resetSetting === undefined ? 'Unknown' : { setting: resetSetting }
}

/** SET takes a list of names, each as it is; set_config a text in which they are quoted or not. */
function settingOf({ kind }: StatementFacts, values: readonly string[]): string {
  if (values.includes(unknownValue)) return ''
  return kind === 'Set' ? values.map(value => quoteName([value])).join(', ') : values.join(', ')
}

/** SET clauses of functions, roles and databases are for later sessions and calls. */
function keepsSettings({ kind }: StatementFacts): boolean {
  return /^(Create|Alter)(Function|Procedure)$|^Alter(RoleSet|DatabaseSet|System)$/.test(kind)
}

/** What runs code that is not in this text, which may set anything (DO, CALL, what was prepared or declared earlier), or drops what it does not name. */
function bringsCode({ kind, control }: StatementFacts): boolean {
  return (
    kind === 'Do' ||
    kind === 'Call' ||
    kind === 'DropOwned' ||
    kind === 'ImportForeignSchema' ||
    control?.do === 'Execute' ||
    control?.do === 'Fetch'
  )
}

/** The end of a transaction may undo what was set LOCAL in it, and with ROLLBACK all that was made. */
function endOfTransaction(
  worlds: readonly World[],
  seen: Pick<History, 'paths' | 'changes'>,
  { control }: StatementFacts,
  context: NameContext,
): readonly World[] {
  const ends =
    control?.do === 'Commit' ||
    control?.do === 'Rollback' ||
    control?.do === 'RollbackTo' ||
    control?.do === 'PrepareTransaction'
  if (!ends) return worlds
  if (context.transactional === true) return worlds.map(({ changes }) => ({ path: 'Unknown', changes }))
  const changes = control?.do === 'Commit' ? [...new Set(worlds.map(world => world.changes))] : seen.changes
  return seen.paths.flatMap(path => changes.map(made => ({ path, changes: made })))
}

function hasNames({ relations, calls, types, selections, columns }: StatementFacts): boolean {
  return relations.length + calls.length + types.length + selections.length + columns.length > 0
}

/** A call of something that this text made: no catalog knows it yet. */
function callsChanged({ calls, columns, selections }: StatementFacts, { callables }: Changes): string | undefined {
  if (callables.size === 0) return undefined
  const names = [
    ...calls.map(call => call.name.at(-1)),
    ...columns.map(column => column.fields.at(-1)),
    ...selections.map(field => field.name),
  ]
  if (callables.has('*') && calls.length > 0) return 'functions that the same text brings in'
  const found = names.find(name => name !== undefined && callables.has(name))
  return found === undefined ? undefined : `"${found}", which the same text brings in`
}

/** A use of a relation of which this text has changed more than the name. */
function relationsChanged({ relations }: Resolved, { views, altered, moved, recoded }: Changes): Refused | undefined {
  for (const access of relations) {
    const key = keyOf(access)
    const writes = access.kind === 'Insert' || access.kind === 'Update' || access.kind === 'Delete'
    const cascades = access.kind === 'Update' || access.kind === 'Delete' || access.kind === 'Truncate'
    if (views.has(key) && (writes || access.kind === 'Select')) return alone(`view "${key}", which the same text makes`)
    if (moved.has(key) && (writes || cascades || access.kind === 'Select'))
      return alone(`"${key}", which the same text alters`)
    if ((recoded.has(key) && writes) || (altered.has(key) && cascades))
      return alone(`"${key}", which the same text alters`)
  }
  return undefined
}

function alone(what: string): Refused {
  return {
    refusal: {
      sqlState: '0A000',
      message: `a name in this statement depends on ${what}`,
      hint: 'Send the statement in a message of its own.',
      code: 'NotSupported',
    },
  }
}

/** All that is judged and sent of a statement, or why it is refused, as a text to compare. */
function meaningOf(resolution: Resolution): string {
  if ('refusal' in resolution) return JSON.stringify(resolution.refusal)
  const { relations, calls, splices } = resolution.resolved
  return JSON.stringify([
    relations.map(access => [
      access.schema,
      access.name,
      access.relation?.oid,
      access.kind,
      access.columns,
      access.reach,
    ]),
    calls.map(call => call.candidates.map(candidate => candidate.oid)),
    splices.map(({ span, text }) => [span.start, text]),
  ])
}

/** Each once: paths by their text, changes by identity (they are never changed). */
function distinctPaths(paths: readonly Path[]): readonly Path[] {
  const keyed = paths.map(path => [path === 'Unknown' ? path : (path.setting ?? ''), path] as const)
  return [...new Map(keyed.map(([text, path]) => [`${typeof path} ${text}`, path])).values()]
}

/** Too many worlds, or too many changes, are none: nothing is known of names from there on. */
function bounded(worlds: readonly World[], changes: number): readonly World[] {
  const [first] = worlds
  if (first === undefined || (worlds.length <= settings.maxNameWorlds && changes <= settings.maxNameChanges))
    return worlds
  return [{ ...first, path: 'Unknown' }]
}

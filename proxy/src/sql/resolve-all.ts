/**
 * A text of several statements: each sees what those before it made, renamed or dropped, and the search_path that they
 * set. Where there are several worlds (resolve-worlds.ts), every one is resolved, and all must agree. What cannot be told
 * at all is refused with the hint to send the statement alone: then the catalog and the session answer for it.
 */
import { settings } from '../settings.ts'
import type { Catalog } from './catalog.ts'
import { groupOf } from './kinds.ts'
import { type Refused, type Resolution, resolve } from './resolve.ts'
import { type Changes, changedBy, noChanges, overlayOf } from './resolve-changes.ts'
import { tooComplex } from './resolve-errors.ts'
import { makeLookup } from './resolve-lookup.ts'
import { distinctWorlds, firstWorld, type World, worldsAfter } from './resolve-worlds.ts'
import type { NameContext, OwnObjects, Resolved, SqlRefusal } from './resolved.ts'
import { searchPath } from './search-path.ts'
import type { StatementFacts } from './statement.ts'

/** What every name of every statement means. `statement` says which one was refused. */
export function resolveAll(
  statements: readonly StatementFacts[],
  catalog: Catalog,
  context: NameContext,
): { readonly resolved: readonly Resolved[] } | { readonly refusal: SqlRefusal; readonly statement: number } {
  const resolved: Resolved[] = []
  let behind = 0
  let worlds: readonly World[] = [firstWorld(context, noChanges)]
  for (const [statement, facts] of statements.entries()) {
    const results = worlds.map(world => resolveIn(world, facts, catalog, context))
    const agreed = agreement(results)
    if ('refusal' in agreed) return { refusal: agreed.refusal, statement }
    resolved.push(agreed.resolved)
    behind += agreed.resolved.relations.length - Math.min(agreed.resolved.relations.length, facts.relations.length)
    if (behind > settings.maxBehind) return { refusal: tooComplex(), statement }
    if (resolved.length < statements.length)
      worlds = distinctWorlds(
        worlds.flatMap((world, index) =>
          worldsAfter(world, changesAfter(world, results[index], catalog, context), facts, context),
        ),
      )
  }
  return { resolved }
}

function agreement([first, ...others]: readonly Resolution[]): Resolution {
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
  if (!hasNames(facts)) return resolve(facts, catalog, context)
  const inside = contextIn({ path, changes }, catalog, context)
  if (inside === undefined) return alone('the search_path')
  const changed = callsChanged(facts, changes)
  if (changed !== undefined) return alone(changed)
  const result = resolve(facts, catalog, inside, overlayOf(changes))
  if ('refusal' in result) return result
  return relationsChanged(result.resolved, changes) ?? result
}

/** Where names are looked up in a world; undefined where it cannot be told. */
function contextIn(
  { path, changes }: Pick<World, 'path' | 'changes'>,
  catalog: Catalog,
  context: NameContext,
): NameContext | undefined {
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
function ownIn({ temporary }: Changes, own: OwnObjects | undefined): OwnObjects | undefined {
  if (own?.tempSchema !== undefined || !temporary) return own
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

function changesAfter(
  { path, changes }: World,
  result: Resolution | undefined,
  catalog: Catalog,
  context: NameContext,
): Changes {
  if (result === undefined || 'refusal' in result || !changesNames(result.resolved.facts)) return changes
  const inside = contextIn({ path, changes }, catalog, context)
  if (inside === undefined) return changes
  const lookup = makeLookup(catalog, inside, overlayOf(changes))
  const creation = inside.creation ?? lookup.functionPath.find(schema => schema !== 'pg_catalog') ?? 'public'
  return changedBy(changes, result.resolved, lookup, creation)
}

function changesNames({ kind, relations, objects }: StatementFacts): boolean {
  if (relations.some(access => access.presence === 'Made')) return true
  const group = groupOf(kind)
  return relations.length + objects.length > 0 && (group === 'DDL' || group === 'Code')
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

/** A use of a relation of which this text has changed more than is known. */
function relationsChanged({ relations }: Resolved, { views, recoded }: Changes): Refused | undefined {
  if (views.size + recoded.size === 0) return undefined
  for (const { relation, kind, schema, name } of relations) {
    const writes = kind === 'Insert' || kind === 'Update' || kind === 'Delete'
    if (relation === undefined) continue
    if (views.has(relation.oid) && (writes || kind === 'Select'))
      return alone(`view "${schema}.${name}", which the same text makes`)
    if (recoded.has(relation.oid) && writes) return alone(`"${schema}.${name}", which the same text alters`)
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

/** Entering names into the facts: relations, columns, types, functions and operators, each with its exact bytes. */
import type { ColumnRef, Node, RangeVar, TypeName } from '@pgsql/types'
import { type Access, pointAt } from './collector.ts'
import { isLater } from './ctes.ts'
import type { Kind } from './kinds.ts'
import type { Call, ColumnMention, Name, RelationAccess, Span } from './statement.ts'
import { wordsSince } from './versions.ts'
import { type At, namesOf, visit, type Walk } from './walk.ts'

/** The parts of a RangeVar's name, as written. */
export function nameOf({ catalogname, schemaname, relname = '' }: RangeVar): Name {
  return [catalogname, schemaname, relname].filter(part => part !== undefined)
}

/** A relation named by a RangeVar, with the access made of it. Its index in `relations`. */
export function mentionRelation(
  walk: Walk,
  range: RangeVar,
  kind: Kind,
  at: At,
  more: Partial<RelationAccess> = {},
): number {
  const name = nameOf(range)
  const span = walk.found.source.nameAt(range.location ?? 0, name)
  if (span === undefined) walk.found.forbid('NotUnderstood', `the name ${name.join('.')}`, pointAt(range.location))
  return walk.found.relation({
    name,
    span: span ?? pointAt(range.location),
    kind,
    part: at.part,
    only: range.inh !== true,
    persistence: persistenceOf(range),
    alias: range.alias?.aliasname ?? range.relname ?? '',
    ...(name.length === 1 && at.later !== undefined && isLater(at.later, name[0] ?? '') ? { laterItem: true } : {}),
    ...more,
  })
}

function persistenceOf({ relpersistence }: RangeVar): RelationAccess['persistence'] {
  return relpersistence === 't' ? 'Temporary' : relpersistence === 'u' ? 'Unlogged' : 'Permanent'
}

/** A relation whose name has no place in the tree (DROP, COMMENT): found after that many words from `start`. */
export function mentionAfterWords(
  walk: Walk,
  name: Name,
  words: number,
  access: Omit<Access, 'name' | 'span'>,
  start?: number,
): number {
  const { source } = walk.found
  const from = source.skipWords(start ?? walk.found.facts.span.start, words)
  const span = from < 0 ? undefined : source.nameAt(from, name)
  if (span === undefined) walk.found.forbid('NotUnderstood', `the name ${name.join('.')}`)
  return walk.found.relation({ ...access, name, span: span ?? walk.found.here() })
}

/** A column reference; PostgreSQL's grammar writes some itself, and those have no bytes. */
export function mentionColumn(walk: Walk, { fields, location }: ColumnRef, at: At): void {
  const names = namesOf(fields)
  const star = names.at(-1) === '*' && fields?.at(-1) !== undefined && 'A_Star' in (fields.at(-1) as Node)
  addColumn(walk, names, star, columnSpan(walk, names, star, location), at)
}

/** A star as an entry of a SELECT list; `TABLE t` writes one that has no bytes. */
export function mentionListedStar(walk: Walk, { fields, location = -1 }: ColumnRef, at: At): void {
  const names = namesOf(fields)
  const end = location < 0 ? undefined : starEnd(walk, names, location)
  if (end === undefined) addColumn(walk, names, true, walk.found.here(), at)
  else addColumn(walk, names, true, { start: location, end }, at, { listed: true })
}

/** Past the star of `*` or `t.*`, if that is what is written at `location`. */
function starEnd(walk: Walk, names: readonly string[], location: number): number | undefined {
  const { source } = walk.found
  const qualifier = names.slice(0, -1)
  const named = source.nameAt(location, qualifier)
  const dotAt = named === undefined ? undefined : source.skipSpace(named.end)
  const at = qualifier.length === 0 ? location : dotAt === undefined ? -1 : source.skipSpace(dotAt + 1)
  return source.bytes[at] === star ? at + 1 : undefined
}

const star = 0x2a

export function addColumn(
  walk: Walk,
  fields: readonly string[],
  star: boolean,
  span: Span,
  at: At,
  more: Pick<ColumnMention, 'listed'> = {},
): void {
  const scope = at.scope ?? walk.found.scope([], undefined)
  walk.found.facts.columns.push({ fields, star, span, scope, part: at.part, ...more })
  noteNewRow(walk, fields, span, scope)
}

function columnSpan(walk: Walk, names: readonly string[], star: boolean, location: number | undefined): Span {
  if (location === undefined || location < 0) return walk.found.here()
  const named = star ? names.slice(0, -1) : names
  return walk.found.source.nameAt(location, named) ?? pointAt(location)
}

/** `old.x` and `new.x` in RETURNING: only 18 knows them, unless something in FROM is called so. */
function noteNewRow(walk: Walk, fields: readonly string[], span: Span, scope: number): void {
  const [first] = fields
  if (fields.length < 2 || (first !== 'old' && first !== 'new')) return
  const item = findItem(walk, first, scope)
  if (item?.row === 'Old' || item?.row === 'New')
    walk.found.facts.newer.push({ what: `RETURNING ${first}`, since: 18, span })
}

function findItem(walk: Walk, alias: string, scope: number) {
  for (let at: number | undefined = scope; at !== undefined; at = walk.found.facts.scopes[at]?.parent) {
    const item = walk.found.facts.scopes[at]?.items.find(candidate => candidate.alias === alias)
    if (item !== undefined) return item
  }
  return undefined
}

/** A type's name, and the constants in its parentheses. */
export function mentionType(walk: Walk, type: TypeName | undefined, at: At): void {
  if (type?.names === undefined) return
  const { name, span, since } = typeName(walk, type)
  const isArray = type.arrayBounds !== undefined
  walk.found.facts.types.push({
    name,
    span,
    location: Math.max(type.location ?? 0, 0),
    ...(since === undefined ? {} : { wordSince: since }),
    ...(isArray ? { isArray } : {}),
  })
  for (const modifier of type.typmods ?? []) if (!('ColumnRef' in modifier)) visit(walk, modifier, at) // geometry(Point): a word
}

function typeName(walk: Walk, { names, location, pct_type }: TypeName) {
  const written = namesOf(names)
  const name = pct_type === true ? written.slice(0, -1) : written
  const span = location === undefined || location < 0 ? undefined : walk.found.source.nameAt(location, written)
  if (span !== undefined) return { name, span, since: undefined }
  return { name, ...wordFor(walk, written, location ?? -1) }
}

/** The word for which the grammar wrote `pg_catalog.` itself, if it was an ordinary name once. */
function wordFor(walk: Walk, name: Name, location: number) {
  const word = name.length === 2 && name[0] === 'pg_catalog' ? name[1] : undefined
  const since = word === undefined ? undefined : wordsSince[word]
  const span =
    since === undefined || word === undefined || location < 0 ? undefined : walk.found.source.nameAt(location, [word])
  return { span: span ?? pointAt(location), since: span === undefined ? undefined : since }
}

/** A cast to a type: the type's name, and a call of whatever casts to it. */
export function mentionCast(walk: Walk, type: TypeName | undefined, at: At): void {
  mentionType(walk, type, at)
  if (type?.names === undefined) return
  const { name, since } = typeName(walk, type)
  const location = Math.max(type.location ?? 0, 0)
  addCall(walk, {
    form: 'Cast',
    name,
    arity: 1,
    loose: false,
    location,
    part: at.part,
    ...(since === undefined ? {} : { wordSince: since }),
  })
}

/** A function by the name that the tree gives it; it can be qualified where that name is what is written. */
export function mentionFunction(
  walk: Walk,
  name: Name,
  arity: number,
  loose: boolean,
  location: number | undefined,
  at: At,
): void {
  const place = Math.max(location ?? 0, 0)
  const span = location === undefined ? undefined : walk.found.source.nameAt(place, name)
  const word = span === undefined ? wordFor(walk, name, location ?? -1) : undefined
  addCall(walk, {
    form: 'Function',
    name,
    arity,
    loose,
    location: place,
    part: at.part,
    ...(span !== undefined ? { span } : word?.since !== undefined ? { span: word.span, wordSince: word.since } : {}),
  })
}

/** An operator. `written`: its own characters stand at `location`; otherwise syntax implies it. */
export function mentionOperator(walk: Walk, name: Name, arity: number, location: number | undefined, at: At): void {
  const place = Math.max(location ?? 0, 0)
  const span = operatorSpan(walk, name, place)
  addCall(walk, {
    form: 'Operator',
    name,
    arity,
    loose: false,
    location: place,
    part: at.part,
    ...(span === undefined ? {} : { span }),
  })
}

function operatorSpan(walk: Walk, name: Name, start: number): Span | undefined {
  const [operator = ''] = name
  if (name.length > 1) return undefined // OPERATOR(schema.+) is qualified already
  const length = new TextEncoder().encode(operator).length
  const text = walk.found.source.slice(start, start + length)
  return text === operator || (operator === '<>' && text === '!=') ? { start, end: start + length } : undefined
}

export function addCall(walk: Walk, call: Call): void {
  walk.found.facts.calls.push(call)
}

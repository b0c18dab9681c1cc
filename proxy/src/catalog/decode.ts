/** From packed rows to the entries of `sql/catalog.ts`. Letters are those of the system catalogs' columns. */
import {
  type CastEntry,
  type ForeignKeyAction,
  type FunctionEntry,
  firstUserOid,
  type OperatorEntry,
  type RelationEntry,
  type RelationSort,
  type TypeEntry,
} from '../sql/catalog.ts'
import { arrayElements, oidElements, unpack } from './pack.ts'
import type { Item } from './shelf.ts'
import { typeName } from './type-name.ts'

/** What a relation is linked to, each as the text of state.ts. */
export interface RelationLinks {
  readonly children: string
  readonly parents: string
  readonly reads: string
  readonly readBy: string
  readonly referencedBy: string
  readonly rules: string
}

export function relationEntry(item: Item, links: RelationLinks): RelationEntry {
  const [kind, persistence, owner, names, types] = unpack(item.text)
  const owned = owner ?? (kind === 't' ? toastOwner(item.name) : undefined)
  const typeOids = oidElements(types ?? null)
  return {
    oid: item.oid,
    schema: item.schema,
    name: item.name,
    sort: relationSorts[kind ?? ''] ?? unknown('relkind', kind),
    persistence: persistences[persistence ?? ''] ?? unknown('relpersistence', persistence),
    columns: arrayElements(names ?? null).map((name, place) => ({ name, type: typeOids[place] ?? 0 })),
    children: oids(links.children),
    parents: oids(links.parents),
    reads: oids(links.reads),
    readBy: oids(links.readBy),
    referencedBy: parts(links.referencedBy).map(reference),
    rules: parts(links.rules).flatMap(event => ruleEvents[event] ?? []),
    isSystem: item.oid < firstUserOid || systemSchemas.has(item.schema),
    ...(owned === undefined ? {} : { owner: Number(owned) }),
  }
}

export function functionEntry(item: Item, extension: string | undefined): FunctionEntry {
  const [kind, args, defaults, variadic] = unpack(item.text)
  const types = arrayElements(args ?? null)
  const isVariadic = variadic === 't'
  return {
    oid: item.oid,
    schema: item.schema,
    name: item.name,
    sort: functionSorts[kind ?? ''] ?? unknown('prokind', kind),
    // VARIADIC takes elements: the last type is printed without its brackets.
    args: types.map((type, place) => argumentName(type, isVariadic && place === types.length - 1)),
    defaults: Number(defaults),
    variadic: isVariadic,
    ...(extension === undefined ? {} : { extension }),
  }
}

// As definitions.ts writes it: `t6.publice30` is an array of public.e30. Characters are code points there.
export function argumentName(text: string, asElement: boolean): string {
  const dot = text.indexOf('.')
  const names = [...text.slice(dot + 1)]
  const length = Number(text.slice(1, dot))
  return typeName(names.slice(0, length).join(''), names.slice(length).join(''), text.startsWith('t') && !asElement)
}

export function operatorEntry(item: Item, extension: string | undefined): OperatorEntry {
  const [left, right, code] = unpack(item.text)
  return {
    oid: item.oid,
    schema: item.schema,
    name: item.name,
    right: right ?? '',
    function: Number(code),
    ...(left == null ? {} : { left }),
    ...(extension === undefined ? {} : { extension }),
  }
}

export function typeEntry(item: Item, extension: string | undefined): TypeEntry {
  const [kind, relation, element] = unpack(item.text)
  return {
    oid: item.oid,
    schema: item.schema,
    name: item.name,
    sort: typeSorts[kind ?? ''] ?? unknown('typtype', kind),
    ...(Number(relation) === 0 ? {} : { relation: Number(relation) }),
    ...(Number(element) === 0 ? {} : { element: Number(element) }),
    ...(extension === undefined ? {} : { extension }),
  }
}

export function castEntry(item: Item): CastEntry {
  const [source, code, context] = unpack(item.text)
  const sort = castContexts[context ?? ''] ?? unknown('castcontext', context)
  return { source: Number(source), target: Number(item.name), function: Number(code), context: sort }
}

function parts(text: string): readonly string[] {
  return text === '' ? [] : text.split(',')
}

function oids(text: string): readonly number[] {
  return parts(text).map(Number)
}

function reference(text: string): RelationEntry['referencedBy'][number] {
  const [onDelete, onUpdate] = [text.at(-2) ?? '', text.at(-1) ?? '']
  return {
    oid: Number(text.slice(0, -2)),
    onDelete: actions[onDelete] ?? unknown('confdeltype', onDelete),
    onUpdate: actions[onUpdate] ?? unknown('confupdtype', onUpdate),
  }
}

// pg_toast_16384 and pg_toast_16384_index carry the oid of the table they serve.
function toastOwner(name: string): string | undefined {
  return /^pg_toast_(\d+)$/u.exec(name)?.[1]
}

/** A letter that no server from 15 to 18 writes: what we do not know we do not describe. */
function unknown(column: string, letter: unknown): never {
  throw new Error(`${column} ${JSON.stringify(letter)} is not known`)
}

const systemSchemas: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast'])

const relationSorts: Readonly<Record<string, RelationSort>> = {
  r: 'Table',
  p: 'Partitioned',
  v: 'View',
  m: 'MaterializedView',
  i: 'Index',
  I: 'Index',
  S: 'Sequence',
  f: 'ForeignTable',
  c: 'CompositeType',
  t: 'Toast',
}
const persistences: Readonly<Record<string, RelationEntry['persistence']>> = {
  p: 'Permanent',
  t: 'Temporary',
  u: 'Unlogged',
}
const functionSorts: Readonly<Record<string, FunctionEntry['sort']>> = {
  f: 'Function',
  p: 'Procedure',
  a: 'Aggregate',
  w: 'Window',
}
const typeSorts: Readonly<Record<string, TypeEntry['sort']>> = {
  b: 'Base',
  c: 'Composite',
  d: 'Domain',
  e: 'Enum',
  r: 'Range',
  m: 'Multirange',
  p: 'Pseudo',
}
const castContexts: Readonly<Record<string, CastEntry['context']>> = { e: 'Explicit', a: 'Assignment', i: 'Implicit' }
const actions: Readonly<Record<string, ForeignKeyAction>> = {
  a: 'NoAction',
  r: 'Restrict',
  c: 'Cascade',
  n: 'SetNull',
  d: 'SetDefault',
}
/** pg_rewrite.ev_type: 2 UPDATE, 3 INSERT, 4 DELETE. 1 is a SELECT rule, which only views have. */
const ruleEvents: Readonly<Record<string, 'Insert' | 'Update' | 'Delete'>> = { 2: 'Update', 3: 'Insert', 4: 'Delete' }

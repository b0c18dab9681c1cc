/**
 * The functions, operators, types and casts of pg_catalog, from `builtins.generated.json` (tools/builtins.ts). For
 * catalogs that no server fills: policy tests. A gateway asks its own server.
 */
import table from './builtins.generated.json' with { type: 'json' }
import type { CastEntry, FunctionEntry, OperatorEntry, ServerMajor, TypeEntry } from './catalog.ts'

export interface Builtins {
  readonly functions: readonly FunctionEntry[]
  readonly operators: readonly OperatorEntry[]
  readonly types: readonly TypeEntry[]
  readonly casts: readonly CastEntry[]
}

type Span = readonly [since: number, until: number]
type TypeRow = readonly [oid: number, name: string, sort: string, relation: number, element: number, ...Span]
type FunctionRow = readonly [
  oid: number,
  name: string,
  sort: string,
  args: readonly string[],
  defaults: number,
  variadic: number,
  ...Span,
]
type OperatorRow = readonly [oid: number, name: string, left: string, right: string, function_: number, ...Span]
type CastRow = readonly [source: number, target: number, function_: number, context: string, ...Span]

const rows = table as unknown as {
  readonly types: readonly TypeRow[]
  readonly functions: readonly FunctionRow[]
  readonly operators: readonly OperatorRow[]
  readonly casts: readonly CastRow[]
}

const known = new Map<ServerMajor, Builtins>()

/** What a server of that version has in pg_catalog before anybody adds to it. */
export function builtins(server: ServerMajor): Builtins {
  const found = known.get(server) ?? read(server)
  known.set(server, found)
  return found
}

function read(server: ServerMajor): Builtins {
  const has = (row: readonly unknown[]) => server >= Number(row.at(-2)) && server <= Number(row.at(-1))
  return {
    functions: rows.functions.filter(has).map(functionEntry),
    operators: rows.operators.filter(has).map(operatorEntry),
    types: rows.types.filter(has).map(typeEntry),
    casts: rows.casts.filter(has).map(castEntry),
  }
}

function functionEntry([oid, name, sort, args, defaults, variadic]: FunctionRow): FunctionEntry {
  const sorts = { p: 'Procedure', a: 'Aggregate', w: 'Window' } as const
  const last = args.at(-1) ?? ''
  const given = variadic === 1 && last.endsWith('[]') ? [...args.slice(0, -1), last.slice(0, -2)] : args
  const known = sort === 'p' || sort === 'a' || sort === 'w' ? sorts[sort] : 'Function'
  return { oid, schema: 'pg_catalog', name, sort: known, args: given, defaults, variadic: variadic === 1 }
}

function operatorEntry([oid, name, left, right, function_]: OperatorRow): OperatorEntry {
  return { oid, schema: 'pg_catalog', name, right, function: function_, ...(left === '' ? {} : { left }) }
}

function typeEntry([oid, name, sort, relation, element]: TypeRow): TypeEntry {
  const sorts: Readonly<Record<string, TypeEntry['sort']>> = {
    c: 'Composite',
    d: 'Domain',
    e: 'Enum',
    r: 'Range',
    m: 'Multirange',
    p: 'Pseudo',
  }
  return {
    oid,
    schema: 'pg_catalog',
    name,
    sort: sorts[sort] ?? 'Base',
    ...(relation === 0 ? {} : { relation }),
    ...(element === 0 ? {} : { element }),
  }
}

function castEntry([source, target, function_, context]: CastRow): CastEntry {
  return {
    source,
    target,
    function: function_,
    context: context === 'i' ? 'Implicit' : context === 'a' ? 'Assignment' : 'Explicit',
  }
}

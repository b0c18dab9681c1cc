/**
 * Resolved statements written in a line each, for tests of the rules alone: `Update public.orders`, `behind Select
 * public.orders`, `part 1: Delete public.orders`. What real SQL resolves to is tested in `decide-sql.test.ts`.
 */
import type { FunctionEntry, RelationEntry } from '../../sql/catalog.ts'
import { isKind, type Kind } from '../../sql/kinds.ts'
import type { Resolved, ResolvedAccess, ResolvedCall } from '../../sql/resolved.ts'
import type { Part, StatementFacts } from '../../sql/statement.ts'
import { makeFacts } from '../../sql/test/facts.ts'
import { isSystemSchema } from '../name-pattern.ts'

export interface Written {
  readonly kind?: Kind
  readonly accesses?: readonly string[]
  /** `pg_catalog.lower(text)`; with `extension:` in front, of that extension. */
  readonly calls?: readonly string[]
  readonly parts?: readonly Part[]
  readonly facts?: Partial<StatementFacts>
  /** Columns of every access; all unless told. */
  readonly columns?: readonly string[]
}

/** The kind of the statement is that of its first access, unless told. */
export function statement(written: Written): Resolved {
  const relations = (written.accesses ?? []).map(line => access(line, written.columns ?? 'All'))
  const kind = written.kind ?? relations[0]?.kind ?? 'Select'
  const parts = written.parts ?? [{ kind, hasWhere: false, hasLimit: false }]
  return {
    facts: makeFacts({ kind, parts, ...written.facts }),
    relations,
    calls: (written.calls ?? []).map(call),
    splices: [],
  }
}

function access(line: string, columns: ResolvedAccess['columns']): ResolvedAccess {
  const [, part = '0', behind, kind = '', schema = '', name = ''] =
    /^(?:part (\d+): )?(behind )?(\w+) ([^.]+)\.(.+)$/.exec(line) ?? []
  if (!isKind(kind)) throw new Error(`not an access: ${line}`)
  return {
    schema,
    name,
    relation: relation(schema, name),
    kind,
    part: Number(part),
    span: { start: 7, end: 10 },
    isSystem: isSystemSchema(schema),
    isTemporary: schema.startsWith('pg_temp'),
    columns,
    reach: behind === undefined ? 'Named' : 'Behind',
  }
}

function relation(schema: string, name: string): RelationEntry {
  const none = { columns: [], children: [], parents: [], reads: [], readBy: [], referencedBy: [], rules: [] } as const
  return { oid: 1, schema, name, sort: 'Table', persistence: 'Permanent', isSystem: isSystemSchema(schema), ...none }
}

function call(line: string): ResolvedCall {
  const candidates = line.split(' or ').map(functionEntry)
  return { form: 'Function', written: candidates[0]?.name ?? '', candidates, location: 3, part: 0 }
}

function functionEntry(line: string): FunctionEntry {
  const [, extension, schema = '', name = '', args = ''] = /^(?:(\S+):)?([^.]+)\.([^(]+)\((.*)\)$/.exec(line) ?? []
  return {
    oid: 1,
    schema,
    name,
    sort: 'Function',
    args: args === '' ? [] : args.split(', '),
    defaults: 0,
    variadic: false,
    ...(extension === undefined ? {} : { extension }),
  }
}

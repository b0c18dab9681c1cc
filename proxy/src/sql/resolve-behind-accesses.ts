/** Gathers what lies behind all mentions of a statement: each relation once for every kind and part. */
import { settings } from '../settings.ts'
import type { RelationEntry } from './catalog.ts'
import { findBehind } from './resolve-behind.ts'
import { tooComplex } from './resolve-errors.ts'
import type { Lookup } from './resolve-lookup.ts'
import type { ResolvedAccess, SqlRefusal } from './resolved.ts'
import type { RelationAccess } from './statement.ts'

export class BehindAccesses {
  readonly #lookup: Lookup
  readonly #found = new Map<RelationEntry, ResolvedAccess[]>()
  readonly #done = new Set<string>()
  #looked = 0

  constructor(lookup: Lookup) {
    this.#lookup = lookup
  }

  /** What lies behind one mention; nothing behind what is made or absent. */
  add(access: RelationAccess, named: ResolvedAccess): { readonly refusal: SqlRefusal } | undefined {
    if (named.relation === undefined || standsAlone(named.relation)) return undefined
    const key = keyOf(access, named)
    if (this.#done.has(key)) return undefined
    this.#done.add(key)
    const behind = findBehind(named.relation, access, this.#lookup)
    if ('refusal' in behind) return behind
    const { part, span, columns } = named
    for (const { relation, kind, sameColumns } of behind)
      this.#enter(relation, { kind, part, span, columns: sameColumns ? columns : 'All' })
    this.#looked += behind.length
    return this.#looked > settings.maxBehind ? { refusal: tooComplex() } : undefined
  }

  accesses(): readonly ResolvedAccess[] {
    return [...this.#found.values()].flat()
  }

  #enter(relation: RelationEntry, like: Pick<ResolvedAccess, 'kind' | 'part' | 'span' | 'columns'>): void {
    const those = this.#found.get(relation)
    const at = those?.findIndex(({ kind, part }) => kind === like.kind && part === like.part) ?? -1
    const known = those?.[at]
    if (those !== undefined && known !== undefined) {
      those[at] = { ...known, columns: both(known.columns, like.columns) }
      return
    }
    const { schema, name, isSystem } = relation
    const isTemporary = relation.persistence === 'Temporary'
    const { kind, part, span, columns } = like
    const access = {
      schema,
      name,
      relation,
      kind,
      part,
      span,
      isSystem,
      isTemporary,
      columns,
      reach: 'Behind',
    } as const
    if (those === undefined) this.#found.set(relation, [access])
    else those.push(access)
  }
}

function keyOf({ kind, part, only, cascade }: RelationAccess, { schema, name, columns }: ResolvedAccess): string {
  const read = columns === 'All' ? columns : `${columns.length}${columns.join('\0')}`
  return `${kind} ${part} ${only} ${cascade} ${schema}\0${name}\0${read}`
}

/** Most relations have nothing behind them. */
function standsAlone({ children, reads, readBy, referencedBy, rules, owner }: RelationEntry): boolean {
  const links = children.length + reads.length + readBy.length + referencedBy.length + rules.length
  return links === 0 && owner === undefined
}

function both(some: ResolvedAccess['columns'], more: ResolvedAccess['columns']): ResolvedAccess['columns'] {
  return some === 'All' || more === 'All' ? 'All' : [...new Set([...some, ...more])]
}

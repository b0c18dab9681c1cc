/**
 * Which columns of each relation the statement may mean. Scopes are followed outwards, and a name counts for every
 * relation that has such a column: PostgreSQL would take the nearest or call it ambiguous, so this can only be too much.
 *
 *   *, t.*              all columns
 *   t                   the whole row, if t is an alias
 *   t.f                 column f; or else the whole row, and function f is called with it
 *   f                   column f of whatever has one
 */
import { settings } from '../settings.ts'
import type { RelationEntry } from './catalog.ts'
import { tooComplex } from './resolve-errors.ts'
import type { Lookup } from './resolve-lookup.ts'
import type { FoundRelation } from './resolve-relations.ts'
import { expandStar } from './resolve-stars.ts'
import type { Splice, SqlRefusal } from './resolved.ts'
import type { Call, ColumnMention, RelationAccess, Scope, ScopeItem, StatementFacts } from './statement.ts'

export type Columns = readonly string[] | 'All'

export interface ColumnsResult {
  /** In the order of `facts.relations`. */
  readonly columns: readonly Columns[]
  /** `t.f` where t has no column f: f may be a function. */
  readonly calls: readonly Call[]
  /** Stars written as lists. */
  readonly splices: readonly Splice[]
}

export function findColumns(
  facts: StatementFacts,
  found: readonly FoundRelation[],
  lookup: Lookup,
): ColumnsResult | { readonly refusal: SqlRefusal } {
  const marks = new Marks(facts, found)
  const visible = new Visible(facts.scopes)
  const calls: Call[] = []
  const splices: Splice[] = []
  let expanded = 0
  for (const mention of facts.columns) {
    const inSight = visible.from(mention.scope)
    const star = mention.listed === true ? expandStar(mention, facts, found, lookup) : undefined
    const call = star === undefined ? markMention(mention, facts, inSight, marks) : undefined
    if (call !== undefined) calls.push(call)
    if (star !== undefined) {
      splices.push(star.splice)
      expanded += star.splice.text.length
      for (const { item, columns } of star.read) marks.columnsOf(item, columns)
    }
    if (visible.lookups > settings.maxColumnLookups || expanded > settings.maxExpandedLength)
      return { refusal: tooComplex() }
  }
  return { columns: facts.relations.map((_, index) => marks.columns(index)), calls, splices }
}

function markMention(mention: ColumnMention, facts: StatementFacts, visible: InSight, marks: Marks): Call | undefined {
  const [qualifier, name] = [mention.fields.at(-2), mention.fields.at(-1)]
  if (mention.star) {
    const meant = qualifier === undefined ? (facts.scopes[mention.scope]?.items ?? []) : named(qualifier, visible)
    for (const item of meant.length > 0 ? meant : visible.items) marks.all(item)
    return undefined
  }
  if (name === undefined) return undefined
  if (qualifier !== undefined) return markQualified(mention, qualifier, name, visible, marks)
  for (const item of visible.items) {
    if (item.alias === name) marks.all(item)
    else marks.column(item, name)
  }
  return undefined
}

function markQualified(
  mention: ColumnMention,
  qualifier: string,
  name: string,
  visible: InSight,
  marks: Marks,
): Call | undefined {
  const meant = named(qualifier, visible)
  // The alias of a join stands for what it joins.
  const items = meant.some(item => item.relation !== undefined) ? meant : visible.items
  let missing = meant.length === 0
  for (const item of items) if (!marks.column(item, name) && item.alias === qualifier) missing = true
  if (!missing) return undefined
  for (const item of meant) marks.all(item)
  return { form: 'Function', name: [name], arity: 1, loose: false, location: mention.span.start, part: mention.part }
}

/** The items that a mention sees. */
interface InSight {
  readonly items: readonly ScopeItem[]
  /** By alias; filled as they are asked for. */
  readonly named: Map<string, readonly ScopeItem[]>
}

function named(qualifier: string, { items, named: known }: InSight): readonly ScopeItem[] {
  const found = known.get(qualifier) ?? items.filter(item => item.alias === qualifier)
  known.set(qualifier, found)
  return found
}

/** The items of a scope and of all around it; counts what is looked at. */
class Visible {
  lookups = 0
  readonly #scopes: readonly Scope[]
  #last: { readonly scope: number; readonly inSight: InSight } | undefined

  constructor(scopes: readonly Scope[]) {
    this.#scopes = scopes
  }

  from(scope: number): InSight {
    if (this.#last?.scope !== scope) this.#last = { scope, inSight: { items: this.#around(scope), named: new Map() } }
    this.lookups += this.#last.inSight.items.length
    return this.#last.inSight
  }

  #around(index: number): readonly ScopeItem[] {
    const items: ScopeItem[] = []
    let scope = this.#scopes[index]
    while (scope !== undefined) {
      this.lookups++
      for (const item of scope.items) items.push(item)
      scope = scope.parent === undefined ? undefined : this.#scopes[scope.parent]
    }
    return items
  }
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

/** Collects, mention by mention, what is meant of each relation. */
class Marks {
  readonly #facts: StatementFacts
  readonly #found: readonly FoundRelation[]
  readonly #marks: (Set<string> | 'All')[]
  readonly #mentions: ReadonlyMap<number, readonly number[]>
  /** By item where an alias list renames columns, by relation otherwise. */
  readonly #names = new Map<ScopeItem | RelationEntry, ReadonlyMap<string, string>>()

  constructor(facts: StatementFacts, found: readonly FoundRelation[]) {
    this.#facts = facts
    this.#found = found
    this.#marks = facts.relations.map(initial)
    this.#mentions = Map.groupBy(facts.relations.keys(), index => facts.relations[index]?.span.start ?? 0)
  }

  columns(index: number): Columns {
    const mark = this.#marks[index] ?? 'All'
    return mark === 'All' ? 'All' : [...mark]
  }

  all({ relation }: ScopeItem): void {
    if (relation !== undefined) this.#mark(relation, 'All')
  }

  /** Those columns, by the relation's own names. */
  columnsOf(item: ScopeItem, columns: Columns): void {
    if (columns === 'All') this.all(item)
    else if (item.relation !== undefined) for (const column of columns) this.#mark(item.relation, column)
  }

  /** Marks the column if the item has it, and says whether it has. */
  column(item: ScopeItem, name: string): boolean {
    if (item.relation === undefined) return item.columns?.includes(name) === true
    const relation = this.#found[item.relation]?.relation
    // What the statement makes, and what an earlier one in the text made: its columns are not known.
    if (relation === undefined || relation.columns.length === 0) {
      this.#mark(item.relation, 'All')
      return relation === undefined || systemColumns.has(name)
    }
    const column = this.#namesOf(item, relation).get(name) ?? (systemColumns.has(name) ? name : undefined)
    if (column !== undefined) this.#mark(item.relation, column)
    return column !== undefined
  }

  /** Aliases rename columns from the left: `FROM t AS x (a, b)`. */
  #namesOf(item: ScopeItem, relation: RelationEntry): ReadonlyMap<string, string> {
    const key = item.columns === undefined ? relation : item
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const names = new Map(relation.columns.map(({ name }, at) => [item.columns?.[at] ?? name, name]))
    this.#names.set(key, names)
    return names
  }

  /** The mention and, for the target of a write, every other access made of the same mention. */
  #mark(index: number, column: string): void {
    const start = this.#facts.relations[index]?.span.start
    for (const other of start === undefined ? [] : (this.#mentions.get(start) ?? [])) {
      const mark = this.#marks[other]
      const kind = this.#facts.relations[other]?.kind
      if (mark === undefined || mark === 'All') continue
      if (column === 'All') this.#marks[other] = 'All'
      else if (kind === 'Select' || kind === 'Lock') mark.add(column)
    }
  }
}

/** Reads begin with no column, writes with those that they list; of any other access all columns count. */
function initial({ kind, listedColumns }: RelationAccess): Set<string> | 'All' {
  if (listedColumns !== undefined) return new Set(listedColumns)
  return kind === 'Select' || kind === 'Update' ? new Set() : 'All'
}

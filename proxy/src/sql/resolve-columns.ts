/**
 * Which columns of each relation the statement may mean. Scopes are followed outwards, and a name counts for every
 * relation that has such a column: PostgreSQL would take the nearest or call it ambiguous, so this can only be too much.
 *
 *   *, t.*              all columns
 *   t                   the whole row, if t is an alias
 *   t.f                 column f; or else the whole row, and function f is called with it
 *   f                   column f of whatever has one
 */
import type { RelationEntry } from './catalog.ts'
import type { FoundRelation } from './resolve-relations.ts'
import type { Call, ColumnMention, Scope, ScopeItem, StatementFacts } from './statement.ts'

export type Columns = readonly string[] | 'All'

export interface ColumnsResult {
  /** In the order of `facts.relations`. */
  readonly columns: readonly Columns[]
  /** `t.f` where t has no column f: f may be a function. */
  readonly calls: readonly Call[]
}

export function findColumns(facts: StatementFacts, found: readonly FoundRelation[]): ColumnsResult {
  const marks = new Marks(facts, found)
  const calls: Call[] = []
  for (const mention of facts.columns) calls.push(...markMention(mention, facts, marks))
  return { columns: facts.relations.map((_, index) => marks.columns(index)), calls }
}

function markMention(mention: ColumnMention, facts: StatementFacts, marks: Marks): readonly Call[] {
  const visible = visibleFrom(mention.scope, facts.scopes)
  const [qualifier, name] = [mention.fields.at(-2), mention.fields.at(-1)]
  if (mention.star) {
    const meant = qualifier === undefined ? (facts.scopes[mention.scope]?.items ?? []) : named(qualifier, visible)
    for (const item of meant.length > 0 ? meant : visible) marks.all(item)
    return []
  }
  if (name === undefined) return []
  if (qualifier !== undefined) return markQualified(mention, qualifier, name, visible, marks)
  for (const item of visible) {
    if (item.alias === name) marks.all(item)
    else marks.column(item, name)
  }
  return []
}

function markQualified(
  mention: ColumnMention,
  qualifier: string,
  name: string,
  visible: readonly ScopeItem[],
  marks: Marks,
): readonly Call[] {
  const meant = named(qualifier, visible)
  // The alias of a join stands for what it joins.
  const items = meant.some(item => item.relation !== undefined) ? meant : visible
  let missing = meant.length === 0
  for (const item of items) if (!marks.column(item, name) && meant.includes(item)) missing = true
  if (!missing) return []
  for (const item of meant) marks.all(item)
  return [{ form: 'Function', name: [name], arity: 1, loose: false, location: mention.span.start, part: mention.part }]
}

function named(qualifier: string, visible: readonly ScopeItem[]): readonly ScopeItem[] {
  return visible.filter(item => item.alias === qualifier)
}

/** The items of a scope and of all around it. */
function visibleFrom(index: number, scopes: readonly Scope[]): readonly ScopeItem[] {
  const items: ScopeItem[] = []
  for (
    let scope = scopes[index];
    scope !== undefined;
    scope = scope.parent === undefined ? undefined : scopes[scope.parent]
  ) {
    items.push(...scope.items)
  }
  return items
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

/** Collects, mention by mention, what is meant of each relation. */
class Marks {
  readonly #facts: StatementFacts
  readonly #found: readonly FoundRelation[]
  readonly #marks: (Set<string> | 'All')[]

  constructor(facts: StatementFacts, found: readonly FoundRelation[]) {
    this.#facts = facts
    this.#found = found
    this.#marks = facts.relations.map(access => initial(access))
  }

  columns(index: number): Columns {
    const mark = this.#marks[index] ?? 'All'
    return mark === 'All' ? 'All' : [...mark]
  }

  all({ relation }: ScopeItem): void {
    if (relation !== undefined) this.#mark(relation, 'All')
  }

  /** Marks the column if the item has it, and says whether it has. */
  column(item: ScopeItem, name: string): boolean {
    if (item.relation === undefined) return item.columns?.includes(name) === true
    const relation = this.#found[item.relation]?.relation
    if (relation === undefined || relation.columns.length === 0) {
      this.#mark(item.relation, 'All')
      return relation === undefined || systemColumns.has(name)
    }
    const column = realName(relation, item, name)
    if (column !== undefined) this.#mark(item.relation, column)
    return column !== undefined
  }

  /** The mention and, for the target of a write, every other access made of the same mention. */
  #mark(index: number, column: string): void {
    const target = this.#facts.relations[index]
    for (const [other, access] of this.#facts.relations.entries()) {
      const same = other === index || access.span.start === target?.span.start
      const mark = this.#marks[other]
      if (!same || mark === undefined || mark === 'All') continue
      if (column === 'All') this.#marks[other] = 'All'
      else if (access.kind === 'Select' || access.kind === 'Lock') mark.add(column)
    }
  }
}

/** Reads begin with no column, writes with those that they list; of any other access all columns count. */
function initial({ kind, listedColumns }: StatementFacts['relations'][number]): Set<string> | 'All' {
  if (listedColumns !== undefined) return new Set(listedColumns)
  return kind === 'Select' || kind === 'Update' ? new Set() : 'All'
}

/** Aliases rename columns from the left: `FROM t AS x (a, b)`. */
function realName({ columns }: RelationEntry, item: ScopeItem, name: string): string | undefined {
  const index = columns.findIndex((column, at) => (item.columns?.[at] ?? column.name) === name)
  return columns[index]?.name ?? (systemColumns.has(name) ? name : undefined)
}

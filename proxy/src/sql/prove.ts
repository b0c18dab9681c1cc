/**
 * Splice, then prove: the edited text was parsed again, and its tree must be the old one with exactly the declared edits
 * made to it. Two trees are walked side by side; where the node that an edit belongs to is met, its name must have
 * gained its schema; everywhere else nothing but locations may differ; and every edit must have been met once.
 *
 * An edit belongs to the node at its span's first byte; the grammar copies some nodes (`SET (a, b) = (SELECT …)`, the
 * arguments of a function that is named), and then to each that has that place. Names in DROP, COMMENT and the like have no location of their
 * own: such edits are taken in the order of the text. Either way an unexpected difference, or an edit left over, is a
 * problem, and the statement is refused.
 */
import type { Splice, StarColumn } from './resolved.ts'

type Node = { readonly [key: string]: unknown }

/** `before` and `after` are parse trees as plain objects; locations in `before` are those that the splices name. */
export function proveSpliced(
  before: unknown,
  after: unknown,
  splices: readonly Splice[],
): true | { readonly problem: string } {
  const edits = new Edits(splices)
  // A stack of our own, in the order of the text: trees of long expressions are deeper than JavaScript's.
  const pending: Pair[] = [{ before, after, at: 'the tree', settled: false }]
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const below = compare(pair, edits)
    if (below === undefined) return { problem: `${pair.at} differs` }
    for (const next of below.toReversed()) pending.push(next)
  }
  return edits.leftOver() ?? true
}

/** Two values that must be the same. `settled`: no edit may be made any more at or below this place. */
interface Pair {
  readonly before: unknown
  readonly after: unknown
  readonly at: string
  readonly settled: boolean
}

/** What below the two remains to be compared; undefined if they differ. */
function compare(pair: Pair, edits: Edits): readonly Pair[] | undefined {
  const { before, after } = pair
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, pair, edits)
  if (isNode(before) && isNode(after)) return compareNodes(before, after, pair, edits)
  return Object.is(before, after) ? [] : undefined
}

function compareNodes(before: Node, after: Node, { settled }: Pair, edits: Edits): readonly Pair[] {
  const expected = settled ? before : edited(before, edits)
  const hasLocation = typeof before.location === 'number'
  const keys = Object.keys(expected)
  for (const key of Object.keys(after)) if (!Object.hasOwn(expected, key)) keys.push(key)
  return keys
    .filter(key => !(isLocation(key, expected[key]) && isLocation(key, after[key])))
    .map(key => ({
      before: expected[key],
      after: after[key],
      at: key,
      // A name whose node has a location was edited above, if it was to be: nothing more may be added to it.
      settled: settled || (hasLocation && nameKeys.has(key)),
    }))
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  { at, settled }: Pair,
  edits: Edits,
): readonly Pair[] | undefined {
  if (!settled && after.length === before.length + 1 && isName(before) && isName(after)) {
    const added = edits.next(stringOf(after[0]), stringOf(before[0]))
    return added === undefined ? undefined : [{ before, after: after.slice(1), at, settled: true }]
  }
  const expected = at === 'targetList' && !settled ? before.flatMap(target => expanded(target, edits)) : before
  if (expected.length !== after.length) return undefined
  return expected.map((element, index) => ({ before: element, after: after[index], at, settled }))
}

/** An edit that adds a schema to a name. */
type Qualifying = Splice & { readonly edit: { readonly schema: string; readonly name: string } }

function isQualifying(splice: Splice): splice is Qualifying {
  return splice.edit.do !== 'ExpandStar'
}

/** Keeps which edits have been met. */
class Edits {
  readonly #open: Set<Splice>
  readonly #byLocation: ReadonlyMap<number, readonly Splice[]>

  constructor(splices: readonly Splice[]) {
    this.#open = new Set(splices.toSorted((a, b) => a.span.start - b.span.start))
    this.#byLocation = Map.groupBy(splices, splice => splice.span.start)
  }

  /** The edit of that sort, of that name, at that byte. */
  at(location: number, sort: Qualifying['edit']['do'], name: unknown): Qualifying | undefined {
    const here = this.#byLocation.get(location)?.filter(isQualifying)
    return here?.find(({ edit }) => edit.name === name && (edit.do === sort || asTypeName(edit.do, sort)))
  }

  /** What the star at that byte was to become, which is thereby met. */
  starAt(location: number): readonly StarColumn[] | undefined {
    for (const splice of this.#byLocation.get(location) ?? []) {
      if (splice.edit.do !== 'ExpandStar') continue
      this.met(splice)
      return splice.edit.columns
    }
    return undefined
  }

  met(splice: Splice): void {
    this.#open.delete(splice)
  }

  /** The first edit that adds this schema to this name, which is thereby met: for nodes that have no location. */
  next(schema: unknown, name: unknown): Qualifying | undefined {
    for (const splice of this.#open) {
      if (!isQualifying(splice) || splice.edit.schema !== schema || splice.edit.name !== name) continue
      this.met(splice)
      return splice
    }
    return undefined
  }

  leftOver(): { readonly problem: string } | undefined {
    for (const { span, edit } of this.#open) return { problem: `${edit.do} at byte ${span.start} changed nothing` }
    return undefined
  }
}

/** Functions in CREATE AGGREGATE, OPERATOR and TYPE are values of options, which the grammar takes for type names. */
function asTypeName(edit: Splice['edit']['do'], sort: Splice['edit']['do']): boolean {
  return sort === 'QualifyType' && edit === 'QualifyFunction'
}

/** Which key of a node holds a name that an edit may qualify, told by the keys that the node has. */
const namedBy = [
  { key: 'funcname', sort: 'QualifyFunction' },
  { key: 'names', sort: 'QualifyType' },
  { key: 'name', sort: 'QualifyOperator' },
  { key: 'useOp', sort: 'QualifyOperator' },
  { key: 'operName', sort: 'QualifyOperator' },
] as const

const nameKeys: ReadonlySet<string> = new Set(namedBy.map(({ key }) => key))

/** The node with the edit that belongs to it made; the node itself where none does. */
function edited(node: Node, edits: Edits): Node {
  const location = typeof node.location === 'number' ? node.location : 0
  if (typeof node.relname === 'string') return editedRelation(node, location, edits)
  for (const { key, sort } of namedBy) {
    const names = node[key]
    if (!Array.isArray(names)) continue
    const splice = edits.at(location, sort, stringOf(names.at(-1)))
    if (splice === undefined) continue
    const schema = { String: { sval: splice.edit.schema } }
    // A word of newer grammar, spelt out for an older server (`pg_catalog.json_object`), leaves the tree as it is.
    const kept = names.length === 2 && stringOf(names[0]) === splice.edit.schema
    if (names.length !== 1 && !kept) continue
    edits.met(splice)
    return kept ? node : { ...node, [key]: [schema, ...names] }
  }
  return node
}

/** An entry of a SELECT list: a star that was to be written as a list is that list. */
function expanded(target: unknown, edits: Edits): readonly unknown[] {
  const entry = isNode(target) ? target.ResTarget : undefined
  const value = isNode(entry) && entry.name === undefined ? entry.val : undefined
  const column = isNode(value) ? value.ColumnRef : undefined
  if (!isNode(column) || !Array.isArray(column.fields) || !isStar(column.fields.at(-1))) return [target]
  const columns = edits.starAt(typeof column.location === 'number' ? column.location : 0)
  return columns === undefined ? [target] : columns.map(one => ({ ResTarget: listed(one) }))
}

function listed(column: StarColumn): Node {
  if ('type' in column) {
    const typeName = { names: column.type.map(string), typemod: -1 }
    return { name: column.name, val: { TypeCast: { arg: { A_Const: { isnull: true } }, typeName } } }
  }
  const last = 'name' in column ? string(column.name) : { A_Star: {} }
  return { val: { ColumnRef: { fields: [string(column.from), last] } } }
}

function string(sval: string): Node {
  return { String: { sval } }
}

function isStar(node: unknown): boolean {
  return isNode(node) && node.A_Star !== undefined
}

function editedRelation(node: Node, location: number, edits: Edits): Node {
  const splice = node.schemaname === undefined ? edits.at(location, 'QualifyRelation', node.relname) : undefined
  if (splice === undefined) return node
  edits.met(splice)
  return { ...node, schemaname: splice.edit.schema }
}

/** Where a thing stands in the text means nothing. Numbers only: `location` of CREATE TABLESPACE is a text. */
function isLocation(key: string, value: unknown): boolean {
  return locations.has(key) && (value === undefined || typeof value === 'number')
}

const locations: ReadonlySet<string> = new Set([
  'location',
  'name_location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
])

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(nodes: readonly unknown[]): boolean {
  return nodes.length > 0 && nodes.every(node => stringOf(node) !== undefined)
}

function stringOf(node: unknown): string | undefined {
  const inner = isNode(node) ? node.String : undefined
  return isNode(inner) && typeof inner.sval === 'string' ? inner.sval : undefined
}

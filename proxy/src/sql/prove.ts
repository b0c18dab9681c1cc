/**
 * Splice, then prove: the edited text was parsed again, and its tree must be the old one with exactly the declared edits
 * made to it. Two trees are walked side by side; where the node that an edit belongs to is met, its name must have
 * gained its schema; everywhere else nothing but locations may differ; and every edit must have been met once.
 *
 * An edit belongs to the node at its span's first byte. Names in DROP, COMMENT and the like have no location of their
 * own: such edits are taken in the order of the text. Either way an unexpected difference, or an edit left over, is a
 * problem, and the statement is refused.
 */
import type { Splice } from './resolved.ts'

type Node = { readonly [key: string]: unknown }

/** `before` and `after` are parse trees as plain objects; locations in `before` are those that the splices name. */
export function proveSpliced(
  before: unknown,
  after: unknown,
  splices: readonly Splice[],
): true | { readonly problem: string } {
  const edits = new Edits(splices)
  const problem = difference(before, after, edits, '') ?? edits.leftOver()
  return problem === undefined ? true : { problem }
}

/** Keeps which edits have been met. */
class Edits {
  readonly #open: Set<Splice>

  constructor(splices: readonly Splice[]) {
    this.#open = new Set(splices.toSorted((a, b) => a.span.start - b.span.start))
  }

  /** The edit of that sort, of that name, at that byte. */
  peek(location: number, sort: Splice['edit']['do'], name: unknown): Splice | undefined {
    return [...this.#open].find(({ span, edit }) => span.start === location && edit.do === sort && edit.name === name)
  }

  met(splice: Splice): void {
    this.#open.delete(splice)
  }

  /** The same, which is thereby met. */
  at(location: number, sort: Splice['edit']['do'], name: unknown): Splice | undefined {
    const found = this.peek(location, sort, name)
    if (found !== undefined) this.met(found)
    return found
  }

  /** The first edit that adds this schema to this name: for nodes that have no location. */
  next(schema: unknown, name: unknown): Splice | undefined {
    const found = [...this.#open].find(({ edit }) => edit.schema === schema && edit.name === name)
    if (found !== undefined) this.met(found)
    return found
  }

  leftOver(): string | undefined {
    for (const { span, edit } of this.#open) return `${edit.do} at byte ${span.start} changed nothing`
    return undefined
  }
}

function difference(before: unknown, after: unknown, edits: Edits, path: string): string | undefined {
  if (Array.isArray(before) && Array.isArray(after)) return listDifference(before, after, edits, path)
  if (isNode(before) && isNode(after)) return nodeDifference(before, after, edits, path)
  return Object.is(before, after) ? undefined : `the tree differs at ${path}`
}

function nodeDifference(before: Node, after: Node, edits: Edits, path: string): string | undefined {
  const expected = edited(before, edits)
  for (const key of new Set([...Object.keys(expected), ...Object.keys(after)])) {
    if (isLocation(key, expected[key]) && isLocation(key, after[key])) continue
    // A name whose node has a location was edited above, if it was to be: nothing more may be added to it here.
    const named = typeof before.location === 'number' && namedBy.some(by => by.key === key)
    const found = difference(expected[key], after[key], named ? noEdits() : edits, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

const noEdits = (): Edits => new Edits([])

function listDifference(
  before: readonly unknown[],
  after: readonly unknown[],
  edits: Edits,
  path: string,
): string | undefined {
  if (after.length === before.length + 1 && before.length > 0 && before.every(isString) && after.every(isString)) {
    const splice = edits.next(stringOf(after[0]), stringOf(before[0]))
    if (splice !== undefined) return difference(before, after.slice(1), noEdits(), path)
  }
  if (before.length !== after.length)
    return `the tree differs at ${path}: ${after.length} elements instead of ${before.length}`
  for (const [index, element] of before.entries()) {
    const found = difference(element, after[index], edits, `${path}[${index}]`)
    if (found !== undefined) return found
  }
  return undefined
}

/** Which key of a node holds a name that an edit may qualify, told by the keys that the node has. */
const namedBy = [
  { key: 'funcname', sort: 'QualifyFunction' },
  { key: 'names', sort: 'QualifyType' },
  { key: 'name', sort: 'QualifyOperator' },
  { key: 'useOp', sort: 'QualifyOperator' },
  { key: 'operName', sort: 'QualifyOperator' },
] as const

/** The node with the edit that belongs to it made; the node itself where none does. */
function edited(node: Node, edits: Edits): Node {
  const location = typeof node.location === 'number' ? node.location : 0
  if (typeof node.relname === 'string') return editedRelation(node, location, edits)
  for (const { key, sort } of namedBy) {
    const names = node[key]
    if (!Array.isArray(names) || keptName(names, location, sort, edits) || names.length !== 1) continue
    const splice = edits.at(location, sort, stringOf(names[0]))
    if (splice !== undefined) return { ...node, [key]: [{ String: { sval: splice.edit.schema } }, ...names] }
  }
  return node
}

/** A word of newer grammar, spelt out for an older server (`json_object` → `pg_catalog.json_object`), leaves the tree as it is. */
function keptName(names: readonly unknown[], location: number, sort: Splice['edit']['do'], edits: Edits): boolean {
  const splice = names.length === 2 ? edits.peek(location, sort, stringOf(names[1])) : undefined
  if (splice === undefined || stringOf(names[0]) !== splice.edit.schema) return false
  edits.met(splice)
  return true
}

function editedRelation(node: Node, location: number, edits: Edits): Node {
  if (node.schemaname !== undefined) return node
  const splice = edits.at(location, 'QualifyRelation', node.relname)
  return splice === undefined ? node : { ...node, schemaname: splice.edit.schema }
}

function isLocation(key: string, value: unknown): boolean {
  return locations.has(key) && (value === undefined || typeof value === 'number')
}

/** Where a thing stands in the text means nothing. Numbers only: `location` of CREATE TABLESPACE is a text. */
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

function isString(node: unknown): boolean {
  return stringOf(node) !== undefined
}

function stringOf(node: unknown): string | undefined {
  const inner = isNode(node) ? node.String : undefined
  return isNode(inner) && typeof inner.sval === 'string' ? inner.sval : undefined
}

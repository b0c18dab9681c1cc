/**
 * Whether a tree is one that we know: every node type, field and enum value is in the table made from the grammar's own
 * description. A parser that was upgraded, or that has gone wrong, is found out here, before anyone reads the tree.
 * On the way it notes what only newer servers understand.
 */
import type { ParseResult } from '@pgsql/types'
import { enumValues, nodeTypes } from './node-types.generated.ts'
import { type Newer, newerByShape, newerFields, newerNodes, newerOptions, newerValues, type Since } from './versions.ts'

export interface Shape {
  /** What is not known; empty for a tree that may be read. */
  readonly unknown: readonly { readonly what: string; readonly location: number }[]
  readonly newer: readonly { readonly what: string; readonly since: Since; readonly location: number }[]
}

type Fields = Readonly<Record<string, unknown>>

/** Checks one statement's node, `{SelectStmt: {…}}`. */
export function shapeOf(statement: unknown): Shape {
  const check = new Check()
  check.run(statement)
  return check
}

/** Checks the outermost object of a parse. */
export function isParseResult(tree: unknown): tree is ParseResult {
  if (!isFields(tree)) return false
  const statements = tree.stmts ?? []
  const keysKnown = Object.keys(tree).every(key => key === 'version' || key === 'stmts')
  return keysKnown && Array.isArray(statements) && statements.every(isRawStatement)
}

/** A node still to be checked; `statement` is the one whose options it may be, `near` the last location above it. */
interface Open {
  readonly name: string
  readonly value: unknown
  readonly statement: string
  readonly near: number
}

/** Keeps a list of what is to be done instead of calling itself: a chain of a thousand operators is a thousand levels. */
class Check implements Shape {
  readonly unknown: { what: string; location: number }[] = []
  readonly newer: { what: string; since: Since; location: number }[] = []
  readonly #open: Open[] = []

  run(statement: unknown): void {
    this.#wrapped(statement, '', 0)
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#node(next)
    this.newer.sort((a, b) => a.location - b.location)
  }

  #node({ name, value, statement, near }: Open): void {
    const node = known.get(name)
    if (node === undefined || !isFields(value)) {
      this.#miss(name, near)
      return
    }
    const location = typeof value.location === 'number' && value.location >= 0 ? value.location : near
    this.#note(node.newer ?? newerByShape(name, value), location)
    if (name === 'DefElem') this.#note(newerOptions[`${statement}.${value.defname}`], location)
    const inside = node.isStatement ? name : statement
    for (const field in value) {
      const type = node.fields.get(field)
      if (type === undefined) this.#miss(`${name}.${field}`, location)
      else this.#field(type, value[field], inside, location)
    }
  }

  #field({ sort, type, newer }: KnownField, value: unknown, statement: string, near: number): void {
    this.#note(newer, near)
    if (sort === 'Node') this.#wrapped(value, statement, near)
    else if (sort === 'Nodes') this.#list(value, statement, near)
    else if (sort === 'Message') this.#open.push({ name: type, value, statement, near })
    else if (sort === 'Enum') this.#enumValue(type, value, near)
    else if (typeof value !== type) this.#miss(type, near)
  }

  /** `{RangeVar: {…}}`; an empty object is a list's NULL, as in SELECT DISTINCT. */
  #wrapped(value: unknown, statement: string, near: number): void {
    if (!isFields(value)) this.#miss('a node', near)
    else for (const name in value) this.#open.push({ name, value: value[name], statement, near })
  }

  #list(value: unknown, statement: string, near: number): void {
    if (!Array.isArray(value)) this.#miss('a list', near)
    else for (const item of value) this.#wrapped(item, statement, near)
  }

  #enumValue(type: string, value: unknown, near: number): void {
    if (typeof value !== 'string' || allEnums.get(type)?.has(value) !== true) this.#miss(`${type} ${value}`, near)
    else this.#note(newerValues[value], near)
  }

  #note(newer: Newer | undefined, location: number): void {
    if (newer !== undefined) this.newer.push({ what: newer.what, since: newer.since, location })
  }

  #miss(what: string, location: number): void {
    this.unknown.push({ what, location })
  }
}

interface KnownField {
  readonly sort: 'Node' | 'Nodes' | 'Message' | 'Enum' | 'Scalar'
  /** The message, the enum, or what `typeof` says. */
  readonly type: string
  readonly newer: Newer | undefined
}

interface KnownNode {
  readonly fields: ReadonlyMap<string, KnownField>
  readonly isStatement: boolean
  readonly newer: Newer | undefined
}

const allEnums: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(enumValues).map(([name, values]) => [name, new Set<string>(values)]),
)
const known: ReadonlyMap<string, KnownNode> = new Map(
  Object.entries(nodeTypes).map(entry => [entry[0], knownNode(...entry)]),
)

function knownNode(name: string, fields: Readonly<Record<string, string>>): KnownNode {
  const entries = Object.entries(fields).map(([field, type]) => [field, knownField(`${name}.${field}`, type)] as const)
  return { fields: new Map(entries), isStatement: name.endsWith('Stmt'), newer: newerNodes[name] }
}

function knownField(path: string, type: string): KnownField {
  const newer = newerFields[path]
  if (type === 'Node') return { sort: 'Node', type, newer }
  if (type === 'Node[]') return { sort: 'Nodes', type, newer }
  if (Object.hasOwn(nodeTypes, type)) return { sort: 'Message', type, newer }
  if (allEnums.has(type)) return { sort: 'Enum', type, newer }
  // `bigint` is in the description; JSON has numbers. Sets of integers stand in analysed trees only.
  return { sort: 'Scalar', type: type === 'bigint' ? 'number' : type, newer }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRawStatement(value: unknown): boolean {
  return isFields(value) && Object.keys(value).every(key => key in nodeTypes.RawStmt) && isFields(value.stmt)
}

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
  check.wrapped(statement, 0)
  return check
}

/** Checks the outermost object of a parse. */
export function isParseResult(tree: unknown): tree is ParseResult {
  if (!isFields(tree)) return false
  const statements = tree.stmts ?? []
  const keysKnown = Object.keys(tree).every(key => key === 'version' || key === 'stmts')
  return keysKnown && Array.isArray(statements) && statements.every(isRawStatement)
}

class Check implements Shape {
  readonly unknown: { what: string; location: number }[] = []
  readonly newer: { what: string; since: Since; location: number }[] = []
  /** The statement whose options are being read. */
  #statement = ''

  /** `{RangeVar: {…}}`; an empty object is a list's NULL, as in SELECT DISTINCT. */
  wrapped(value: unknown, near: number): void {
    if (!isFields(value)) {
      this.#miss('a node', near)
      return
    }
    for (const name in value) {
      const node = known.get(name)
      if (node === undefined) this.#miss(name, near)
      else this.#node(name, node, value[name], near)
    }
  }

  #node(name: string, node: KnownNode, value: unknown, near: number): void {
    if (!isFields(value)) {
      this.#miss(name, near)
      return
    }
    const location = typeof value.location === 'number' && value.location >= 0 ? value.location : near
    if (node.isStatement) this.#statement = name
    this.#note(node.newer ?? newerByShape(name, value), location)
    if (name === 'DefElem') this.#note(newerOptions[`${this.#statement}.${value.defname}`], location)
    for (const field in value) {
      const type = node.fields.get(field)
      if (type === undefined) this.#miss(`${name}.${field}`, location)
      else this.#field(type, value[field], location)
    }
  }

  #field({ sort, type, newer }: KnownField, value: unknown, near: number): void {
    this.#note(newer, near)
    if (sort === 'Node') this.wrapped(value, near)
    else if (sort === 'Nodes') this.#list(value, near)
    else if (sort === 'Message') this.#message(type, value, near)
    else if (sort === 'Enum') this.#enumValue(type, value, near)
    else if (typeof value !== type) this.#miss(type, near)
  }

  #list(value: unknown, near: number): void {
    if (!Array.isArray(value)) this.#miss('a list', near)
    else for (const item of value) this.wrapped(item, near)
  }

  #message(type: string, value: unknown, near: number): void {
    const node = known.get(type)
    if (node === undefined) this.#miss(type, near)
    else this.#node(type, node, value, near)
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

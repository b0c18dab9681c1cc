/**
 * Whether a tree is one that we know: every node type, field and enum value is in the table made from the grammar's own
 * description. A parser that was upgraded, or that has gone wrong, is found out here, before anyone reads the tree.
 * On the way it notes what only newer servers understand.
 */
import type { ParseResult } from '@pgsql/types'
import { enumValues, nodeTypes } from './node-types.generated.ts'
import { newerByShape, newerFields, newerNodes, newerOptions, newerValues, type Since } from './versions.ts'

export interface Shape {
  /** What is not known; empty for a tree that may be read. */
  readonly unknown: readonly { readonly what: string; readonly location: number }[]
  readonly newer: readonly { readonly what: string; readonly since: Since; readonly location: number }[]
}

type Fields = Readonly<Record<string, unknown>>

/** Checks one statement's node, `{SelectStmt: {…}}`. */
export function shapeOf(statement: unknown): Shape {
  const check = new Check()
  check.value('Node', statement, '', 0)
  return check
}

/** Checks the outermost object of a parse. */
export function isParseResult(tree: unknown): tree is ParseResult {
  if (!isFields(tree)) return false
  const statements = tree['stmts'] ?? []
  const keysKnown = Object.keys(tree).every(key => key === 'version' || key === 'stmts')
  return keysKnown && Array.isArray(statements) && statements.every(isRawStatement)
}

class Check implements Shape {
  readonly unknown: { what: string; location: number }[] = []
  readonly newer: { what: string; since: Since; location: number }[] = []
  /** The statement whose options are being read. */
  #statement = ''

  value(type: string, value: unknown, path: string, near: number): void {
    if (type === 'Node[]') return this.#list(value, path, near)
    if (type === 'Node') return this.#wrapped(value, path, near)
    if (Object.hasOwn(nodeFields, type)) return this.#node(type, value, near)
    if (Object.hasOwn(allEnums, type)) return this.#enumValue(type, value, near)
    if (typeof value !== scalarTypes[type]) this.#miss(`${path}: ${type}`, near)
  }

  #list(value: unknown, path: string, near: number): void {
    if (!Array.isArray(value)) return this.#miss(path, near)
    for (const item of value) this.#wrapped(item, path, near)
  }

  /** `{RangeVar: {…}}`; an empty object is a list's NULL, as in `UPDATE … SET (a) = ROW(DEFAULT)`. */
  #wrapped(value: unknown, path: string, near: number): void {
    if (!isFields(value)) return this.#miss(path, near)
    const names = Object.keys(value)
    const [name] = names
    if (name === undefined) return
    if (names.length > 1 || !Object.hasOwn(nodeFields, name)) return this.#miss(names.join(), near)
    this.#node(name, value[name], near)
  }

  #node(name: string, value: unknown, near: number): void {
    if (!isFields(value)) return this.#miss(name, near)
    const known = nodeFields[name] ?? {}
    const location = typeof value['location'] === 'number' && value['location'] >= 0 ? value['location'] : near
    if (name.endsWith('Stmt')) this.#statement = name
    this.#note(newerNodes[name] ?? newerByShape(name, value), location)
    if (name === 'DefElem') this.#note(newerOptions[`${this.#statement}.${value['defname']}`], location)
    for (const field in value) {
      const type = known[field]
      if (type === undefined) this.#miss(`${name}.${field}`, location)
      else this.value(type, value[field], `${name}.${field}`, location)
      this.#note(newerFields[`${name}.${field}`], location)
    }
  }

  #enumValue(type: string, value: unknown, near: number): void {
    if (typeof value !== 'string' || !allEnums[type]?.has(value)) return this.#miss(`${type} ${value}`, near)
    this.#note(newerValues[value], near)
  }

  #note(newer: { readonly what: string; readonly since: Since } | undefined, location: number): void {
    if (newer !== undefined) this.newer.push({ what: newer.what, since: newer.since, location })
  }

  #miss(what: string, location: number): void {
    this.unknown.push({ what, location })
  }
}

const nodeFields: Readonly<Record<string, Readonly<Record<string, string>>>> = nodeTypes
const allEnums: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries(enumValues).map(([name, values]) => [name, new Set<string>(values)]),
)
/** `bigint` is in the description; JSON has numbers. Sets of integers stand in analysed trees only. */
const scalarTypes: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  bigint: 'number',
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRawStatement(value: unknown): boolean {
  return isFields(value) && Object.keys(value).every(key => key in nodeTypes.RawStmt) && isFields(value['stmt'])
}

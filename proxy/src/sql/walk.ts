/**
 * Walking a tree so that nothing is passed over. Each node type has a visitor; a type without one is refused. A visitor
 * takes what it has facts for and hands the remaining fields to `rest`, which visits every node below by the grammar's
 * own table: to forget a field is to have it walked, not skipped.
 */
import type { Node, TypeName } from '@pgsql/types'
import { settings } from '../settings.ts'
import type { Collector } from './collector.ts'
import type { CteName, LaterCtes } from './ctes.ts'
import { nodeTypes } from './node-types.generated.ts'
import { TooComplexError } from './too-complex.ts'

type Key<U> = U extends unknown ? keyof U : never
export type NodeName = Key<Node>
export type NodeOf<K extends NodeName> = Node extends infer U
  ? U extends Readonly<Record<K, infer T>>
    ? T
    : never
  : never

export type Visitor<T> = (walk: Walk, node: T, at: At) => void
export type Visitors = { readonly [K in NodeName]?: Visitor<NodeOf<K>> }

/** Where in the statement we are: whose access it is, what names mean, which CTEs are in sight. */
export interface At {
  readonly part: number
  readonly scope: number | undefined
  readonly ctes: CteName | undefined
  /** CTEs of the WITH clauses around that are not in sight. */
  readonly later?: LaterCtes
  /** Set for the query that comes next, if the server runs it on its own: no condition from outside is put into it. */
  readonly alone?: boolean
}

export interface Walk {
  readonly found: Collector
  readonly visitors: Visitors
  /** Queries and data-changing statements, walked as the part that `at` names; `visitors` open a new one for them. */
  readonly queries: Readonly<Record<string, Visitor<unknown>>>
  /** A query in FROM; the indices of the relations that a lock of its rows would reach. */
  readonly select: (walk: Walk, node: NodeOf<'SelectStmt'>, at: At) => readonly number[]
  depth: number
}

/** Visits a node by its type; nothing for the absent one and for a list's NULL. */
export function visit(walk: Walk, node: Node | undefined, at: At): void {
  if (node === undefined) return
  for (const name in node) visitAs(walk, name as NodeName, (node as Readonly<Record<string, unknown>>)[name], at)
}

export function visitAll(walk: Walk, nodes: readonly Node[] | undefined, at: At): void {
  for (const node of nodes ?? []) visit(walk, node, at)
}

/** Visits a field that the grammar declares with a type of its own, and that therefore comes without its name. */
export function visitAs(walk: Walk, name: NodeName, fields: unknown, at: At): void {
  const visitor = walk.visitors[name] as Visitor<unknown> | undefined
  if (visitor === undefined) {
    walk.found.forbid('NotUnderstood', name)
    return
  }
  if (++walk.depth > settings.maxTreeDepth) throw new TooComplexError()
  visitor(walk, fields, at)
  walk.depth--
}

/** Visits every node in the fields of `node` that are not in `done`. */
export function rest<K extends NodeName>(
  walk: Walk,
  name: K,
  node: NodeOf<K>,
  at: At,
  done: readonly string[] = [],
): void {
  const types: Readonly<Record<string, string>> = nodeTypes[name]
  const fields = node as unknown as Readonly<Record<string, unknown>>
  for (const field in fields) {
    const type = types[field]
    if (type === undefined || done.includes(field)) continue
    if (type === 'Node') visit(walk, fields[field] as Node, at)
    else if (type === 'Node[]') visitAll(walk, fields[field] as Node[], at)
    else if (Object.hasOwn(nodeTypes, type)) visitAs(walk, type as NodeName, fields[field], at)
  }
}

/** A visitor for a node that says nothing itself. */
export function through<K extends NodeName>(name: K): Visitor<NodeOf<K>> {
  return (walk, node, at) => rest(walk, name, node, at)
}

/** The strings of a list of String nodes: a name's parts. A star becomes `*`. */
export function namesOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap(node => {
    if ('String' in node) return [node.String.sval ?? '']
    if ('A_Star' in node) return ['*']
    if ('TypeName' in node) return namesOf(node.TypeName.names)
    if ('List' in node) return namesOf(node.List.items)
    return []
  })
}

/** A node of that type, or nothing. */
export function nodeAs<K extends NodeName>(node: Node | undefined, name: K): NodeOf<K> | undefined {
  return node === undefined ? undefined : (node as unknown as { readonly [N in K]?: NodeOf<K> })[name]
}

export function typeNameOf(node: Node | undefined): TypeName | undefined {
  return nodeAs(node, 'TypeName')
}

/** Where a node stands, as far as it says so. */
export function locationOf(node: Node | undefined): number {
  for (const fields of Object.values(node ?? {})) {
    const { location } = fields as { readonly location?: number }
    return location === undefined || location < 0 ? 0 : location
  }
  return 0
}

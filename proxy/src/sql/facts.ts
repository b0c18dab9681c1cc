/**
 * Text and tree to facts. Each statement of the text is checked to be of a shape that we know (`shape`), then walked by
 * visitors, one table of them an area. What no visitor knows is refused: facts that leave something out would be a lie.
 */
import type { Node, ParseResult } from '@pgsql/types'
import { Collector, pointAt } from './collector.ts'
import { attachments } from './ddl-attachments.ts'
import { code } from './ddl-code.ts'
import { names } from './ddl-names.ts'
import { objects } from './ddl-objects.ts'
import { tables } from './ddl-tables.ts'
import { insert, merge, remove, update } from './dml.ts'
import { expressions } from './expressions.ts'
import { partOf, returnsRows } from './parts.ts'
import type { SqlRefusal } from './resolved.ts'
import { carried, select } from './select.ts'
import { isParseResult, shapeOf } from './shape.ts'
import { isSpace, Source } from './source.ts'
import type { Span, StatementFacts } from './statement.ts'
import { kindOfStatement } from './statement-kinds.ts'
import { TooComplexError } from './too-complex.ts'
import { utilities } from './utility.ts'
import type { At, NodeName, NodeOf, Visitor, Visitors, Walk } from './walk.ts'

export type Analysis = { readonly statements: readonly StatementFacts[] } | { readonly error: SqlRefusal }

/** The facts of every statement in a text that was parsed to this tree. */
export function factsOf(text: string, tree: unknown): Analysis {
  if (!isParseResult(tree)) return { error: notUnderstood }
  try {
    return { statements: statementsOf(text, tree) }
  } catch (error) {
    if (error instanceof TooComplexError || error instanceof RangeError) return { error: tooComplex }
    throw error
  }
}

function statementsOf(text: string, tree: ParseResult): readonly StatementFacts[] {
  const source = new Source(text)
  let before = 0
  return (tree.stmts ?? []).map(statement => {
    const { stmt_location = 0, stmt_len = 0 } = statement
    const end = stmt_len > 0 ? stmt_location + stmt_len : source.bytes.length
    const span = spanOf(source, before, end)
    before = end
    return statementFacts(source, statement.stmt, span)
  })
}

function statementFacts(source: Source, statement: Node | undefined, span: Span): StatementFacts {
  const found = new Collector(source, span)
  const shape = shapeOf(statement)
  for (const { what, since, location } of shape.newer) found.facts.newer.push({ what, since, span: pointAt(location) })
  for (const { what, location } of shape.unknown) found.forbid('NotUnderstood', what, pointAt(location))
  if (shape.unknown.length === 0) statementNode(found, statement)
  return found.facts
}

function statementNode(found: Collector, node: Node | undefined): void {
  const kind = node === undefined ? undefined : kindOfStatement(node)
  if (kind === undefined) {
    found.forbid('NotUnderstood', `the statement ${Object.keys(node ?? {})}`)
    return
  }
  found.facts.kind = kind
  found.facts.returnsRows = returnsRows(node, kind)
  const part = found.part({ ...partOf(node), kind })
  carried({ found, visitors, queries, select, depth: 0 }, node, {
    part,
    scope: undefined,
    ctes: undefined,
    alone: node !== undefined && 'SelectStmt' in node,
  })
}

/** From behind the semicolon before it, comments kept, space and empty statements left out. */
function spanOf(source: Source, from: number, end: number): Span {
  let start = from
  for (let at = source.skipSpace(from); source.bytes[at] === semicolon && at < end; at = source.skipSpace(start))
    start = at + 1
  while (start < end && isSpace(source.bytes[start])) start++
  let last = end
  while (last > start && isSpace(source.bytes[last - 1])) last--
  return { start, end: last }
}

const semicolon = 0x3b

const queries: Walk['queries'] = {
  SelectStmt: (walk, node, at) => void select(walk, node as NodeOf<'SelectStmt'>, at),
  InsertStmt: (walk, node, at) => insert(walk, node as NodeOf<'InsertStmt'>, at),
  UpdateStmt: (walk, node, at) => update(walk, node as NodeOf<'UpdateStmt'>, at),
  DeleteStmt: (walk, node, at) => remove(walk, node as NodeOf<'DeleteStmt'>, at),
  MergeStmt: (walk, node, at) => merge(walk, node as NodeOf<'MergeStmt'>, at),
}

/** Every node that may stand in a parse tree and is visited on its own. */
export const visitors: Visitors = {
  ...expressions,
  ...tables,
  ...objects,
  ...code,
  ...attachments,
  ...names,
  ...utilities,
  SelectStmt: (walk, node, at) => void select(walk, node, at),
  InsertStmt: (walk, node, at) => inOwnPart(walk, 'InsertStmt', node, at, insert),
  UpdateStmt: (walk, node, at) => inOwnPart(walk, 'UpdateStmt', node, at, update),
  DeleteStmt: (walk, node, at) => inOwnPart(walk, 'DeleteStmt', node, at, remove),
  MergeStmt: (walk, node, at) => inOwnPart(walk, 'MergeStmt', node, at, merge),
}

function inOwnPart<K extends NodeName>(
  walk: Walk,
  name: K,
  node: NodeOf<K>,
  at: At,
  visitor: Visitor<NodeOf<K>>,
): void {
  visitor(walk, node, { ...at, part: walk.found.part(partOf({ [name]: node } as unknown as Node)) })
}

const notUnderstood: SqlRefusal = {
  sqlState: '42601',
  message: 'the parser answered what is not a parse tree',
  code: 'NotUnderstood',
}
const tooComplex: SqlRefusal = {
  sqlState: '54001',
  message: 'statement is too complex',
  hint: 'Nest less deeply, or split the statement.',
  code: 'StatementTooComplex',
}

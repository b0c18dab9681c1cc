/**
 * Visitors of expressions: columns, calls, operators (also those that syntax implies), casts, subqueries. Facts come in
 * PostgreSQL's order of analysis, from the inside out, so that the first name that it would complain of comes first.
 */
import type { A_Const, A_Expr, FuncCall, Node, SubLink } from '@pgsql/types'
import { pointAt } from './collector.ts'
import { mentionCast, mentionColumn, mentionFunction, mentionOperator, mentionType } from './mentions.ts'
import { sequenceFunction } from './sequences.ts'
import { settingFunction } from './setting-functions.ts'
import { newerSyntaxFunctions } from './versions.ts'
import {
  type At,
  locationOf,
  namesOf,
  nodeAs,
  rest,
  through,
  type Visitors,
  visit,
  visitAll,
  type Walk,
} from './walk.ts'

export const expressions = {
  ColumnRef: mentionColumn,
  FuncCall: functionCall,
  A_Expr: operatorExpression,
  SubLink: subLink,
  A_Const: constant,
  TypeCast: (walk, node, at) => {
    visit(walk, node.arg, at)
    mentionCast(walk, node.typeName, at)
  },
  TypeName: mentionType,
  ParamRef: ({ found }, { number = 0 }) => {
    found.facts.parameters = Math.max(found.facts.parameters, number)
  },
  CaseExpr: (walk, node, at) => {
    // `CASE x WHEN y` compares with an `=` that is looked up like any other.
    rest(walk, 'CaseExpr', node, at)
    if (node.arg !== undefined) mentionOperator(walk, ['='], 2, node.location, at)
  },
  A_Indirection: (walk, node, at) => {
    visit(walk, node.arg, at)
    for (const step of node.indirection ?? []) selection(walk, step, locationOf(node.arg), at)
  },
  CollateClause: (walk, node, at) => {
    walk.found.object('collation', namesOf(node.collname), 'Use', pointAt(node.location))
    visit(walk, node.arg, at)
  },
  SortBy: (walk, node, at) => {
    if (node.useOp !== undefined) mentionOperator(walk, namesOf(node.useOp), 2, node.location, at)
    visit(walk, node.node, at)
  },
  // The value is converted to the type named: a cast like any other.
  JsonOutput: (walk, node, at) => mentionCast(walk, node.typeName, at),
  XmlSerialize: (walk, node, at) => {
    mentionCast(walk, node.typeName, at)
    visit(walk, node.expr, at)
  },
  List: (walk, node, at) => visitAll(walk, node.items, at),
  ResTarget: (walk, node, at) => {
    for (const step of node.indirection ?? []) if ('A_Indices' in step) visit(walk, step, at)
    visit(walk, node.val, at)
  },
  // The source stands at each column that it sets; the first visit is enough.
  MultiAssignRef: (walk, node, at) => {
    if ((node.colno ?? 1) === 1) visit(walk, node.source, at)
  },
  A_ArrayExpr: through('A_ArrayExpr'),
  A_Indices: through('A_Indices'),
  A_Star: () => undefined,
  BoolExpr: through('BoolExpr'),
  BooleanTest: through('BooleanTest'),
  CTECycleClause: through('CTECycleClause'), // compares by the type's own operator class
  CTESearchClause: through('CTESearchClause'),
  CaseWhen: through('CaseWhen'),
  CoalesceExpr: through('CoalesceExpr'),
  CurrentOfExpr: () => undefined, // the cursor's own query has been judged
  GroupingFunc: through('GroupingFunc'),
  GroupingSet: through('GroupingSet'),
  JsonAggConstructor: through('JsonAggConstructor'),
  JsonArgument: through('JsonArgument'),
  JsonArrayAgg: through('JsonArrayAgg'),
  JsonArrayConstructor: through('JsonArrayConstructor'),
  JsonArrayQueryConstructor: through('JsonArrayQueryConstructor'),
  JsonBehavior: through('JsonBehavior'),
  JsonFormat: () => undefined,
  JsonFuncExpr: through('JsonFuncExpr'),
  JsonIsPredicate: through('JsonIsPredicate'),
  JsonKeyValue: through('JsonKeyValue'),
  JsonObjectAgg: through('JsonObjectAgg'),
  JsonObjectConstructor: through('JsonObjectConstructor'),
  JsonParseExpr: through('JsonParseExpr'),
  JsonReturning: () => undefined,
  JsonScalarExpr: through('JsonScalarExpr'),
  JsonSerializeExpr: through('JsonSerializeExpr'),
  JsonTablePathSpec: through('JsonTablePathSpec'),
  JsonValueExpr: through('JsonValueExpr'),
  MergeSupportFunc: () => undefined,
  MinMaxExpr: through('MinMaxExpr'), // compares by the type's own operator class
  NamedArgExpr: through('NamedArgExpr'),
  NullTest: through('NullTest'),
  RowExpr: through('RowExpr'),
  SetToDefault: () => undefined,
  SQLValueFunction: () => undefined, // current_user and its like: nothing is looked up
  WindowDef: through('WindowDef'),
  XmlExpr: through('XmlExpr'),
  Integer: () => undefined,
  Float: () => undefined,
  Boolean: () => undefined,
  String: () => undefined,
  BitString: () => undefined,
} as const satisfies Visitors

function functionCall(walk: Walk, node: FuncCall, at: At): void {
  const name = namesOf(node.funcname)
  const args = node.args ?? []
  // WITHIN GROUP: what is sorted by counts as arguments.
  const arity = args.length + (node.agg_within_group === true ? (node.agg_order?.length ?? 0) : 0)
  const loose = node.func_variadic === true || args.some(arg => 'NamedArgExpr' in arg)
  rest(walk, 'FuncCall', node, at, ['funcname'])
  mentionFunction(walk, name, arity, loose, node.location, at)
  noteNewerSyntax(walk, node, arity)
  settingFunction(walk, node, name)
  sequenceFunction(walk, node, name)
}

function noteNewerSyntax(walk: Walk, node: FuncCall, arity: number): void {
  if (node.funcformat !== 'COERCE_SQL_SYNTAX') return
  const name = namesOf(node.funcname).at(-1) ?? ''
  const newer = newerSyntaxFunctions[name] ?? newerSyntaxFunctions[`${name}/${arity}`]
  if (newer !== undefined) walk.found.facts.newer.push({ ...newer, span: pointAt(node.location) })
}

/** What each form of A_Expr calls. The grammar writes `=` and `<>` for IN, `~~` for LIKE, and `BETWEEN` as a word. */
function operatorExpression(walk: Walk, outermost: A_Expr, at: At): void {
  const chain = [outermost] // `a + b + c …` leans to the left, a level an operator: no call for each
  let left = nodeAs(outermost.lexpr, 'A_Expr')
  for (; left !== undefined; left = nodeAs(left.lexpr, 'A_Expr')) chain.push(left)
  visit(walk, chain.at(-1)?.lexpr, at)
  for (const node of chain.toReversed()) {
    visit(walk, node.rexpr, at)
    for (const name of operatorsOf(node))
      mentionOperator(walk, name, node.lexpr === undefined ? 1 : 2, node.location, at)
  }
}

function operatorsOf({ kind, name }: A_Expr): readonly (readonly string[])[] {
  switch (kind) {
    case 'AEXPR_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
      return [['>='], ['<=']]
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return [['<'], ['>']]
    default:
      return [namesOf(name)]
  }
}

function subLink(walk: Walk, node: SubLink, at: At): void {
  visit(walk, node.testexpr, at)
  visit(walk, node.subselect, aloneIn.has(node.subLinkType ?? '') ? { ...at, alone: true } : at)
  if (node.operName !== undefined) mentionOperator(walk, namesOf(node.operName), 2, node.location, at)
  else if (node.testexpr !== undefined) mentionOperator(walk, ['='], 2, node.location, at) // x IN (SELECT …)
}

/** The others may become joins. */
const aloneIn: ReadonlySet<string> = new Set(['EXPR_SUBLINK', 'ARRAY_SUBLINK'])

function selection(walk: Walk, step: Node, location: number, at: At): void {
  const indices = nodeAs(step, 'A_Indices')
  if (indices !== undefined) {
    rest(walk, 'A_Indices', indices, at)
    return
  }
  const [name = '*'] = namesOf([step])
  const scope = at.scope ?? walk.found.scope([], undefined)
  walk.found.facts.selections.push({ name, location, scope, part: at.part })
}

/** 16 reads `0x1F` and `1_000`. The tree holds the value; how it was written is in the text. */
function constant(walk: Walk, node: A_Const): void {
  if (node.ival === undefined && node.fval === undefined) return
  const { source, facts } = walk.found
  const location = node.location ?? 0
  const sign = source.bytes[location] === minus || source.bytes[location] === plus
  const start = sign ? source.skipSpace(location + 1) : location
  if (newNumber.test(source.slice(start, start + 64)))
    facts.newer.push({ what: 'integer literals with 0x or _', since: 16, span: pointAt(start) })
}

const plus = 0x2b
const minus = 0x2d
const newNumber = /^(0[xXoObB]|\d[\d.]*_|\.\d+_)/

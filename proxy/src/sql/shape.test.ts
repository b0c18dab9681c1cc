import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateNodeTypes, target } from '../../../tools/generate-node-types.ts'
import { factsOf, visitors } from './facts.ts'
import { nodeTypes } from './node-types.generated.ts'
import { isParseResult, shapeOf } from './shape.ts'
import { statementKinds } from './statement-kinds.ts'
import { treeOf } from './test/parsed.ts'

const select = (fields: object) => ({
  SelectStmt: { op: 'SETOP_NONE', limitOption: 'LIMIT_OPTION_DEFAULT', ...fields },
})

test('what the grammar does not know is not understood', () => {
  const strange: readonly (readonly [string, unknown])[] = [
    ['a node', { Wormhole: {} }],
    ['a field', select({ wormhole: 1 })],
    ['an enum value', select({ op: 'SETOP_XOR' })],
    ['a scalar of another type', select({ all: 'yes' })],
    ['a node where a list belongs', select({ targetList: {} })],
    ['a list where a node belongs', select({ whereClause: [] })],
    [
      'something deep',
      select({ whereClause: { BoolExpr: { boolop: 'AND_EXPR', args: [{ A_Const: { ival: { ival: 1, x: 2 } } }] } } }),
    ],
    ['null', select({ whereClause: null })],
    ['a prototype', { constructor: {} }],
  ]
  for (const [name, node] of strange) {
    expect(shapeOf(node).unknown, name).toHaveLength(1)
    const analysis = factsOf('SELECT 1', { version: 180000, stmts: [{ stmt: node }] })
    expect('statements' in analysis && analysis.statements[0]?.forbidden[0]?.code, name).toBe('NotUnderstood')
  }
})

test('what is known, but never in a parse tree, is not understood either', () => {
  for (const node of [
    select({ whereClause: { Var: { varno: 1 } } }),
    { Query: {} },
    { RawStmt: {} },
    { ReturnStmt: {} },
    select({ fromClause: [{ RangeTblRef: { rtindex: 1 } }] }),
  ]) {
    const analysis = factsOf('SELECT 1', { stmts: [{ stmt: node }] })
    expect('statements' in analysis && analysis.statements[0]?.forbidden[0]?.code).toBe('NotUnderstood')
  }
})

test('an answer that is no parse result is an error', () => {
  for (const tree of [
    undefined,
    null,
    [],
    'x',
    { stmts: {} },
    { stmts: [1] },
    { stmts: [{}] },
    { more: 1 },
    { stmts: [{ stmt: {}, more: 1 }] },
  ]) {
    expect(isParseResult(tree)).toBe(false)
    expect(factsOf('SELECT 1', tree)).toHaveProperty('error.code', 'NotUnderstood')
  }
})

test('real trees are known', () => {
  expect(isParseResult(treeOf('SELECT 1; SELECT 2'))).toBe(true)
})

test('the table is made from the grammar that is installed', () => {
  expect(readFileSync(target, 'utf8')).toBe(generateNodeTypes())
})

/** Read by what they belong to, never visited on their own. */
const inside =
  'Alias RangeVar IntoClause JoinExpr RangeSubselect RangeFunction RangeTableFunc RangeTableFuncCol RangeTableSample LockingClause WithClause InferClause OnConflictClause CommonTableExpr MergeWhenClause ReturningOption ReturningClause JsonTable JsonTableColumn RawStmt VacuumRelation PublicationTable PublicationObjSpec'
/** Of analysed and planned queries, of other messages, and of PL/pgSQL: if one stands in a parse tree, it is refused. */
const never =
  'ParseResult ScanResult OidList IntList TableFunc Var Param Aggref WindowFunc WindowFuncRunCondition SubscriptingRef FuncExpr OpExpr DistinctExpr NullIfExpr ScalarArrayOpExpr SubPlan AlternativeSubPlan FieldSelect FieldStore RelabelType CoerceViaIO ArrayCoerceExpr ConvertRowtypeExpr CollateExpr CaseTestExpr ArrayExpr RowCompareExpr JsonConstructorExpr JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin MergeAction CoerceToDomain CoerceToDomainValue NextValueExpr InferenceElem ReturningExpr TargetEntry RangeTblRef FromExpr OnConflictExpr Query RangeTblEntry RTEPermissionInfo RangeTblFunction TableSampleClause WithCheckOption SortGroupClause WindowClause RowMarkClause SetOperationStmt PLAssignStmt InlineCodeBlock CallContext ScanToken SummaryResult Table Function FilterColumn'

test('every node of the grammar has a visitor, a place inside another, or a reason to be refused', () => {
  const told = new Set([...Object.keys(visitors), ...inside.split(' '), ...never.split(' ')])
  expect(Object.keys(nodeTypes).filter(name => !told.has(name))).toEqual([])
})

test('every statement of the grammar has a kind', () => {
  const noStatements = ['RawStmt', 'ReturnStmt', 'ReplicaIdentityStmt', 'SetOperationStmt', 'PLAssignStmt'] // parts of others
  const statements = Object.keys(nodeTypes).filter(name => name.endsWith('Stmt') && !noStatements.includes(name))
  expect(statements.filter(name => !(name in statementKinds))).toEqual([])
})

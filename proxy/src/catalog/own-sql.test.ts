/** The statement runs under the agent's search_path, so the parser itself must find every name in it qualified. */
import { parse } from 'libpg-query'
import { describe, expect, test } from 'vitest'
import { ownObjectsSql, resetSearchPathSql } from './own-sql.ts'

type Node = Readonly<Record<string, unknown>>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const names = (value: unknown) =>
  (Array.isArray(value) ? value : []).map(part => (isNode(part) && isNode(part.String) ? part.String.sval : undefined))

const inPgCatalog = (value: unknown) => names(value).length === 2 && names(value)[0] === 'pg_catalog'
const commonTables = ['wanted']

/** What is wrong with a node of that tag. */
const faults: Readonly<Record<string, (node: Node) => boolean>> = {
  FuncCall: node => !inPgCatalog(node.funcname),
  A_Expr: node => !inPgCatalog(node.name) || !['AEXPR_OP', 'AEXPR_OP_ANY'].includes(`${node.kind}`),
  TypeCast: node => !isNode(node.typeName) || !inPgCatalog(node.typeName.names),
  RangeVar: node => node.schemaname !== 'pg_catalog' && !commonTables.includes(`${node.relname}`),
  CaseExpr: node => node.arg !== undefined,
  JoinExpr: node => node.usingClause !== undefined || node.isNatural === true,
  SubLink: node => !['EXPR_SUBLINK', 'ARRAY_SUBLINK', 'EXISTS_SUBLINK'].includes(`${node.subLinkType}`),
  SortBy: node => node.useOp !== undefined,
  RowExpr: () => true,
  CollateClause: () => true,
  MinMaxExpr: () => true,
}

function faultsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(faultsIn)
  if (!isNode(value)) return []
  return Object.entries(value).flatMap(([tag, inside]) => [
    ...(isNode(inside) && faults[tag]?.(inside) === true ? [`${tag} ${JSON.stringify(inside).slice(0, 300)}`] : []),
    ...faultsIn(inside),
  ])
}

const check = async (sql: string) => faultsIn(await parse(sql))

describe('an unqualified name would be found', () => {
  test.each([
    'SELECT now()',
    'SELECT 1 = 2',
    'SELECT a OPERATOR(pg_catalog.=) 1 FROM pg_class',
    'SELECT 1::int8',
    'SELECT 1 IN (2)',
    'SELECT CASE 1 WHEN 2 THEN 3 END',
  ])('%s', async sql => expect(await check(sql)).not.toEqual([]))
})

test.each([[], [{ name: 'a' }, { schema: 's', name: 'it\'s \\ "b"' }]])(
  'none in what is sent (%#)',
  async (...sought) => expect(await check(ownObjectsSql(sought))).toEqual([]),
)

test('nor in the question for the path', async () => expect(await check(resetSearchPathSql)).toEqual([]))

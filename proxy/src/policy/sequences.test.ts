import { expect, test } from 'vitest'
import { allow, deny, policy } from './test/policies.ts'
import { sqlJudge } from './test/sql.ts'

const catalog = {
  relations: { 'public.orders': ['id'], 'public.numbers': ['last_value'], 'private.secret': ['last_value'] },
}
const reads = sqlJudge(catalog, [policy({ rules: [allow(['Read'], ['*'])] })])
const writes = sqlJudge(catalog, [
  policy({
    rules: [
      allow(['Read', 'Write', 'CreateTable'], ['public.*']),
      deny({ name: 'unbounded', statements: ['Update', 'Delete'], when: '!statement.hasWhere' }),
      deny({ name: 'own', tables: ['public.kept'] }),
    ],
  }),
])

test.each([
  [reads, "SELECT nextval('numbers')", 'deny FunctionNotAllowed', 'deny WriteNotAllowed'],
  [writes, "SELECT nextval('private.secret')", 'deny NotGranted'],
  [writes, "SELECT nextval('kept')", 'deny PolicyDenied'],
  [writes, "SELECT setval('public.kept'::regclass, 1)", 'deny PolicyDenied'],
  [writes, 'SELECT nextval($1)', 'deny FunctionNotAllowed'],
  [writes, "SELECT nextval('numbers'), nextval($1)", 'deny FunctionNotAllowed'],
  [writes, "SELECT nextval($1), nextval('numbers')", 'deny FunctionNotAllowed'],
  [writes, "SELECT nextval('16384')", 'deny FunctionNotAllowed'],
] as const)('%#: %s', (judge, sql, ...expected) => expect(expected).toContain(judge(sql)))

test.each([
  "SELECT nextval('numbers')",
  "SELECT nextval('public.numbers'::regclass), currval('numbers'), lastval()",
  "INSERT INTO orders VALUES (nextval('numbers')), (nextval('numbers'))",
  "SELECT setval('numbers', (SELECT max(id) FROM orders)::bigint)",
  "CREATE TABLE more (id bigint DEFAULT nextval('numbers'))",
])('%s', sql => expect(writes(sql)).toBe('allow'))

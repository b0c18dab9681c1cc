import { expect, test } from 'vitest'
import { allow, policy } from './test/policies.ts'
import { sqlJudge } from './test/sql.ts'

const judge = sqlJudge({ relations: { 'public.orders': ['id'] } }, [policy({ rules: [allow(['Read'], ['public.*'])] })])

test.each([
  'SELECT setting FROM pg_settings',
  "SELECT setting FROM pg_settings WHERE name = 'data_directory'",
  "SELECT setting FROM pg_settings WHERE name IN ('work_mem', 'hba_file')",
  "SELECT setting FROM pg_settings WHERE name = 'sallyport.username'",
  "SELECT (SELECT setting FROM pg_settings WHERE name = 'work_mem'), setting FROM pg_settings",
  "SELECT reset_val FROM pg_settings WHERE name = 'work_mem' AND setting::int > 1",
  "SELECT rolconfig FROM pg_roles WHERE rolname = 'work_mem'",
])('closed: %s', sql => expect(judge(sql)).toBe('deny SystemCatalogClosed'))

test.each([
  'SELECT setting FROM pg_show_all_settings()',
  "SELECT setting FROM pg_show_all_settings() WHERE name = 'data_directory'",
  "SELECT 1 FROM pg_show_all_settings() WHERE name = 'work_mem' AND EXISTS (SELECT pg_show_all_settings())",
  "SELECT pg_show_all_settings() FROM pg_settings WHERE name = 'work_mem'",
])('not allowed: %s', sql => expect(judge(sql)).toBe('deny FunctionNotAllowed'))

test.each([
  "SELECT setting FROM pg_catalog.pg_settings WHERE name='max_index_keys'", // pgjdbc
  "SELECT set_config('bytea_output','hex',false) FROM pg_show_all_settings() WHERE name = 'bytea_output'", // pgAdmin
  "SELECT * FROM pg_settings WHERE name IN ('work_mem', 'server_version')",
  "SELECT (SELECT setting::int FROM pg_settings WHERE name = 'max_connections') FROM orders",
])('open: %s', sql => expect(judge(sql)).toBe('allow'))

test('a user’s own operator pins nothing', () => {
  const own = sqlJudge({ relations: { 'public.orders': ['id'] } }, [
    policy({ rules: [allow(['*'], ['*.*'])], functions: { allow: ['*.*'] } }),
  ])
  expect(own("SELECT setting FROM pg_settings WHERE name OPERATOR(pg_catalog.=) 'work_mem'")).toBe('allow')
  expect(own("SELECT setting FROM pg_settings WHERE name OPERATOR(public.=) 'work_mem'")).not.toBe('allow')
})

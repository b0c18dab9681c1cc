import { expect, test } from 'vitest'
import { factsIn } from './test/parsed.ts'
import { unknownSetting } from './unknown-settings.ts'

function said(sql: string): string | undefined {
  const [facts] = factsIn(sql)
  const refusal = facts === undefined ? undefined : unknownSetting(facts, 18)
  return refusal === undefined ? undefined : `${refusal.sqlState} ${refusal.message}`
}

test.each([
  'SHOW "No Such"',
  'SET "No Such" = 1',
  'RESET "No Such"',
  "SELECT set_config('No Such', 'x', false)",
  "SELECT current_setting('No Such')",
  "SELECT current_setting('No Such', false) FROM t",
])('%s', sql => expect(said(sql)).toBe('42704 unrecognized configuration parameter "No Such"'))

test.each([
  "SELECT current_setting('nosuch', true)",
  "SELECT current_setting('nosuch', $1)",
  'SET app.nosuch = 1',
  'SET work_mem = 1',
  'SHOW ALL',
  'RESET ALL',
  'SET TIME ZONE LOCAL',
  'SET TRANSACTION READ ONLY',
  'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
  'ALTER ROLE r SET nosuch = 1',
  'CREATE FUNCTION f() RETURNS int SET nosuch = 1 RETURN 1',
])('not said of %s', sql => expect(said(sql)).toBeUndefined())

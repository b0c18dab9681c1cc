import { expect, test } from 'vitest'
import { allow, policy } from './test/policies.ts'
import { sqlJudge } from './test/sql.ts'

const judge = sqlJudge({ relations: { 'public.orders': ['id'] } }, [
  policy({ rules: [allow(['*'], ['*.*'])], functions: { allow: ['*.*'] } }),
])
const nothing = sqlJudge({ relations: { 'public.orders': ['id'] } }, [policy({ rules: [] })])

const withSetting = (clause: string) => `CREATE FUNCTION f() RETURNS int SET ${clause} RETURN 1`

test.each([
  withSetting('data_directory FROM CURRENT'),
  withSetting('statement_timeout FROM CURRENT'), // it may be above the limit of a policy of later
  withSetting('app.tenant FROM CURRENT'),
  withSetting('client_min_messages = log'),
  "SELECT set_config('work_mem', $1, false)",
  'SET work_mem = lots',
  'SHOW data_directory',
])('refused: %s', sql => expect(judge(sql)).toBe('deny SettingNotAllowed'))

test.each([
  'SELECT current_setting($1), current_setting($2::VARCHAR)', // their names are judged at Bind
  "SELECT set_config('jit', $1, false)",
  withSetting('search_path FROM CURRENT'),
  withSetting('work_mem FROM CURRENT'),
  'SET work_mem FROM CURRENT',
])('allowed: %s', sql => expect(judge(sql)).toBe('allow'))

test.each([
  'RESET ROLE',
  'SET SESSION AUTHORIZATION postgres',
  "SET session_authorization = 'postgres'",
  'SET ROLE NONE',
])('refused always: %s', sql => expect(judge(sql)).toBe('deny SetRole'))

test.each([
  'CLOSE ALL',
  'UNLISTEN *',
  'UNLISTEN a',
  'RESET ALL',
  'DISCARD ALL',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
  'DISCARD PLANS',
  'DEALLOCATE ALL',
  'RESET SESSION AUTHORIZATION',
  'SET SESSION AUTHORIZATION DEFAULT',
  "SET TIME ZONE INTERVAL '+01:30' HOUR TO MINUTE",
])('needs no rule: %s', sql => expect(nothing(sql)).toBe('allow'))

test('releasing locks is a SELECT like any other', () => {
  expect(nothing('SELECT pg_advisory_unlock_all()')).toBe('deny KindNotAllowed')
  expect(judge('SELECT pg_advisory_unlock_all()')).toBe('allow')
})

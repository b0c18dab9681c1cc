import { describe, expect, test } from 'vitest'
import { allow, deny, policy } from './test/policies.ts'
import { sqlJudge } from './test/sql.ts'

const description = {
  relations: {
    'old.orders': ['id'],
    'public.totals': { view: ['old.orders'], columns: ['id'] },
    'public.api_keys': ['id'],
  },
}
const rules = [allow(['*'], ['*.*']), deny({ tables: ['public.totals'] })]
const judge = sqlJudge(description, [policy({ rules, functions: { allow: ['*.*'] } })])

describe('a Deny reaches what CASCADE may drop', () => {
  test.each([
    'DROP SCHEMA old CASCADE',
    'DROP TABLE old.orders CASCADE',
    'ALTER TABLE old.orders DROP COLUMN id CASCADE',
    'DROP TYPE pg_catalog.money CASCADE',
    'DROP EXTENSION hstore',
    'DROP OWNED BY agent',
    'REASSIGN OWNED BY agent TO other',
  ])('%s', sql => expect(judge(sql)).toBe('deny PolicyDenied'))

  test('and stops there', () => {
    expect(judge('DROP SCHEMA old')).toBe('allow')
    expect(judge('DROP TABLE old.orders')).toBe('allow')
    expect(judge('DROP TABLE public.api_keys CASCADE')).toBe('allow')
    expect(judge('DROP TYPE pg_catalog.money')).toBe('allow')
  })
})

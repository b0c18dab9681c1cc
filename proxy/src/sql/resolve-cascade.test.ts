import { expect, test } from 'vitest'
import { resolve } from './resolve.ts'
import { type CatalogParts, makeCatalog } from './test/catalog.ts'
import { factsIn } from './test/parsed.ts'
import { accesses, publicPath } from './test/resolving.ts'

const parts: CatalogParts = {
  schemas: ['old', 'code', 'app'],
  relations: [
    { name: 'old.orders', referencedBy: [{ name: 'app.invoices' }], children: ['app.orders_2020'] },
    { name: 'old.lonely' },
    { name: 'app.invoices' },
    { name: 'app.orders_2020' },
    { name: 'app.totals', sort: 'View', reads: ['old.orders'] },
    { name: 'app.report', sort: 'View', reads: ['app.totals'] },
    { name: 'app.report_of_invoices', sort: 'View', reads: ['app.invoices'] },
    { name: 'app.serial', sort: 'Sequence' },
  ],
  functions: [{ name: 'code.f', schema: 'code' }],
  types: [{ name: 'mood', sort: 'Enum' }],
}

function outcome(text: string): { readonly behind: readonly string[]; readonly beyond: boolean } {
  const [facts] = factsIn(text)
  if (facts === undefined) throw new Error('no statement')
  const result = resolve(facts, makeCatalog(parts), publicPath)
  if ('refusal' in result) throw new Error(result.refusal.message)
  const behind = accesses(result.resolved)
    .filter(one => one.startsWith('Behind'))
    .map(one => one.slice(7, -2))
  return { behind: behind.sort(), beyond: result.resolved.beyond === true }
}

const dependents = [
  'AlterTable app.invoices',
  'DropTable app.orders_2020',
  'DropView app.report',
  'DropView app.totals',
]

test.each([
  ['DROP SCHEMA old CASCADE', dependents],
  ['DROP SCHEMA app, old CASCADE', [...dependents, 'DropView app.report_of_invoices']],
  ['DROP TABLE old.orders CASCADE', dependents],
  [
    'ALTER TABLE old.orders DROP COLUMN id CASCADE',
    ['AlterTable app.invoices', 'AlterTable app.orders_2020', 'DropView app.report', 'DropView app.totals'],
  ],
  ['ALTER TABLE old.orders DROP COLUMN id', ['AlterTable app.orders_2020']],
  ['TRUNCATE old.orders CASCADE', ['Truncate app.invoices', 'Truncate app.orders_2020']],
  ['DROP SCHEMA old', []],
  ['DROP SCHEMA IF EXISTS nosuch CASCADE', []],
])('%s', (text, expected) => {
  expect(outcome(text)).toEqual({ behind: [...expected].sort(), beyond: false })
})

test.each([
  'DROP TYPE mood CASCADE',
  'DROP FUNCTION code.f CASCADE',
  'DROP SEQUENCE app.serial CASCADE',
  'DROP SCHEMA code CASCADE',
  'DROP EXTENSION hstore',
  'DROP EXTENSION hstore CASCADE',
  'DROP OPERATOR + (text, text) CASCADE',
  'DROP CAST (text AS text) CASCADE',
  'DROP LANGUAGE plpgsql CASCADE',
  'DROP COLLATION "C" CASCADE',
  'DROP SERVER s CASCADE',
])('what it may drop is not known: %s', text => expect(outcome(text).beyond).toBe(true))

test.each(['DROP TYPE mood', 'DROP FUNCTION code.f', 'DROP TRIGGER x ON app.invoices CASCADE', 'DROP SCHEMA code'])(
  'drops nothing else: %s',
  text => expect(outcome(text).beyond).toBe(false),
)

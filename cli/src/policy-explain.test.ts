import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type PolicyExplainOptions, policyExplain } from './policy-explain.ts'

const manifests = join(import.meta.dirname, '../../examples/read-only-analyst')

async function explain(sql: string, options: Partial<PolicyExplainOptions> = {}) {
  const lines: string[] = []
  const code = await policyExplain(sql, {
    manifests,
    as: 'idp:alice',
    groups: ['idp:analysts'],
    claims: {},
    database: 'shop',
    searchPath: '"$user", public',
    catalog: join(manifests, 'tests.yaml'),
    output: 'table',
    print: line => lines.push(line),
    ...options,
  })
  return { code, lines }
}

const who = [
  'subject    idp:alice (idp:analysts)',
  'gateway    data/shop, database shop, as role agent_ro',
  'policies   data/analysts-read',
]

test('refused: 1, with what decided each part', async () => {
  expect(
    await explain('WITH gone AS (DELETE FROM orders RETURNING id) SELECT pg_sleep(1) FROM gone, key_owners'),
  ).toEqual({
    code: 1,
    lines: [
      ...who,
      '',
      'WITH gone AS (DELETE FROM orders RETURNING id) SELECT pg_sleep(1) FROM gone, key_owners',
      '  Select',
      '  Delete  public.orders          (*)       Deny   no rule allows it',
      '  Select  public.orders          (id)      Allow  rule "reads" of data/analysts-read',
      '  Select  public.key_owners                Deny   no rule allows it',
      '  Select  public.api_keys        (behind)  Deny   rule "secrets" of data/analysts-read',
      '  call    pg_catalog.pg_sleep()            Deny   function pg_catalog.pg_sleep(double precision), which sleeps, holding what the transaction holds; no policy allows it',
      'Deny       keys are for the payments service only',
      '           code=PolicyDenied policy=data/analysts-read rule=secrets relation=public.api_keys',
      '           hint: No other rule can allow this; leave it out of the statement.',
    ],
  })
})

test('a login that no policy is about', async () => {
  const { code, lines } = await explain('SELECT 1', { as: 'idp:mallory', groups: [] })
  expect(code).toBe(1)
  expect(lines).toContain('Deny       NoPolicy: no policy lets "idp:mallory" use database "shop"')
})

test('what PostgreSQL itself would refuse', async () => {
  expect((await explain('SELECT * FROM nowhere')).lines).toContain(
    'Deny       42P01: relation "nowhere" does not exist',
  )
})

test('allowed: 0, and what would be sent', async () => {
  const { code, lines } = await explain("SELECT * FROM search_products('lamp')")
  expect(code).toBe(0)
  expect(lines).toContain('  call  public.search_products()    Allow  functions.allow of data/analysts-read')
  expect(lines.at(-1)).toBe("rewritten  SELECT * FROM public.search_products('lamp')")
})

test('several statements and a setting, for programs', async () => {
  const { lines } = await explain("SET timezone = 'UTC'; SELECT relname FROM pg_class", { output: 'yaml' })
  const [item] = parse(lines.join('\n')).items
  expect(item).toMatchObject({ verdict: 'Allow', role: 'agent_ro' })
  expect(item.statements[0].settings).toEqual([
    { what: 'Set timezone', verdict: 'Allow', because: 'listed as harmless' },
  ])
  expect(item.statements[1].relations[0]).toMatchObject({ what: 'pg_catalog.pg_class', verdict: 'Allow' })
})

test('bad usage', async () => {
  await expect(explain('SELECT 1', { gateway: 'data/other' })).rejects.toThrow('there is: data/shop')
  await expect(explain('SELECT 1', { catalog: '/nowhere' })).rejects.toThrow('/nowhere cannot be read')
})

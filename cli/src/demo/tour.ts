/** The main job, played visibly: an ordinary driver, statements, and what the gateway says to each. */
import { join } from 'node:path'
import type pg from 'pg'
import { asSuperuser } from './database.ts'
import { addRule } from './manifests.ts'
import { drawAnswer, type Refused, refusalOf } from './play.ts'
import type { Say, Stage } from './stage.ts'

interface Step {
  readonly say?: string
  readonly as: string
  readonly role: string
  readonly sql: string
  /** A reason code, or `rows`. */
  readonly expect: string
  /** SQL whose answer shows that nothing happened; the number that it gives. */
  readonly untouched?: readonly [sql: string, count: number]
}

const alice = { as: 'alice', role: 'agent_ro' } as const
const support = { as: 'support', role: 'agent_support' } as const
const perTenant = 'SELECT tenant, count(*) FROM orders GROUP BY tenant'
const all = ['SELECT count(*)::int AS n FROM orders', 60] as const

const steps: readonly Step[] = [
  {
    say: 'alice is an analyst: she reads.',
    ...alice,
    sql: 'SELECT name, city FROM customers ORDER BY id LIMIT 3',
    expect: 'rows',
  },
  {
    ...alice,
    sql: 'SELECT p.name, sum(o.total) FROM orders o JOIN products p ON p.id = o.product_id GROUP BY 1 ORDER BY 2 DESC',
    expect: 'rows',
  },
  {
    say: 'She writes nothing, also not by a back door.',
    ...alice,
    sql: "UPDATE orders SET status = 'lost'",
    expect: 'WriteNotAllowed',
    untouched: all,
  },
  {
    ...alice,
    sql: 'WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone',
    expect: 'WriteNotAllowed',
    untouched: all,
  },
  { ...alice, sql: 'SELECT 1; DROP TABLE orders', expect: 'KindNotAllowed', untouched: all },
  { ...alice, sql: "SELECT pg_read_file('/etc/passwd')", expect: 'FunctionNotAllowed' },
  { ...alice, sql: 'SELECT * FROM api_keys', expect: 'PolicyDenied' },
  {
    say: 'Two support agents, one statement: the tenant comes from the token, and row-level security uses it.',
    ...support,
    sql: perTenant,
    expect: 'rows',
  },
  { as: 'support-globex', role: 'agent_support', sql: perTenant, expect: 'rows' },
  {
    ...support,
    sql: `SELECT set_config('request.jwt.claims', '{"tenant":"globex"}', false)`,
    expect: 'SettingNotAllowed',
  },
  {
    say: 'DDL needs approval. Approvals come with a later version: until then, RequireApproval refuses.',
    as: 'migrator',
    role: 'agent_migrations',
    sql: 'ALTER TABLE products ADD COLUMN weight int',
    expect: 'ApprovalNotSupported',
  },
  { say: 'mallory has a token, and no policy.', as: 'mallory', role: 'agent_ro', sql: 'SELECT 1', expect: 'NoPolicy' },
]

/** Whether all came out as expected. */
export async function playTour(stage: Stage, say: Say): Promise<boolean> {
  const clients = new Map<string, pg.Client>()
  try {
    let well = true
    for (const step of steps) well = (await play(step, stage, clients, say)) && well
    return (await editPolicy(stage, clients, say)) && well
  } finally {
    for (const client of clients.values()) await client.end()
  }
}

async function play(step: Step, stage: Stage, clients: Map<string, pg.Client>, say: Say): Promise<boolean> {
  if (step.say !== undefined) say(`\n${step.say}`)
  const answer = await ask(step, stage, clients)
  for (const line of drawAnswer(step.as, step.sql, answer)) say(line)
  const code = 'rows' in answer ? 'rows' : answer.code
  const isUntouched = await nothingHappened(step, stage)
  if (step.untouched !== undefined && isUntouched) say(`     (still ${step.untouched[1]} orders)`)
  if (code === step.expect && isUntouched) return true
  say(`  !  not as expected: ${step.expect}${isUntouched ? '' : ', and the data has changed'}`)
  return false
}

async function ask(
  { as, role, sql }: Step,
  stage: Stage,
  clients: Map<string, pg.Client>,
): Promise<pg.QueryResult | Refused> {
  try {
    const client = clients.get(as) ?? (await stage.connect(as, role))
    clients.set(as, client)
    return await client.query(sql)
  } catch (error) {
    return refusalOf(error)
  }
}

async function nothingHappened({ untouched }: Step, { superuser }: Stage): Promise<boolean> {
  if (untouched === undefined) return true
  const [sql, count] = untouched
  const [row] = await asSuperuser(superuser, sql)
  return JSON.stringify(row) === JSON.stringify({ n: count })
}

const rule = '{name: no-orders-today, action: Deny, tables: [public.orders], message: "orders are being counted"}'

/** The policy is edited while a session runs: it bites at the session's next statement. */
async function editPolicy(stage: Stage, clients: Map<string, pg.Client>, say: Say): Promise<boolean> {
  const file = join(stage.manifests, 'read-only-analyst.yaml')
  say('\nA policy is edited while alice is logged in, and bites at her next statement.')
  const step = { ...alice, sql: 'SELECT count(*) FROM orders' }
  const before = await play({ ...step, expect: 'rows' }, stage, clients, say)
  const undo = await addRule(file, rule)
  say(`     + ${rule}`)
  const edited = performance.now()
  const inForce = await until(async () => !('rows' in (await ask({ ...step, expect: '' }, stage, clients))))
  const after = await play({ ...step, expect: 'PolicyDenied' }, stage, clients, say)
  if (inForce) say(`     (in force ${Math.round(performance.now() - edited)} ms after the file was written)`)
  await undo()
  const restored = await until(async () => 'rows' in (await ask({ ...step, expect: '' }, stage, clients)))
  say(restored ? '     the rule is taken out again, and she may' : '  !  the rule was taken out, and she still may not')
  return before && inForce && after && restored
}

/** Within five seconds: two are promised. */
async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = performance.now() + 5_000; performance.now() < deadline; ) {
    if (await isSo()) return true
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return false
}

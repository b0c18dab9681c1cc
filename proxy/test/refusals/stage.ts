/** Where attacks are played: a server with a scenery, reached directly or through a gateway, and who watches it. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { encodeBind, encodeDescribe, encodeExecute, encodeParse, encodeQuery, encodeSync } from '../../src/wire/frontend.ts'
import { allow, type PolicyParts, startGateway, type TestGateway } from '../gateway.ts'
import { RawClient, type RawOptions } from '../raw-client.ts'
import { connect, type Major, startPostgres } from '../servers.ts'
import type { Attack, Effect } from './attack.ts'
import { changes, type World, worldSql } from './world.ts'

/** The policy of the corpus: reads of public, but for the keys; DDL once somebody has approved. The role could do anything. */
export const attacked: PolicyParts = {
  name: 'reads',
  role: 'agent_all',
  rules: [
    allow('reads', ['Read'], ['public.*']),
    { name: 'secrets', action: 'Deny', tables: ['public.api_keys'], message: 'keys are for the payments service only' },
    { name: 'ddl', action: 'RequireApproval', statements: ['DDL'] },
  ],
}

/** Values that no byte of an answer may hold, in any of the usual clothes. */
const secrets = [
  'sk-live-1',
  'sk-live-2',
  'salary-secret',
  'lob-secret',
  'loot-secret',
  'mapping-secret',
  'missing-secret',
  'role-setting-secret',
  'victim-secret',
  'overheard-secret',
  'SCRAM-SHA-256$',
].flatMap(secret => [
  secret,
  [...secret].reverse().join(''),
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
])

export type Mode = 'simple' | 'extended'

export interface Outcome {
  readonly seen: readonly Effect[]
  /** For people: errors and what was seen. */
  readonly text: string
  readonly isClosed: boolean
}

const asleepMs = 450

export class Stage {
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>
  readonly loot: string
  readonly gateway: TestGateway | undefined
  readonly token: string
  database = 'lair'
  /** The superuser, in the database of the attack. */
  spy: pg.Client
  #victim: pg.Client | undefined
  #notifications = 0
  #databases = 0
  #dirty = false

  private constructor(server: Stage['postgres'], loot: string, spy: pg.Client, gateway: TestGateway | undefined, token: string) {
    this.postgres = server
    this.loot = loot
    this.gateway = gateway
    this.token = token
    this.spy = spy
  }

  static async start(major: Major, through: 'direct' | 'gateway'): Promise<Stage> {
    const server = await startPostgres(major, serverSettings)
    const loot = await mkdtemp(join(tmpdir(), 'sallyport-loot-'))
    await chmod(loot, 0o777)
    await writeFile(join(loot, 'secret.txt'), 'loot-secret\n', { mode: 0o644 })
    await server.sql(await scenery('cluster.sql'), 'postgres').catch(async () => {
      for (const each of (await scenery('cluster.sql')).split(';\n')) await server.sql(each, 'postgres')
    })
    await server.createDatabase('lair')
    await server.sql(await scenery('scenery.sql'), 'lair')
    const gateway = through === 'gateway' ? await startGateway({ postgres: server, policies: [attacked] }) : undefined
    const token = (await gateway?.token()) ?? ''
    const stage = new Stage(server, loot, await connect({ connectionString: server.url('lair') }), gateway, token)
    await stage.#listen()
    return stage
  }

  async stop(): Promise<void> {
    await this.gateway?.stop()
    await this.spy.end()
    await this.#victim?.end().catch(() => undefined)
    await this.postgres.stop()
    await rm(this.loot, { recursive: true, force: true })
  }

  connect(more: Partial<RawOptions> = {}): Promise<RawClient> {
    const port = this.gateway?.port ?? this.postgres.port
    return RawClient.connect({ port, user: 'agent_all', database: this.database, password: this.token, ...more })
  }

  /** Plays one attack in a session of its own, and says what it did. */
  async attempt(attack: Attack, mode: Mode): Promise<Outcome> {
    await this.#prepare(attack)
    const client = await this.connect()
    const probed = await this.#probe(client)
    client.take()
    const before = await this.world()
    const notifications = this.#notifications
    const startedAt = performance.now()
    if (attack.play === undefined) for (const text of attack.sql) await ask(client, this.fill(text), mode)
    else await attack.play(client, this)
    const tookMs = performance.now() - startedAt
    await this.spy.query(`NOTIFY ears, 'overheard-secret'`)
    if (attack.effect === 'notified' || attack.name.includes('LISTEN')) await pause(this.gateway === undefined ? 100 : 20)
    const after = await this.world()
    const bytes = Buffer.concat(client.take().map(message => message.bytes)).toString('latin1')
    const again = await this.#probe(client)
    client.close()
    const seen = new Set<Effect>(changes(before, after))
    if (again !== undefined && again !== probed) seen.add('setting')
    if (tookMs >= asleepMs) seen.add('asleep')
    if (this.#notifications > notifications) seen.add('notified')
    if (secrets.some(secret => bytes.includes(secret)) || attack.says?.test(bytes) === true) seen.add('told')
    this.#dirty = ['rows', 'objects', 'upkeep'].some(effect => seen.has(effect as Effect))
    return { seen: [...seen], text: printable(bytes), isClosed: client.isClosed }
  }

  async world(): Promise<World> {
    const { rows } = await this.spy.query(worldSql(this.loot))
    return new Map(rows.map(({ effect, value }) => [effect, value]))
  }

  /** Texts may name what is known only here. */
  fill(text: string): string {
    return text.replaceAll('$LOOT', this.loot).replaceAll('$VICTIM', String(this.#victimPid)).replaceAll('$PORT', String(this.postgres.port))
  }

  #victimPid = 0

  async #prepare(attack: Attack): Promise<void> {
    if (this.gateway === undefined && this.#dirty) await this.#refresh()
    this.#dirty = false
    if (attack.before !== undefined) await this.spy.query(this.fill(attack.before))
    await this.#haveVictim()
  }

  /** A copy of the scenery as it was. */
  async #refresh(): Promise<void> {
    await this.spy.end()
    const old = this.database
    this.database = `direct_${++this.#databases}`
    const admin = await connect({ connectionString: this.postgres.url('postgres') })
    await admin.query(`CREATE DATABASE ${this.database} TEMPLATE lair`)
    if (old !== 'lair') await admin.query(`DROP DATABASE IF EXISTS ${old} WITH (FORCE)`)
    await admin.end()
    this.spy = await connect({ connectionString: this.postgres.url(this.database) })
    await this.#listen()
  }

  async #listen(): Promise<void> {
    this.spy.on('notification', ({ channel }) => {
      if (channel === 'spy') this.#notifications += 1
    })
    await this.spy.query('LISTEN spy')
  }

  async #haveVictim(): Promise<void> {
    const { rows } = await this.spy.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'`)
    if (rows.length > 0) return
    this.#victim = await connect({ connectionString: this.postgres.url('postgres'), application_name: 'victim' })
    const answer = await this.#victim.query(`SELECT pg_backend_pid() AS pid, 'victim-secret' AS secret`)
    this.#victimPid = answer.rows[0].pid
  }

  /** What the session is and has set; undefined where it cannot say any more. */
  async #probe(client: RawClient): Promise<string | undefined> {
    if (client.isClosed) return undefined
    client.take()
    await ask(client, 'ROLLBACK', 'simple')
    client.take()
    await ask(client, 'SELECT seen FROM public.probe', 'simple')
    const row = client.take().find(message => message.name === 'DataRow')
    return row?.bytes.subarray(11).toString('utf8')
  }
}

/** Sends a text and waits for its end. */
export async function ask(client: RawClient, text: string, mode: Mode): Promise<void> {
  if (client.isClosed) return
  const before = client.received.filter(message => message.name === 'ReadyForQuery').length
  if (mode === 'simple') client.send(encodeQuery(text))
  else {
    const messages = [encodeParse('', text), encodeBind({}), encodeDescribe('Portal', ''), encodeExecute(''), encodeSync()]
    client.send(Buffer.concat(messages))
  }
  await client.until('ReadyForQuery', 5_000, before + 1)
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function printable(bytes: string): string {
  return bytes.replace(/[^\x20-\x7e]+/g, '·').slice(0, 400)
}

function scenery(file: string): Promise<string> {
  return readFile(new URL(file, import.meta.url), 'utf8')
}

const serverSettings = {
  wal_level: 'logical',
  max_prepared_transactions: '64',
  max_replication_slots: '60',
  log_line_prefix: '%u ',
  log_min_duration_statement: '0',
}

/** Where attacks are played: a server with a scenery, reached directly or through a gateway, and who watches it. */
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { allow, allowAll, type PolicyParts, startGateway, type TestGateway } from '../gateway.ts'
import { serverUser } from '../postgres-server.ts'
import { RawClient, type RawOptions } from '../raw-client.ts'
import { connect, type Major, startPostgres } from '../servers.ts'
import type { Attack, Effect } from './attack.ts'
import { tells } from './secrets.ts'
import { ask, type Mode, pause } from './talk.ts'
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

export interface Outcome {
  readonly seen: readonly Effect[]
  /** For people: errors and what was seen. */
  readonly text: string
}

const asleepMs = 450

/** What is tried in a transaction that is undone, where that can be. */
const undoing: readonly Effect[] = ['rows', 'objects', 'upkeep']
/** After these the direct side gets a fresh database. */
const lasting: readonly Effect[] = ['objects', 'upkeep']

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
  #dirty = true
  #lastWorld: World | undefined
  /** What a new session is and has set. */
  #probed: string | undefined

  private constructor(
    server: Stage['postgres'],
    loot: string,
    spy: pg.Client,
    gateway: TestGateway | undefined,
    token: string,
  ) {
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
    await mkdir(join(loot, 'space'))
    const { uid, gid } = await serverUser()
    if (uid !== undefined) await chown(join(loot, 'space'), uid, gid ?? uid)
    await writeFile(join(loot, 'secret.txt'), 'loot-secret\n', { mode: 0o644 })
    await server.sql(await scenery('cluster.sql'), 'postgres').catch(async () => {
      for (const each of (await scenery('cluster.sql')).split(';\n')) await server.sql(each, 'postgres')
    })
    await server.createDatabase('lair')
    await server.sql((await scenery('scenery.sql')).replaceAll('$LOOT', loot), 'lair')
    const gateway = through === 'gateway' ? await startGateway({ postgres: server, policies: [attacked] }) : undefined
    const token = (await gateway?.token()) ?? ''
    const stage = new Stage(server, loot, await connect({ connectionString: server.url('lair') }), gateway, token)
    await stage.#listen()
    return stage
  }

  async stop(): Promise<void> {
    for (const client of this.#readied.values()) client.close()
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

  /** Plays one attack, once in each mode, each time in a session of its own, and says what it did. */
  async attempt(attack: Attack, modes: readonly Mode[]): Promise<Outcome> {
    await this.#prepare(attack)
    if (attack.first !== undefined && this.gateway === undefined) await this.#firstAct(attack)
    const before = this.#lastWorld ?? (await this.world())
    this.#lastWorld = undefined
    if (this.gateway === undefined && canBeUndone(attack)) {
      const outcome = await this.#tryAndUndo(attack, before)
      if (outcome !== undefined) return outcome
    }
    const notifications = this.#notifications
    const played = []
    for (const mode of modes) played.push(await this.#play(attack, mode))
    const after = await this.world(before)
    const listens = attack.name.includes('LISTEN')
    if (listens) await this.spy.query(`NOTIFY ears, 'overheard-secret'`)
    if (listens || attack.effect === 'notified') await pause(50)
    const seen = new Set<Effect>(changes(before, after))
    if (seen.size === 0 && !listens) this.#lastWorld = after
    this.#dirty = lasting.some(effect => seen.has(effect))
    const texts: string[] = []
    for (const { client, other, tookMs } of played) {
      const bytes = Buffer.concat([...client.take(), ...(other?.take() ?? [])].map(message => message.bytes)).toString(
        'latin1',
      )
      texts.push(printable(bytes))
      if (attack.effect === 'asleep' && tookMs >= asleepMs) seen.add('asleep')
      if (tells(bytes) || attack.says?.test(bytes) === true) seen.add('told')
      if (attack.first !== undefined) continue // stays as it is: what it would let go of at its end is no trace of the next one
      const probed = await this.#probe(client)
      if (probed !== undefined && this.#probed !== undefined && probed !== this.#probed) seen.add('setting')
      client.close()
      other?.close()
    }
    if (this.#notifications > notifications) seen.add('notified')
    if (seen.has('rows') && !this.#dirty) await this.#refill()
    return { seen: [...seen], text: texts.join(' / ') }
  }

  /** What attacks take away: after one that worked, the next must show as well. */
  async #refill(): Promise<void> {
    await this.spy.query(
      `INSERT INTO public.orders (customer_id, total) SELECT 1, n FROM generate_series(1, 3) n WHERE NOT EXISTS (SELECT FROM public.orders)`,
    )
    await this.spy.query(
      `SELECT lo_from_bytea(4711, 'lob-secret') WHERE NOT EXISTS (SELECT FROM pg_largeobject_metadata WHERE oid = 4711)`,
    )
    await this.spy.query(`SELECT lo_put(4711, 0, 'lob-secret')`)
    this.#lastWorld = undefined
  }

  /** In a transaction of the spy's own, which saves a fresh database; undefined: it has to be done for good. */
  async #tryAndUndo(attack: Attack, before: World): Promise<Outcome | undefined> {
    try {
      await this.spy.query('BEGIN')
      for (const text of attack.sql) await this.spy.query(this.fill(text))
      await this.spy.query('SET LOCAL search_path = pg_catalog, public')
      const seen = changes(before, await this.world())
      return seen.includes(attack.effect) ? { seen, text: '' } : undefined
    } catch {
      return undefined
    } finally {
      await this.spy.query('ROLLBACK')
      await this.spy.query('DEALLOCATE ALL')
      this.#lastWorld = new Map([...before, ...(await this.#look(worldSql(this.loot).glance))])
    }
  }

  /** Leaves the session open: what it holds is still to be seen. */
  async #play(
    attack: Attack,
    mode: Mode,
  ): Promise<{ client: RawClient; other: RawClient | undefined; tookMs: number }> {
    const client = this.#readied.get(attack.name) ?? (await this.connect())
    if (attack.first === undefined) this.#probed ??= await this.#probe(client)
    if (this.#probed === undefined && attack.first === undefined) throw new Error('a new session cannot say who it is')
    client.take()
    const startedAt = performance.now()
    if (attack.play === undefined) for (const text of attack.sql) await ask(client, this.fill(text), mode)
    const other = await attack.play?.(client, this)
    return { client, other, tookMs: performance.now() - startedAt }
  }

  readonly #readied = new Map<string, RawClient>()

  /** The first acts of all, before the policy changes: a change takes a second. */
  async firstActs(attacks: readonly Attack[]): Promise<void> {
    await this.policy('allowAll')
    for (const attack of attacks) if (attack.first !== undefined) await this.#firstAct(attack)
    await this.policy('attacked')
    this.#lastWorld = undefined
  }

  async #firstAct(attack: Attack): Promise<void> {
    const client = await this.connect()
    await attack.first?.(client, this)
    this.#readied.set(attack.name, client)
    this.#lastWorld = undefined
    client.take()
  }

  /** Lets everything through, or again what the corpus's policy does; directly there is none. */
  async policy(which: 'allowAll' | 'attacked'): Promise<void> {
    if (this.gateway === undefined) return
    await this.gateway.setPolicies([which === 'attacked' ? attacked : allowAll])
    const probe = await this.connect()
    for (let tries = 0; tries < 100; tries++) {
      probe.take()
      await ask(probe, 'SELECT pg_sleep(0)', 'simple')
      const refused = probe.take().some(message => message.bytes.includes('FunctionNotAllowed'))
      if (refused === (which === 'attacked')) break
      await pause(50)
    }
    probe.close()
  }

  /** Now; where nothing was written since `known`, most of it is as it was then. */
  async world(known?: World): Promise<World> {
    const sql = worldSql(this.loot)
    try {
      const seen = await this.#look(sql.glance)
      if (known !== undefined && seen.get('xid') === known.get('xid')) return new Map([...known, ...seen])
      return new Map([...seen, ...(await this.#look(sql.rest))])
    } catch (error) {
      if (!(error instanceof Error) || !/lock timeout/.test(error.message)) throw error
      return this.#look(sql.lock)
    }
  }

  async #look(sql: string): Promise<Map<string, string>> {
    const { rows } = await this.spy.query(sql)
    return new Map(rows.map(({ part, value }) => [part, value]))
  }

  /** Texts may name what is known only here. */
  fill(text: string): string {
    return text
      .replaceAll('$LOOT', this.loot)
      .replaceAll('$VICTIM', String(this.#victimPid))
      .replaceAll('$DATABASE', this.database)
      .replaceAll('$PORT', String(this.postgres.port))
  }

  #victimPid = 0

  async #prepare(attack: Attack): Promise<void> {
    if (this.gateway === undefined && this.#dirty) await this.#refresh()
    if (this.gateway === undefined && this.database === 'lair') await this.#refresh()
    if (attack.before !== undefined) {
      this.#lastWorld = undefined
      for (const text of this.fill(attack.before).split(/;\n/)) await this.spy.query(text)
      if (this.gateway !== undefined && attack.effect !== 'cluster') await pause(1_500) // until the gateway has seen it
    }
    await this.#haveVictim()
  }

  /** A copy of the scenery as it was. */
  async #refresh(): Promise<void> {
    await this.#letGo()
    await this.spy.end()
    const old = this.database
    this.#dirty = false
    this.#lastWorld = undefined
    this.database = `direct_${++this.#databases}`
    const admin = await connect({ connectionString: this.postgres.url('postgres') })
    await admin.query(`CREATE DATABASE ${this.database} TEMPLATE lair`)
    if (old !== 'lair') await admin.query(`DROP DATABASE IF EXISTS ${old} WITH (FORCE)`)
    await admin.end()
    this.spy = await connect({ connectionString: this.postgres.url(this.database) })
    await this.#listen()
  }

  /** What keeps a database from being dropped. */
  async #letGo(): Promise<void> {
    const here = `database = current_database()`
    const { rows } = await this.spy.query(`SELECT gid FROM pg_prepared_xacts WHERE ${here}`)
    for (const { gid } of rows) await this.spy.query(`ROLLBACK PREPARED '${gid}'`)
    await this.spy.query(
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE ${here} AND NOT active`,
    )
  }

  async #listen(): Promise<void> {
    this.spy.on('notification', ({ channel }) => {
      if (channel === 'spy') this.#notifications += 1
    })
    await this.spy.query(`SET lock_timeout = '300ms'`)
    await this.spy.query('LISTEN spy')
  }

  async #haveVictim(): Promise<void> {
    const { rows } = await this.spy.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'`)
    if (rows.length > 0) return
    this.#lastWorld = undefined
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

/** Whether it can be tried in a transaction: it has none of its own, and what it does ends with it. */
function canBeUndone({ effect, sql, play }: Attack): boolean {
  if (play !== undefined || !undoing.includes(effect)) return false
  return !sql.some(text => /\b(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|VACUUM|DISCARD)\b/i.test(text))
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

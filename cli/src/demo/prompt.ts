/** A prompt for the evaluator: SQL as one of the demo's agents, by the driver that the tour uses. */
import { createInterface } from 'node:readline/promises'
import type pg from 'pg'
import { drawAnswer, refusalOf } from './play.ts'
import type { Say, Stage } from './stage.ts'

const roles: Readonly<Record<string, string>> = {
  alice: 'agent_ro',
  support: 'agent_support',
  'support-globex': 'agent_support',
  migrator: 'agent_migrations',
  mallory: 'agent_ro',
}

/** Until Ctrl-C, Ctrl-D or a signal. Without a terminal there is no prompt, and it only waits. */
export async function askAround(stage: Stage, say: Say): Promise<void> {
  if (!process.stdin.isTTY) return untilSignal()
  say('  or here   SQL and Enter, as alice; \\as NAME changes who\n')
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'alice=> ' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => lines.close())
  lines.once('SIGINT', () => lines.close())
  const session = new Session(stage)
  lines.prompt()
  for await (const line of lines) {
    await session.answer(line.trim(), say)
    lines.setPrompt(`${session.who}=> `)
    lines.prompt()
  }
  await session.close()
}

async function untilSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  const alive = setInterval(() => undefined, 60_000) // a promise alone keeps no process
  await promise
  clearInterval(alive)
}

class Session {
  readonly #stage: Stage
  #client: pg.Client | undefined
  who = 'alice'

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async answer(line: string, say: Say): Promise<void> {
    const [, name] = /^\\as\s+(\S+)$/.exec(line) ?? []
    if (name !== undefined) return this.#become(name, say)
    if (line === '') return
    try {
      this.#client ??= await this.#stage.connect(this.who, roles[this.who] ?? 'agent_ro')
      const result: pg.QueryResult | pg.QueryResult[] = await this.#client.query(line)
      for (const each of [result].flat()) for (const text of drawAnswer(this.who, line, each).slice(1)) say(text)
    } catch (error) {
      const refused = refusalOf(error)
      for (const text of drawAnswer(this.who, line, refused).slice(1)) say(text)
      if (refused.code === 'NoAnswer') await this.close() // the session is over: the next line opens another
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => undefined)
  }

  async #become(name: string, say: Say): Promise<void> {
    if (roles[name] === undefined) return say(`     there is ${Object.keys(roles).join(', ')}`)
    await this.close()
    this.who = name
  }
}

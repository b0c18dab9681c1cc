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
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end())
  if (!process.stdin.isTTY) {
    const alive = setInterval(() => undefined, 60_000)
    await over
    clearInterval(alive)
    return
  }
  say('  or here   SQL and Enter, as alice; \\as NAME changes who\n')
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'alice=> ' })
  const session = new Session(stage)
  lines.on('line', line => {
    lines.pause()
    session.answer(line.trim(), say).finally(() => {
      lines.setPrompt(`${session.who}=> `)
      lines.prompt()
    })
  })
  for (const event of ['close', 'SIGINT'] as const) lines.once(event, () => end())
  lines.prompt()
  await over
  lines.close()
  await session.close()
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

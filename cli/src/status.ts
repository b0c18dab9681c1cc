/** `sallyport status`: is the gateway on this machine well, by what its admin port says? */

import type { Command } from 'commander'
import { type Format, formatFlag, formatOf, type Print, printItems, table } from './output.ts'
import { UsageError } from './usage.ts'

interface StatusOptions {
  readonly admin: string
  readonly output: Format
  readonly print?: Print
}

interface HealthCheck {
  readonly check: string
  /** `Failing` makes the gateway not ready; `Warning` is only told. */
  readonly state: 'Ok' | 'Warning' | 'Failing'
  readonly text: string
}

export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('the gateway at a glance: what its readiness rests on')
    .option('--admin <host:port>', 'where `serve --admin` listens', '127.0.0.1:9187')
    .option(...formatFlag)
    .action(async ({ admin, output }: { readonly admin: string; readonly output: string }) => {
      process.exitCode = await status({ admin, output: formatOf(output) })
    })
}

/** 0: ready; 1: not, or nobody answers. */
export async function status({ admin, output, print = console.log }: StatusOptions): Promise<0 | 1> {
  const response = await ask(admin)
  if (response === undefined) {
    print(`nothing answers at ${admin}`)
    return 1
  }
  const checks = checksIn(await response.text())
  if (output === 'table') for (const line of drawn(checks)) print(line)
  else printItems(checks, output, print)
  return response.ok ? 0 : 1
}

async function ask(admin: string): Promise<Response | undefined> {
  const url = `http://${admin}/readyz?verbose`
  if (!URL.canParse(url)) throw new UsageError(`--admin ${admin}: write it as HOST:PORT`)
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
}

const states: Readonly<Record<string, HealthCheck['state']>> = { '+': 'Ok', '!': 'Warning', '-': 'Failing' }

/** `[+] name: text`, one a line. */
function checksIn(text: string): readonly HealthCheck[] {
  return text.split('\n').flatMap(line => {
    const [, sign = '', check = '', told = ''] = /^\[(.)\] (.+?): (.*)$/.exec(line) ?? []
    const state = states[sign]
    return state === undefined ? [] : [{ check, state, text: told }]
  })
}

function drawn(checks: readonly HealthCheck[]): readonly string[] {
  return table(
    ['CHECK', 'STATE', ''],
    checks.map(({ check, state, text }) => [check, state, text]),
  )
}

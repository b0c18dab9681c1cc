/** What a client wants set from the start: judged as SET would be, and sent on as startup parameters. */
import { judgeSetting } from '../policy/checks/setting-not-allowed.ts'
import type { StatementLimits } from '../policy/decision.ts'
import type { Reason } from '../policy/reason.ts'
import { parseStartupOptions, type StartupSetting } from '../session/startup-options.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import type { StartupMessage } from '../wire/startup.ts'

export interface StartupWishes {
  readonly user: string
  readonly database: string
  readonly settings: readonly StartupSetting[]
  /** `-c sallyport.auth=oauth` */
  readonly wantsOAuth: boolean
  readonly reason?: Reason
}

const notSettings = new Set(['user', 'database', 'options', 'replication'])

/** Raises PeerProtocolError where the server would. */
export function readWishes({ parameters }: StartupMessage): StartupWishes {
  const user = parameters.get('user') ?? ''
  const fromOptions = parseStartupOptions(parameters.get('options') ?? '')
  const own = [...parameters]
    .filter(([name]) => !notSettings.has(name))
    .map(([name, value]) => ({ name: name.toLowerCase(), value }))
  const all = [...fromOptions, ...own]
  const isReplication = !['', 'false', 'off', 'no', '0'].includes(parameters.get('replication')?.toLowerCase() ?? '')
  return {
    user,
    database: parameters.get('database') || user,
    settings: all.filter(setting => setting.name !== authSetting),
    wantsOAuth: all.some(setting => setting.name === authSetting && setting.value.toLowerCase() === 'oauth'),
    ...(isReplication ? { reason: replication } : user === '' ? { reason: noUser } : {}),
  }
}

const authSetting = 'sallyport.auth'
const replication: Reason = { code: 'Replication', text: 'replication connections do not pass this gateway' }
const noUser: Reason = {
  code: 'NoRole',
  text: 'no PostgreSQL user name specified in startup packet',
  hint: 'Name the PostgreSQL role as user.',
}

/** The first setting that may not have its value. */
export function refuseSetting(
  settings: readonly StartupSetting[],
  server: ServerMajor,
  limits: StatementLimits,
): Reason | undefined {
  for (const { name, value } of settings) {
    const access = {
      act: 'Set',
      name,
      values: splitList(name, value),
      local: false,
      span: { start: 0, end: 0 },
    } as const
    const reason = judgeSetting(access, { server, limits })
    if (reason !== undefined) return withoutLocation(reason)
  }
  return undefined
}

function withoutLocation({ location: _, ...reason }: Reason): Reason {
  return reason
}

/** In a startup packet a list is one string; SET gives one value an element. */
function splitList(name: string, value: string): readonly string[] {
  return name === 'datestyle' || name === 'search_path' ? value.split(',').map(part => part.trim()) : [value]
}

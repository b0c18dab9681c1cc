/**
 * Which settings a session may read and change, by server version. Names and values both: what is not listed is neither
 * read nor changed. Identity settings (`role`, `session_authorization`, `sallyport.*`) are judged before this list is asked.
 */
import type { ServerMajor } from '../catalog.ts'
import table from './settings.generated.json' with { type: 'json' }
import type { ValueRule } from './settings-values.ts'
import { writableSettings } from './settings-writable.ts'

export interface SettingRule {
  /** As PostgreSQL stores it, in lower case: aliases and case are gone. */
  readonly name: string
  readonly read: boolean
  /** False: never. Otherwise says true, or what is wrong with the values; DEFAULT and RESET are always right then. */
  readonly write: false | ValueRule
  readonly boundedBy?: 'statementTimeout'
  /** For messages and docs: why it is so. */
  readonly note: string
}

const spans: ReadonlyMap<string, readonly number[]> = new Map(Object.entries(table.settings))

/** Names that PostgreSQL takes for another. */
const aliases: Readonly<Record<string, string>> = {
  'time zone': 'timezone',
  sort_mem: 'work_mem',
  vacuum_mem: 'maintenance_work_mem',
}

/** Built-in settings whose values tell of the server's files, commands, network or secrets. */
const unreadable: readonly (readonly [pattern: RegExp, note: string])[] = [
  [/^log_|^logging_|^syslog_|^event_source$|^backtrace_functions$/, 'concerns the server’s log'],
  [/^debug_(?!assertions$)|^trace_/, 'is for those who develop the server'],
  [
    /^(archive|restore|recovery|primary|promote)_|^synchron(ous|ized)_standby|^wal_receiver|^sync_replication/,
    'concerns replication and recovery',
  ],
  [/^ssl_(?!library$)|^krb_|^gss_|^oauth_/, 'concerns how the server authenticates'],
  [/_(file|files|directory|directories|path|destdir|libraries|library|provider)$/, 'names files of the server'],
  [/^listen_addresses$|^bonjour|^unix_socket_|^data_directory_mode$/, 'concerns where the server is'],
]
const readable: ReadonlySet<string> = new Set(['search_path', 'ssl_library'])

/** What the gateway itself hands on to the database (DESIGN §4): a session may read its own. Nobody may set it. */
const handedOn = {
  name: 'request.jwt.claims',
  read: true,
  write: false,
  note: 'is the session’s own identity, which the gateway sets',
} as const

/** SHOW ALL shows too much, RESET ALL is harmless. */
const all = {
  name: 'all',
  read: false,
  write: () => 'is no setting',
  note: 'shows settings beyond those that may be read: SHOW one',
}

const unknown = 'is not among the settings that were looked at'

/** The rule for a setting, whatever case or alias names it. */
export function settingRule(server: ServerMajor, written: string): SettingRule {
  const lower = asciiLower(written)
  const name = Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower
  if (name === handedOn.name) return handedOn
  if (name === all.name) return all
  const writable = Object.hasOwn(writableSettings, name) ? writableSettings[name] : undefined
  if (!exists(server, name, writable !== undefined)) return { name, read: false, write: false, note: unknown }
  const closed = readable.has(name) ? undefined : unreadable.find(([pattern]) => pattern.test(name))
  if (closed !== undefined) return { name, read: false, write: false, note: closed[1] }
  return writable === undefined
    ? { name, read: true, write: false, note: 'may be read only' }
    : { name, read: true, ...writable }
}

/** Whether a name is certainly no setting of PostgreSQL in that version: it has no dot either, so that no extension makes it. */
export function isNoSetting(server: ServerMajor, written: string): boolean {
  const name = asciiLower(written)
  if (name.includes('.') || name === all.name || Object.hasOwn(aliases, name) || hidden.has(name)) return false
  return !exists(server, name, Object.hasOwn(writableSettings, name))
}

/** Settings that pg_settings hides, and that mean nothing any more. */
const hidden: ReadonlySet<string> = new Set(['default_with_oids', 'ssl_renegotiation_limit'])

/** The settings of a version, extensions' included; tests and docs walk it. */
export function listedSettings(server: ServerMajor): readonly string[] {
  return [...new Set([...spans.keys(), ...Object.keys(writableSettings)])]
    .filter(name => exists(server, name, true))
    .sort()
}

/** A setting with a dot is an extension's: it is known by being writable, and servers of any version may have it. */
function exists(server: ServerMajor, name: string, writable: boolean): boolean {
  if (name.includes('.')) return writable && Object.hasOwn(writableSettings, name)
  const [since = 99, until = 0] = spans.get(name) ?? []
  return server >= since && server <= until
}

/** PostgreSQL compares names of settings byte by byte, folding A to Z alone. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, letter => letter.toLowerCase())
}

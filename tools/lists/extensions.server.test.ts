/** Members of the extensions that PostgreSQL brings: volatile ones are harmless only where somebody looked. */
import { harmlessExtensionFunction, knownExtensions } from '@sallyport/proxy/sql/lists/extensions.ts'
import { describe, expect, test } from 'vitest'
import { postgresBinaries } from '../../proxy/test/postgres-server.ts'
import { withServer } from './read.ts'

/** Random values, salts and keys; settings of the session's own; and what TABLESAMPLE names. */
const reviewed = [
  /^(gen_random_bytes|gen_random_uuid|gen_salt|pgp_(pub|sym)_encrypt(_bytea)?|fips_mode)$/,
  /^(uuid_generate_v[14]|uuid_generate_v1mc|normal_rand)$/,
  /^(isn_weak|set_limit)$/,
  /^system_(rows|time)$/,
]

describe.each(postgresBinaries)('PostgreSQL $major', ({ binaries }) => {
  test('volatile members of its extensions are harmless only where somebody looked', () =>
    withServer(binaries, async client => {
      const { rows } = await client.query<{ name: string }>('SELECT name FROM pg_available_extensions')
      const known = rows.map(row => row.name).filter(name => knownExtensions[name] !== undefined)
      expect(known.length).toBeGreaterThan(30)
      // Extensions that need a language or a library that is not there are not installed, so nobody can call them.
      for (const name of known)
        await client.query(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`).catch(() => undefined)
      const members = await client.query<{ extension: string; name: string; signature: string }>(volatileMembers)
      const found = members.rows.filter(row => harmlessExtensionFunction(row.extension, row.signature) === true)
      expect(found.length).toBeGreaterThan(15)
      expect(found.filter(row => !reviewed.some(pattern => pattern.test(row.name))).map(row => row.signature)).toEqual(
        [],
      )
    }))
})

const volatileMembers = `
  SELECT x.extname AS extension, p.proname AS name, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension x ON x.oid = d.refobjid
  WHERE p.provolatile = 'v'
    AND (p.proname LIKE 'system\\_%' OR NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) AND p.prorettype <> 'trigger'::regtype)`

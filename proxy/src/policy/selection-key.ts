/**
 * What a decision depends on besides the statement, the role and the server: a cache that forgot one of these would
 * answer one tenant with another's.
 */
import { createHash } from 'node:crypto'
import type { CelProgram } from './cel.ts'
import type { CompiledPolicy } from './compiled.ts'
import type { Identity } from './identity.ts'
import type { Selection } from './selection.ts'

interface Login {
  readonly identity: Identity
  readonly database: string
  readonly login?: { readonly application: string; readonly client: string }
}

/** The parts of a Selection that caches need. */
export function selectionKey(
  policies: readonly CompiledPolicy[],
  { identity, database, login }: Login,
): Pick<Selection, 'claimsRead' | 'key' | 'changes'> {
  const programs = policies.flatMap(policy =>
    policy.rules.flatMap(rule => (rule.when === undefined ? [] : [rule.when])),
  )
  const claimsRead = readClaims(programs, identity.claims)
  const readsSession = programs.some(program => program.reads.has('session'))
  const who = readsSession
    ? [identity.issuer, identity.username, identity.groups, login?.application, login?.client]
    : []
  const named = policies.map(policy => [policy.key, policy.digest])
  const everything = JSON.stringify([named, database, sortedEntries(claimsRead), who])
  return {
    claimsRead,
    key: createHash('sha256').update(everything).digest('base64'),
    // Without the login's facts a `when` may read what the key does not hold.
    changes: programs.some(program => program.changes) || (readsSession && login === undefined),
  }
}

/** By name; a claim that is absent is absent here too, which differs from null. */
function readClaims(programs: readonly CelProgram[], claims: Identity['claims']): Record<string, unknown> {
  const fields = programs.map(program => program.reads.get('claims') ?? new Set<string>())
  if (fields.includes('All')) return { ...claims }
  const names = new Set(fields.flatMap(field => (field === 'All' ? [] : [...field])))
  return Object.fromEntries([...names].filter(name => Object.hasOwn(claims, name)).map(name => [name, claims[name]]))
}

function sortedEntries(record: Readonly<Record<string, unknown>>): readonly [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}

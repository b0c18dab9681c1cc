/** What is judged, in words for people and as `key=value` for DETAIL. Names of objects only, never a value. */
import type { ResolvedAccess } from '../sql/resolved.ts'
import type { Judged } from './question.ts'
import type { Reason } from './reason.ts'

/** `Update on public.orders`, `DropTable on public.a (behind what the statement names)`, `CreateSchema`. */
export function describe({ kind, access }: Judged): string {
  if (access === undefined) return kind
  return `${kind} on ${relationName(access)}${access.reach === 'Behind' ? ' (behind what the statement names)' : ''}`
}

export function relationName({ schema, name }: Pick<ResolvedAccess, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}

/** Where the statement says it, and what it is. */
export function locationOf({ access }: Judged): Pick<Reason, 'location' | 'about'> {
  if (access === undefined) return {}
  return { location: access.span.start, about: { relation: relationName(access) } }
}

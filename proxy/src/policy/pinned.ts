/** Rows of settings that may be read: a SELECT whose WHERE leaves no others (`sql/pins.ts` says when that is certain). */
import type { ServerMajor } from '../sql/catalog.ts'
import { settingRule } from '../sql/lists/settings-list.ts'
import type { Resolved } from '../sql/resolved.ts'
import type { Pin } from '../sql/statement.ts'

/** Whether what stands there (a relation, or a function in FROM) yields rows of readable settings alone. */
export function pinnedToReadable(
  resolved: Resolved,
  server: ServerMajor,
  column: string,
  place: { readonly relation: number } | { readonly function: number },
): boolean {
  return resolved.facts.pins.some(
    pin =>
      pin.column === column &&
      isAt(pin, resolved, place) &&
      comparesAsBuiltIn(pin, resolved) &&
      pin.values.every(name => settingRule(server, name).read),
  )
}

function isAt(pin: Pin, { facts }: Resolved, place: Parameters<typeof pinnedToReadable>[3]): boolean {
  if ('function' in place) return pin.function === place.function
  return pin.relation !== undefined && facts.relations[pin.relation]?.span.start === place.relation
}

/** A user's `=` may hold for anything. */
function comparesAsBuiltIn({ operator }: Pin, { calls }: Resolved): boolean {
  const there = calls.filter(({ form, location }) => form === 'Operator' && location === operator)
  return there.length > 0 && there.every(({ candidates }) => candidates.every(({ schema }) => schema === 'pg_catalog'))
}

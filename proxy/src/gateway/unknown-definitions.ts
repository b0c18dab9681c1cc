/** Relations whose definition another session is changing: who reads them waits, as the server's own locks would make it wait. */
import type { CatalogWatch } from '../catalog/watch.ts'
import type { Judgement } from '../session/judgement.ts'
import { settings } from '../settings.ts'

export interface Waiting {
  readonly catalog: CatalogWatch
  /** It has DDL under way itself: it asks its own connection instead. */
  readonly changesDefinitions: boolean
}

/** Another session's DDL over a relation that these read is under way. */
export function restsOnUnknown(judgements: readonly Judgement[], { catalog, changesDefinitions }: Waiting): boolean {
  if (changesDefinitions) return false
  return judgements.some(({ statements }) =>
    statements.some(({ resolved }) => resolved.relations.some(relation => catalog.isUnknown(relation))),
  )
}

/** Waits for that DDL to end; false: not within the time. */
export async function untilKnown(judgements: readonly Judgement[], subject: Waiting): Promise<boolean> {
  const until = performance.now() + settings.catalogUnknownMs
  while (performance.now() < until) {
    await subject.catalog.refresh()
    if (!restsOnUnknown(judgements, subject)) return true
    await new Promise(resolve => setTimeout(resolve, settings.catalogUnknownPauseMs))
  }
  return false
}

/** Verdicts on real SQL: parsed, resolved in a described catalog, judged. */
import { loadModule, parseSync } from 'libpg-query'
import type { Catalog } from '../../sql/catalog.ts'
import { describedCatalog } from '../../sql/described-catalog.ts'
import type { CompiledPolicy } from '../compiled.ts'
import { judgeText } from '../judge-text.ts'
import { select, verdict } from './policies.ts'

await loadModule()

/** A judge of texts: `allow`, `deny CODE`, `42P01`, one a statement. */
export function sqlJudge(description: unknown, policies: readonly CompiledPolicy[]): (text: string) => string {
  const described = describedCatalog(description)
  if ('problems' in described) throw new Error(described.problems.join())
  return text => judge(text, described.catalog, policies)
}

function judge(text: string, catalog: Catalog, policies: readonly CompiledPolicy[]): string {
  const result = judgeText({
    text,
    parse: of => ({ tree: parseSync(of) }),
    catalog,
    selection: select(policies),
    role: 'agent_ro',
    session: { application: '', client: '', now: 0, inTransaction: false },
    searchPath: 'public',
  })
  if ('refusal' in result) return result.refusal.sqlState
  return result.statements.map(({ decision }) => verdict(decision)).join(', ')
}

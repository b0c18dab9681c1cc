/** Which definitions a statement changes: what other sessions know of those relations is not to be relied on until it is over. */
import type { Kind } from '../sql/kinds.ts'
import type { JudgedStatement } from './judgement.ts'

export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** Changes what a relation is, or what stands behind its name. What only adds to it (an index, a comment) does not. */
const changing: ReadonlySet<Kind> = new Set<Kind>([
  'AlterTable',
  'DropTable',
  'CreateView',
  'AlterView',
  'DropView',
  'AlterMaterializedView',
  'DropMaterializedView',
  'CreateRule',
  'DropRule',
])
const changingAll: ReadonlySet<Kind> = new Set<Kind>(['AlterSchema', 'DropSchema'])

/** 'None', or the relations; undefined: any. */
export function definitionsChangedBy({
  facts,
  resolved,
}: JudgedStatement): readonly RelationName[] | 'None' | undefined {
  if (changingAll.has(facts.kind)) return undefined
  const changed = resolved.relations.filter(access => changing.has(access.kind) && !access.isTemporary)
  return changed.length === 0 ? 'None' : changed.map(({ schema, name }) => ({ schema, name }))
}

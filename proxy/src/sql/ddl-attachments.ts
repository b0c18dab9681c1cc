/** Triggers, rules, policies and publications: what acts on a relation from then on, or says who sees its rows. */
import type { Node, RuleStmt } from '@pgsql/types'
import type { ScopeItem } from './collector.ts'
import { roles } from './ddl-objects.ts'
import { within } from './ddl-tables.ts'
import { mentionFunction, mentionRelation } from './mentions.ts'
import { partOf } from './parts.ts'
import { carried } from './select.ts'
import { kindOfStatement } from './statement-kinds.ts'
import { type At, namesOf, nodeAs, type Visitors, visit, type Walk } from './walk.ts'

export const attachments = {
  CreateTrigStmt: (walk, node, at) => {
    walk.found.object('trigger', [node.trigname ?? ''], 'Create')
    mentionFunction(walk, namesOf(node.funcname), 0, false, undefined, at)
    if (node.relation === undefined) return walk.found.forbid('NotUnderstood', 'CREATE TRIGGER without a relation')
    const columns = namesOf(node.columns)
    const target = mentionRelation(
      walk,
      node.relation,
      'CreateTrigger',
      at,
      columns.length > 0 ? { listedColumns: columns } : {},
    )
    if (node.constrrel !== undefined) mentionRelation(walk, node.constrrel, 'CreateTrigger', at)
    visit(walk, node.whenClause, { ...at, scope: walk.found.scope(rows(node.relation.relname, target), at.scope) })
  },
  TriggerTransition: () => undefined,
  CreateEventTrigStmt: (walk, node, at) => {
    walk.found.object('event trigger', [node.trigname ?? ''], 'Create')
    mentionFunction(walk, namesOf(node.funcname), 0, false, undefined, at)
  },
  AlterEventTrigStmt: ({ found }, node) => found.object('event trigger', [node.trigname ?? ''], 'Alter'),
  RuleStmt: createRule,
  CreatePolicyStmt: (walk, node, at) => policy(walk, node, 'CreatePolicy', at),
  AlterPolicyStmt: (walk, node, at) => policy(walk, node, 'AlterPolicy', at),
  CreatePublicationStmt: (walk, node, at) => {
    walk.found.object('publication', [node.pubname ?? ''], 'Create')
    publication(walk, node.pubobjects, 'CreatePublication', at)
  },
  AlterPublicationStmt: (walk, node, at) => {
    walk.found.object('publication', [node.pubname ?? ''], 'Alter')
    publication(walk, node.pubobjects, 'AlterPublication', at)
  },
} as const satisfies Visitors

function createRule(walk: Walk, node: RuleStmt, at: At): void {
  walk.found.object('rule', [node.rulename ?? ''], 'Create')
  if (node.relation === undefined) {
    walk.found.forbid('NotUnderstood', 'CREATE RULE without a relation')
    return
  }
  const target = mentionRelation(walk, node.relation, 'CreateRule', at)
  const inside = { ...at, scope: walk.found.scope(rows(node.relation.relname, target), at.scope) }
  visit(walk, node.whereClause, inside)
  for (const action of node.actions ?? []) {
    const kind = kindOfStatement(action)
    if (kind === undefined) walk.found.forbid('NotUnderstood', 'the action of a rule')
    else carried(walk, action, { ...inside, part: walk.found.part({ ...partOf(action), kind }) })
  }
}

/** `old` and `new` in a rule or trigger: rows of its relation. */
function rows(name: string | undefined, relation: number): readonly ScopeItem[] {
  return [
    { alias: 'old', relation },
    { alias: 'new', relation },
    { alias: name ?? '', relation },
  ]
}

function policy(
  walk: Walk,
  node: {
    readonly policy_name?: string
    readonly table?: Parameters<typeof mentionRelation>[1]
    readonly roles?: readonly Node[]
    readonly qual?: Node
    readonly with_check?: Node
  },
  kind: 'CreatePolicy' | 'AlterPolicy',
  at: At,
): void {
  walk.found.object('policy', [node.policy_name ?? ''], kind === 'CreatePolicy' ? 'Create' : 'Alter')
  roles(walk, node.roles, 'Use')
  if (node.table === undefined) {
    walk.found.forbid('NotUnderstood', 'a policy without a table')
    return
  }
  const inside = within(walk, node.table, mentionRelation(walk, node.table, kind, at), at)
  visit(walk, node.qual, inside)
  visit(walk, node.with_check, inside)
}

function publication(
  walk: Walk,
  nodes: readonly Node[] | undefined,
  kind: 'CreatePublication' | 'AlterPublication',
  at: At,
): void {
  for (const node of nodes ?? []) {
    const { name, pubtable } = nodeAs(node, 'PublicationObjSpec') ?? {}
    if (name !== undefined) walk.found.object('schema', [name], 'Use')
    if (pubtable?.relation === undefined) continue
    const columns = namesOf(pubtable.columns)
    const index = mentionRelation(
      walk,
      pubtable.relation,
      kind,
      at,
      columns.length > 0 ? { listedColumns: columns } : {},
    )
    visit(walk, pubtable.whereClause, within(walk, pubtable.relation, index, at))
  }
}

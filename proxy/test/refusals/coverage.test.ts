/** The corpus leaves nothing out: kinds of statements, nodes of the grammar, functions of the lists. */
import { describe, expect, it } from 'vitest'
import { Instance } from '../../src/parser/instance.ts'
import { factsOf, visitors } from '../../src/sql/facts.ts'
import { guard } from '../../src/sql/guards.ts'
import { type Kind, kindGroups, kindsIn } from '../../src/sql/kinds.ts'
import { listedFunctions } from '../../src/sql/lists/functions.ts'
import { nodeTypes } from '../../src/sql/node-types.generated.ts'
import { corpus } from './attempts.ts'
import { excludedCalls } from './excluded.ts'

const instance = await Instance.create()
const trees = corpus
  .flatMap(({ sql }) => sql)
  .flatMap(text => {
    if (guard(text) !== undefined) return []
    const outcome = instance.parse(text)
    return 'tree' in outcome ? [{ text, tree: outcome.tree }] : []
  })

describe('the attacks', () => {
  it('are many, and each has a name of its own', () => {
    expect(corpus.length).toBeGreaterThan(800)
    const names = corpus.map(({ name }) => name)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  it('have every kind of statement that the policy refuses', () => {
    const seen = new Set<Kind>()
    for (const { text, tree } of trees) {
      const analysis = factsOf(text, tree)
      if ('error' in analysis) continue
      for (const { kind, parts, relations, carries } of analysis.statements) {
        seen.add(kind)
        if (carries !== undefined) seen.add(carries.kind)
        for (const each of [...parts, ...relations]) seen.add(each.kind)
      }
    }
    const refused = kindGroups.filter(group => !needNoRule.includes(group)).flatMap(group => kindsIn(group) ?? [])
    expect(refused.filter(kind => !seen.has(kind) && !harmlessKinds.includes(kind))).toEqual([])
  })

  it('have every node of the grammar that may stand in a tree', () => {
    const seen = new Set<string>()
    for (const { tree } of trees) collect('ParseResult', tree, seen)
    expect(Object.keys(visitors).filter(name => !seen.has(name) && !(name in cannotBeAttacked))).toEqual([])
  })

  it.each([15, 18] as const)('call every excluded function of PostgreSQL %i', major => {
    const calls = excludedCalls(major)
    expect(calls.length).toBeGreaterThan(600)
    const harmless = listedFunctions(major).length - calls.length
    expect(harmless).toBeGreaterThan(2_000)
    for (const { sql } of calls) expect(instance.parse(sql)).toHaveProperty('tree')
  })
})

const needNoRule: readonly string[] = ['Read', 'Session', 'Transaction']
/** Utility that no rule is needed for. */
const harmlessKinds: readonly Kind[] = ['Unlisten']

const cannotBeAttacked: Readonly<Record<string, string>> = {
  PartitionRangeDatum: 'made of MINVALUE and expressions after parsing',
}

/** The names of nodes in a tree; a field with a type of its own comes without its name. */
function collect(type: string, value: unknown, seen: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(type, each, seen)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (type === 'Node') {
    for (const [name, fields] of Object.entries(value)) collect(name, fields, seen)
    return
  }
  seen.add(type)
  const fields: Readonly<Record<string, string>> = nodeTypes[type as keyof typeof nodeTypes] ?? {}
  for (const [name, field] of Object.entries(value)) {
    const fieldType = fields[name]?.replace('[]', '')
    if (fieldType !== undefined && (fieldType === 'Node' || fieldType in nodeTypes)) collect(fieldType, field, seen)
  }
}

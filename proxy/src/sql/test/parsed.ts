/** Facts from text, by the real grammar, and their short form that tests compare. */
import { expect, test } from 'vitest'
import { Instance } from '../../parser/instance.ts'
import { factsOf } from '../facts.ts'
import { guard } from '../guards.ts'
import type { Call, RelationAccess, SettingAccess, StatementFacts } from '../statement.ts'

const instance = await Instance.create()

/** The facts of each statement of a text; an error is thrown. */
export function factsIn(sql: string): readonly StatementFacts[] {
  const refused = guard(sql)
  const outcome = refused === undefined ? instance.parse(sql) : { error: refused }
  const analysis = 'tree' in outcome ? factsOf(sql, outcome.tree) : outcome
  if ('error' in analysis) throw new Error(`${analysis.error.sqlState} ${analysis.error.message}`)
  return analysis.statements
}

export function treeOf(sql: string): unknown {
  const outcome = instance.parse(sql)
  if ('error' in outcome) throw new Error(outcome.error.message)
  return outcome.tree
}

/** What a test says of a statement's facts; what it leaves out is not compared. */
export interface Expectation {
  readonly kind?: string
  readonly parts?: readonly string[]
  readonly relations?: readonly string[]
  readonly calls?: readonly string[]
  readonly types?: readonly string[]
  readonly columns?: readonly string[]
  readonly selections?: readonly string[]
  readonly objects?: readonly string[]
  readonly settings?: readonly string[]
  readonly forbidden?: readonly string[]
  readonly newer?: readonly string[]
  readonly control?: StatementFacts['control']
  readonly carries?: string
  readonly copy?: 'In' | 'Out'
  readonly returnsRows?: boolean
  readonly cannotRollBack?: boolean
}

/** One statement, and what its facts must be. */
export function check(name: string, sql: string, expected: Expectation): void {
  test(name, () => {
    const [facts, more] = factsIn(sql)
    expect(more, 'one statement').toBeUndefined()
    if (facts === undefined) throw new Error('no statement')
    const found: Readonly<Record<string, unknown>> = { ...shortForm(facts) }
    const compared = Object.fromEntries(Object.keys(expected).map(key => [key, found[key]]))
    expect(compared).toEqual(expected)
  })
}

/** Everything but places. */
export function shortForm(facts: StatementFacts) {
  return {
    kind: facts.kind,
    parts: facts.parts.map(part => `${part.kind}${part.hasWhere ? ' where' : ''}${part.hasLimit ? ' limit' : ''}`),
    relations: facts.relations.map(describeAccess),
    calls: facts.calls.map(describeCall),
    types: facts.types.map(type => `${type.name.join('.')}${type.isArray === true ? '[]' : ''}`),
    columns: facts.columns.map(({ fields, scope }) => `${fields.join('.')}@${visible(facts, scope)}`),
    selections: facts.selections.map(({ name }) => name),
    objects: facts.objects.map(({ act, sort, name }) => `${act} ${sort} ${name.join('.')}`),
    settings: facts.settings.map(describeSetting),
    forbidden: facts.forbidden.map(({ code }) => code),
    newer: facts.newer.map(({ what, since }) => `${since} ${what}`),
    control: facts.control,
    carries: facts.carries === undefined ? undefined : `${facts.carries.by} ${facts.carries.kind}`,
    copy: facts.copy?.direction,
    returnsRows: facts.returnsRows,
    cannotRollBack: facts.cannotRollBack,
  }
}

/** `Insert public.a(x,y) #1`: kind, name, listed columns, and the part unless it is the first. */
function describeAccess(access: RelationAccess): string {
  const marks = [
    access.only ? 'only' : '',
    access.presence === 'Exists' ? '' : access.presence.toLowerCase(),
    access.persistence === 'Permanent' ? '' : access.persistence.toLowerCase(),
    access.cascade ? 'cascade' : '',
    access.onlyIfRead === true ? 'if read' : '',
    access.part > 0 ? `#${access.part}` : '',
  ].filter(mark => mark !== '')
  const columns = access.listedColumns === undefined ? '' : `(${access.listedColumns.join()})`
  return [access.kind, `${access.name.join('.')}${columns}`, ...marks].join(' ')
}

/** `f/1`, `f/1+` where the number does not bound it, `=/2`, `::text`. */
function describeCall({ form, name, arity, loose }: Call): string {
  return form === 'Cast' ? `::${name.join('.')}` : `${name.join('.')}/${arity}${loose ? '+' : ''}`
}

function describeSetting({ act, name, values, local, dynamic }: SettingAccess): string {
  const value = dynamic === true ? ' = ?' : values === undefined ? '' : ` = ${values.join('|')}`
  return `${act}${local ? ' local' : ''} ${name}${value}`
}

/** The aliases in sight, nearest first, scopes apart. */
function visible(facts: StatementFacts, index: number): string {
  const scopes: string[] = []
  for (let at: number | undefined = index; at !== undefined; at = facts.scopes[at]?.parent) {
    const items = facts.scopes[at]?.items ?? []
    scopes.push(
      items
        .map(
          ({ alias, columns, relation }) =>
            `${alias}${columns !== undefined && relation === undefined ? `(${columns.join()})` : ''}`,
        )
        .join(' '),
    )
  }
  return scopes.filter(scope => scope !== '').join(' < ')
}

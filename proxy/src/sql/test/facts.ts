/** Facts made by hand: a statement that does nothing, and what a test adds to it. */
import type { Call, ColumnMention, RelationAccess, StatementFacts } from '../statement.ts'

export function makeFacts(parts: Partial<StatementFacts>): StatementFacts {
  return {
    span: { start: 0, end: 100 },
    kind: 'Select',
    parts: [{ kind: 'Select', hasWhere: false, hasLimit: false }],
    relations: [],
    objects: [],
    calls: [],
    types: [],
    columns: [],
    selections: [],
    scopes: [],
    settings: [],
    newer: [],
    forbidden: [],
    pins: [],
    sequences: [],
    parameters: 0,
    cannotRollBack: false,
    returnsRows: true,
    ...parts,
  }
}

/** A read of `t` at bytes 14 to 15, unless told otherwise. */
export function makeAccess(parts: Partial<RelationAccess>): RelationAccess {
  const name = parts.name ?? ['t']
  return {
    name,
    span: { start: 14, end: 14 + name.join('.').length },
    kind: 'Select',
    part: 0,
    only: false,
    presence: 'Exists',
    persistence: 'Permanent',
    cascade: false,
    sort: 'Relation',
    alias: name.at(-1) ?? '',
    ...parts,
  }
}

export function makeCall(parts: Partial<Call>): Call {
  return {
    form: 'Function',
    name: ['f'],
    arity: 1,
    loose: false,
    span: { start: 7, end: 8 },
    location: 7,
    part: 0,
    ...parts,
  }
}

export function makeMention(fields: readonly string[], scope = 0): ColumnMention {
  return { fields, star: fields.at(-1) === '*', span: { start: 7, end: 8 }, scope, part: 0 }
}

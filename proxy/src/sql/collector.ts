/** Gathers the facts of one statement while its tree is walked. */

import { settings } from '../settings.ts'
import type { Source } from './source.ts'
import type { Name, Span, StatementFacts } from './statement.ts'
import { TooComplexError } from './too-complex.ts'

type Writable<T> = T extends readonly (infer E)[] ? E[] : T

export type Facts = { -readonly [K in keyof StatementFacts]: Writable<StatementFacts[K]> }
type Entry<K extends keyof StatementFacts> = StatementFacts[K] extends readonly (infer E)[] ? E : never
export type ScopeItem = StatementFacts['scopes'][number]['items'][number]
/** A relation as written; what is not said is what nearly all have. */
export type Access = Pick<Entry<'relations'>, 'name' | 'span' | 'kind' | 'part'> & Partial<Entry<'relations'>>

export class Collector {
  readonly facts: Facts
  readonly source: Source
  #scopeItems = 0

  constructor(source: Source, span: Span) {
    this.source = source
    this.facts = {
      span,
      kind: 'Select',
      parts: [],
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
      returnsRows: true,
      cannotRollBack: false,
    }
  }

  part(part: Entry<'parts'>): number {
    return this.facts.parts.push(part) - 1
  }

  scope(items: readonly ScopeItem[], parent: number | undefined, merges = false): number {
    this.#scopeItems += items.length + 1
    if (this.#scopeItems > settings.maxScopeItems) throw new TooComplexError()
    return (
      this.facts.scopes.push({
        items,
        ...(parent === undefined ? {} : { parent }),
        ...(merges ? { merges } : {}),
      }) - 1
    )
  }

  relation(access: Access): number {
    const defaults = {
      only: false,
      presence: 'Exists',
      persistence: 'Permanent',
      cascade: false,
      sort: 'Relation',
    } as const
    return this.facts.relations.push({ ...defaults, alias: access.name.at(-1) ?? '', ...access }) - 1
  }

  object(sort: string, name: Name, act: Entry<'objects'>['act'], span: Span = this.here()): void {
    this.facts.objects.push({ sort, name, act, span })
  }

  forbid(code: Entry<'forbidden'>['code'], what: string, span: Span = this.facts.span): void {
    this.facts.forbidden.push({ code, what, span })
  }

  /** An empty span at the statement's beginning: for what has no place of its own. */
  here(): Span {
    return pointAt(this.facts.span.start)
  }
}

/** The empty span at a byte. */
export function pointAt(location: number | undefined): Span {
  const start = Math.max(location ?? 0, 0)
  return { start, end: start }
}

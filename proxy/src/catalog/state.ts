/** All that was read, as one value: the shelves, what links their rows, and who may use which schema. */
import type { Field, Row } from './query.ts'
import { Shelf } from './shelf.ts'
import { type LinkGroupName, type SourceName, sourceNames } from './sources.ts'

/** From an oid to the packed text of what it is linked to. Compared as text to see which rows changed. */
export type Links = ReadonlyMap<number, string>

export interface State {
  readonly shelves: Readonly<Record<SourceName, Shelf>>
  readonly links: Readonly<Record<LinkName, Links>>
  /** By role: oids of the schemas it may use. */
  readonly usable: ReadonlyMap<string, ReadonlySet<number>>
}

export const linkNames = [
  'children',
  'parents',
  'referencedBy',
  'reads',
  'readBy',
  'rules',
  'typeMembers',
  'functionMembers',
  'operatorMembers',
] as const
export type LinkName = (typeof linkNames)[number]

export const emptyState: State = {
  shelves: Object.fromEntries(sourceNames.map(name => [name, Shelf.empty])) as State['shelves'],
  links: Object.fromEntries(linkNames.map(name => [name, new Map()])) as unknown as State['links'],
  usable: new Map(),
}

type SomeLinks = Partial<Record<LinkName, Links>>

/** What the rows of a link group say. */
export function linksOf(group: LinkGroupName, rows: readonly Row[]): SomeLinks {
  switch (group) {
    case 'inherits':
      return { children: gathered(rows, 0, 1), parents: gathered(rows, 1, 0) }
    case 'foreignKeys':
      return { referencedBy: grouped(rows.map(([to, from, remove, update]) => [to, `${from}${remove}${update}`])) }
    case 'members':
      return {
        typeMembers: membersOf(rows, '1247'),
        functionMembers: membersOf(rows, '1255'),
        operatorMembers: membersOf(rows, '2617'),
      }
  }
}

function membersOf(rows: readonly Row[], catalog: string): Links {
  return new Map(rows.filter(row => row[0] === catalog).map(([, oid, name]) => [Number(oid), name ?? '']))
}

function gathered(rows: readonly Row[], from: number, to: number): Links {
  return grouped(rows.map(row => [row[from] ?? null, row[to] ?? '']))
}

/** Texts of one key joined by commas, without doubles. */
export function grouped(pairs: readonly (readonly [Field | undefined, string])[]): Links {
  const sets = new Map<number, Set<string>>()
  for (const [key, value] of pairs) {
    const oid = Number(key)
    const set = sets.get(oid) ?? new Set()
    sets.set(oid, set.add(value))
  }
  return new Map([...sets].map(([oid, set]) => [oid, [...set].join(',')]))
}

/** Oids for which two links differ. */
export function changedLinks(before: Links, after: Links): readonly number[] {
  if (before === after) return []
  const changed = [...after].filter(([oid, text]) => before.get(oid) !== text).map(([oid]) => oid)
  return [...changed, ...[...before.keys()].filter(oid => !after.has(oid))]
}

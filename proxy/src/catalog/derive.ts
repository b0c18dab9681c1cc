/** Links that are made of rows already read (rewrite rules), and the rows that must be decoded anew when links change. */
import { oidElements, unpack } from './pack.ts'
import type { Shelf } from './shelf.ts'
import { type SourceName, sourceNames } from './sources.ts'
import { changedLinks, grouped, type LinkName, type Links, linkNames, type State } from './state.ts'

const owners: Readonly<Record<LinkName, SourceName>> = {
  children: 'relations',
  parents: 'relations',
  referencedBy: 'relations',
  reads: 'relations',
  readBy: 'relations',
  rules: 'relations',
  typeMembers: 'types',
  functionMembers: 'functions',
  operatorMembers: 'operators',
}

/**
 * `after` with its derived links, and with every row fresh whose links are not those of `before`. `before` itself where
 * nothing differs.
 */
export function linked(before: State, after: State): State {
  const links: Record<LinkName, Links> = { ...after.links, ...ruleLinks(before, after) }
  const shelves = { ...after.shelves }
  for (const name of linkNames) {
    const changed = changedLinks(before.links[name], links[name])
    if (changed.length === 0) links[name] = before.links[name]
    shelves[owners[name]] = refreshed(shelves[owners[name]], changed)
  }
  return isSame(before, { ...after, shelves, links }) ? before : { ...after, shelves, links }
}

function isSame(before: State, after: State): boolean {
  return (
    before.usable === after.usable &&
    sourceNames.every(name => before.shelves[name] === after.shelves[name]) &&
    linkNames.every(name => before.links[name] === after.links[name])
  )
}

function refreshed(shelf: Shelf, oids: readonly number[]): Shelf {
  return shelf.with(oids.flatMap(oid => shelf.byOid.get(oid)?.afresh() ?? []))
}

interface Rule {
  readonly of: string
  readonly event: string
  readonly isView: boolean
  readonly relations: readonly number[]
}

function ruleLinks(before: State, after: State): Partial<Record<LinkName, Links>> {
  if (before.shelves.rules === after.shelves.rules) return {}
  const { relations } = after.shelves
  // Rules of other sessions' temporary views are read with the rest, but their views are no part of this catalog.
  const items = [...after.shelves.rules.byOid.values()].filter(({ name }) => relations.byOid.has(Number(name)))
  const rules = items.map(({ name, text }): Rule => {
    const [event, isView, named] = unpack(text)
    const others = oidElements(named ?? null).filter(oid => oid !== Number(name))
    return { of: name, event: event ?? '', isView: isView === 't', relations: others }
  })
  return {
    reads: grouped(rules.filter(rule => rule.isView).flatMap(rule => rule.relations.map(oid => [rule.of, `${oid}`]))),
    readBy: grouped(rules.flatMap(rule => rule.relations.map(oid => [`${oid}`, rule.of]))),
    rules: grouped(rules.filter(rule => !rule.isView).map(rule => [rule.of, rule.event])),
  }
}

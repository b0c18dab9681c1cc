/** Objects that are named by an object type and a name: DROP, COMMENT, SECURITY LABEL, ALTER … RENAME, OWNER, SCHEMA. */
import type { Node, ObjectType } from '@pgsql/types'
import type { Access } from './collector.ts'
import { mentionAfterWords, mentionType } from './mentions.ts'
import { objectTypes, wordsOf } from './object-types.ts'
import type { Name, ObjectAccess } from './statement.ts'
import { type At, namesOf, nodeAs, rest, visit, type Walk } from './walk.ts'

/** How the object is written: after that many words from `start` (else the statement's beginning). */
export interface Place {
  readonly words: number
  readonly start?: number | undefined
}

type How = Omit<Access, 'name' | 'span' | 'sort'>

/** An object named without a place of its own. Relations become accesses, everything else an ObjectAccess. */
export function namedObject(
  walk: Walk,
  type: ObjectType,
  node: Node | undefined,
  act: ObjectAccess['act'],
  how: How,
  place: Place,
  at: At,
): void {
  const entry = objectTypes[type]
  const name = namesOf(nodeAs(node, 'List')?.items ?? (node === undefined ? [] : [node]))
  const words = place.words + wordsOf(entry)
  if (entry.relation !== undefined) {
    mentionAfterWords(walk, name, words, { ...how, sort: entry.relation }, place.start)
    return
  }
  if (type === 'OBJECT_COLUMN') {
    column(walk, name, words, how, place)
    return
  }
  if (entry.onRelation === true) {
    somethingOnRelation(walk, entry.word, name, words, act, how, place)
    return
  }
  other(walk, entry.word, node, name, act, words, place, at)
}

function column(walk: Walk, name: Name, words: number, how: How, place: Place): void {
  mentionAfterWords(walk, name.slice(0, -1), words, { ...how, listedColumns: name.slice(-1) }, place.start)
}

/** `TRIGGER name ON relation`: the tree has the relation's name first. */
function somethingOnRelation(
  walk: Walk,
  word: string,
  name: Name,
  words: number,
  act: ObjectAccess['act'],
  how: How,
  place: Place,
): void {
  walk.found.object(word, name.slice(-1), act)
  mentionAfterWords(walk, name.slice(0, -1), words + 2, how, place.start)
}

function other(
  walk: Walk,
  word: string,
  node: Node | undefined,
  name: Name,
  act: ObjectAccess['act'],
  words: number,
  place: Place,
  at: At,
): void {
  const withArgs = nodeAs(node, 'ObjectWithArgs')
  const full = withArgs === undefined ? name : namesOf(withArgs.objname)
  const from = walk.found.source.skipWords(place.start ?? walk.found.facts.span.start, words)
  walk.found.object(word, full, act, from < 0 ? undefined : walk.found.source.nameAt(from, full))
  if (withArgs !== undefined) {
    rest(walk, 'ObjectWithArgs', withArgs, at, ['objname', 'objfuncargs'])
    return
  }
  for (const item of nodeAs(node, 'List')?.items ?? [node])
    if (item !== undefined && 'TypeName' in item) mentionType(walk, item.TypeName, at)
  if (node !== undefined && !('List' in node) && !('String' in node) && !('TypeName' in node)) visit(walk, node, at)
}

/**
 * `nextval('s')` and `setval('s', 1)`: an access to the sequence that the literal names, as UPDATE is to a table. PostgreSQL
 * reads the literal when it reads the statement, by the same search_path. Its text is read here as PostgreSQL reads it
 * (folded, quoted, with a schema); a number would be an oid, and whatever is no plain literal is not judged so.
 */
import type { FuncCall, Node } from '@pgsql/types'
import { pointAt } from './collector.ts'
import type { Name } from './statement.ts'
import { namesOf, nodeAs, type Walk } from './walk.ts'

const maxNameBytes = 63 // NAMEDATALEN - 1; PostgreSQL cuts a longer one

/** Any function of that name counts: whether it is PostgreSQL's own is asked once it is resolved. */
export function sequenceFunction(walk: Walk, node: FuncCall, name: Name): void {
  const called = name.at(-1)
  if ((called !== 'nextval' && called !== 'setval') || node.func_variadic === true) return
  const literal = literalOf(node.args?.[0])
  const sequence = literal === undefined ? undefined : nameIn(literal.text)
  if (literal === undefined || sequence === undefined || node.location === undefined) return
  walk.found.facts.sequences.push({
    call: node.location,
    relation: access(walk, sequence, literal.location),
    ...(literal.cast === undefined ? {} : { cast: literal.cast }),
  })
}

/** One access a sequence, however often it is called. It moves by a step, so that its part is no unbounded UPDATE. */
function access(walk: Walk, name: Name, location: number): number {
  const { facts } = walk.found
  const same = facts.sequences.find(({ relation }) => facts.relations[relation]?.name.join('.') === name.join('.'))
  if (same !== undefined) return same.relation
  const part = walk.found.part({ kind: 'Update', hasWhere: true, hasLimit: false })
  // 'Maybe': a sequence that nobody knows is for the server to miss; a `serial` before it in the text has made one.
  return walk.found.relation({
    name,
    span: pointAt(location),
    kind: 'Update',
    part,
    presence: 'Maybe',
    sort: 'Sequence',
  })
}

interface Literal {
  readonly text: string
  readonly location: number
  readonly cast?: number
}

/** `'s'` or `'s'::regclass`. */
function literalOf(node: Node | undefined): Literal | undefined {
  const cast = nodeAs(node, 'TypeCast')
  const constant = nodeAs(cast === undefined ? node : cast.arg, 'A_Const')
  const text = constant?.sval?.sval
  if (text === undefined) return undefined
  const literal = { text, location: constant?.location ?? 0 }
  if (cast === undefined) return literal
  const { names, typmods, arrayBounds, location } = cast.typeName ?? {}
  const plain = typmods === undefined && arrayBounds === undefined && location !== undefined
  return plain && /^(pg_catalog\.)?regclass$/.test(namesOf(names).join('.'))
    ? { ...literal, cast: location }
    : undefined
}

/** The parts of a name as written in a literal; undefined for what is not certain. */
function nameIn(text: string): Name | undefined {
  if (!qualified.test(text)) return undefined
  const parts = (text.match(part) ?? []).map(fold)
  const fit = parts.every(one => new TextEncoder().encode(one).length <= maxNameBytes)
  return fit ? parts : undefined
}

const qualified =
  /^("([^"\0]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)(\.("([^"\0]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)){0,2}$/i
const part = /"([^"]|"")+"|[^".]+/g

function fold(written: string): string {
  return written.startsWith('"')
    ? written.slice(1, -1).replaceAll('""', '"')
    : written.replace(/[A-Z]/g, letter => letter.toLowerCase())
}

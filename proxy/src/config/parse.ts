/** A file's text → its documents, each of which knows on which line a field stands. Aliases are bounded; keys are unique. */
import type { Segments } from '@sallyport/crds/paths.ts'
import { isFields } from '@sallyport/crds/paths.ts'
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { settings } from '../settings.ts'

export interface RawDocument {
  readonly value: unknown
  /** The line (from 1) of the field, or of the nearest parent that is there. */
  lineOf(path: Segments): number
}

export type ParsedText =
  | { readonly documents: readonly RawDocument[]; readonly problem?: undefined }
  | { readonly documents?: undefined; readonly problem: { readonly line?: number; readonly message: string } }

/** All documents, or the first thing that is wrong: a file with a syntax error anywhere is not believed at all. */
export function parseManifests(text: string): ParsedText {
  const lines = new LineCounter()
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: 'silent' })
    const documents = Array.isArray(parsed) ? parsed : []
    const error = documents.flatMap(each => [...each.errors, ...each.warnings])[0]
    if (error !== undefined)
      return { problem: { line: lines.linePos(error.pos[0]).line, message: syntaxMessage(error) } }
    return { documents: documents.filter(each => each.contents !== null).flatMap(each => expand(each, lines)) }
  } catch (error) {
    return { problem: { message: tooMuch(error) } }
  }
}

/** The parser's own messages quote the text in places, which may be a password: only its code is said. */
function syntaxMessage(error: { readonly code: string }): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return 'is not valid YAML (nested too deeply)'
  const words = error.code.toLowerCase().replaceAll('_', ' ')
  return `is not valid YAML (${words})`
}

function tooMuch(error: unknown): string {
  if (error instanceof ReferenceError) return 'is not valid YAML (too many or unresolved aliases)'
  return 'is not valid YAML (nested too deeply)'
}

/** A `List`, as kubectl prints one, stands for its items. */
function expand(document: Document.Parsed, lines: LineCounter): readonly RawDocument[] {
  const value: unknown = document.toJS({ maxAliasCount: settings.maxManifestAliases })
  const locate = (path: Segments): number => lines.linePos(offsetOf(document, path)).line
  if (value === null) return []
  if (isFields(value) && value.apiVersion === 'v1' && value.kind === 'List' && Array.isArray(value.items)) {
    return value.items.map((item, at) => ({ value: item, lineOf: path => locate(['items', at, ...path]) }))
  }
  return [{ value, lineOf: locate }]
}

function offsetOf(document: Document.Parsed, path: Segments): number {
  let here: unknown = document.contents
  let offset = document.contents?.range?.[0] ?? 0
  for (const segment of path) {
    const next = child(isAlias(here) ? here.resolve(document) : here, segment)
    if (next === undefined) return offset
    offset = next.offset ?? offset
    here = next.node
  }
  return offset
}

interface Child {
  readonly node: unknown
  readonly offset: number | undefined
}

function child(node: unknown, segment: string | number): Child | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment]
    return item === undefined ? undefined : { node: item, offset: startOf(item) }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(each => String(isScalar(each.key) ? each.key.value : each.key) === String(segment))
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key) }
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null ? ((node as Node).range?.[0] ?? undefined) : undefined
}

/** A file's text → its documents, each of which knows on which line a field stands. Aliases are bounded; keys are unique. */
import { formatPath, isFields, type Segments } from '@sallyport/crds/paths.ts'
import { Composer, type Document, isMap, isNode, isScalar, isSeq, LineCounter, Parser } from 'yaml'
import { settings } from '../settings.ts'

export interface RawDocument {
  readonly value: unknown
  /** The line (from 1) of the field, or of the nearest parent that is there. */
  lineOf(path: Segments): number
}

/** What is wrong with the text as a whole. */
export class ManifestSyntaxError extends Error {
  override readonly name = 'ManifestSyntaxError'
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}

/**
 * One document after the other, so that a caller with other things to do may pause. Throws a ManifestSyntaxError at the
 * first thing that is wrong: a file with a syntax error anywhere is not to be believed at all.
 */
export function* parseManifests(text: string): Generator<RawDocument> {
  const lines = new LineCounter()
  const parser = new Parser(lines.addNewLine)
  const composer = new Composer({ lineCounter: lines, merge: true, prettyErrors: false, logLevel: 'silent' })
  try {
    for (const document of composer.compose(parser.parse(text))) {
      const error = [...document.errors, ...document.warnings][0]
      if (error !== undefined) throw new ManifestSyntaxError(sentence(error.code), lines.linePos(error.pos[0]).line)
      yield* expand(document, lines)
    }
  } catch (error) {
    throw error instanceof ManifestSyntaxError ? error : new ManifestSyntaxError(tooMuch(error))
  }
}

/** The parser's own messages quote the text in places, which may be a password: only its code is said. */
function sentence(code: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'is not valid YAML (nested too deeply)'
  return `is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`
}

function tooMuch(error: unknown): string {
  if (error instanceof ReferenceError) return 'is not valid YAML (too many or unresolved aliases)'
  return 'is not valid YAML (nested too deeply)'
}

/** A `List`, as kubectl prints one, stands for its items. */
function* expand(document: Document.Parsed, lines: LineCounter): Generator<RawDocument> {
  const value = plain(document.toJS({ maxAliasCount: settings.maxManifestAliases }))
  if (value === null) return
  const lineOf = finder(document, lines)
  if (isFields(value) && value.apiVersion === 'v1' && value.kind === 'List' && Array.isArray(value.items)) {
    for (const [at, item] of value.items.entries())
      yield { value: item, lineOf: path => lineOf(['items', at, ...path]) }
  } else yield { value, lineOf }
}

/** What JSON can say, as the API server would get it; an alias inside of what it stands for is nothing it can say. */
function plain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    throw new ManifestSyntaxError('is not valid YAML (an alias stands inside of what it means)')
  }
}

/** Lines are noted at once, because what is kept of a document must not hold its whole tree. */
function finder(document: Document.Parsed, lines: LineCounter): RawDocument['lineOf'] {
  const table = new Map(linesIn(document.contents, lines, []))
  return path => {
    for (let length = path.length; length >= 0; length--) {
      const line = table.get(formatPath(path.slice(0, length)))
      if (line !== undefined) return line
    }
    return 1
  }
}

/** What stands behind an alias is on the alias's line. */
function* linesIn(node: unknown, lines: LineCounter, at: Segments): Generator<readonly [string, number]> {
  if (at.length === 0) yield ['', lineOfNode(node, lines)]
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      yield [formatPath([...at, index]), lineOfNode(item, lines)]
      yield* linesIn(item, lines, [...at, index])
    }
  } else if (isMap(node)) {
    for (const { key, value } of node.items) {
      const path = [...at, String(isScalar(key) ? key.value : key)]
      yield [formatPath(path), lineOfNode(key, lines)]
      yield* linesIn(value, lines, path)
    }
  }
}

function lineOfNode(node: unknown, lines: LineCounter): number {
  return lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0).line
}

/**
 * Names in policies: `schema.name`, where `*` stands for any run of characters inside one part. Names are compared as
 * PostgreSQL stores them: case-sensitive, not folded. A part in double quotes is literal, so that a name may hold a dot
 * or a star (`public."odd.name"`). `*` alone means `*.*`.
 *
 * For tables, a star in the schema's part never reaches a system schema: those have a list of their own.
 */
export interface NameMatcher {
  matches(schema: string, name: string): boolean
  /** Whether every name of every schema that stars may reach is meant. */
  readonly all: boolean
  /** Whether some name of that schema may be meant. */
  reaches(schema: string): boolean
  /** Whether every name of that schema is meant. */
  covers(schema: string): boolean
}

type PartMatcher = { readonly exact: string } | { readonly glob: (text: string) => boolean; readonly all: boolean }

interface Pair {
  readonly schema: PartMatcher
  readonly name: PartMatcher
}

/** Compiles a list of patterns; the problem names the first that is none. */
export function compileNames(
  patterns: readonly string[],
  reach: 'Tables' | 'Functions',
): { readonly matcher: NameMatcher } | { readonly problem: string; readonly index: number } {
  const pairs: Pair[] = []
  for (const [index, pattern] of patterns.entries()) {
    const pair = parsePair(pattern)
    if (typeof pair === 'string') return { problem: pair, index }
    pairs.push(pair)
  }
  return { matcher: matcherOf(pairs, reach === 'Tables') }
}

function matcherOf(pairs: readonly Pair[], keepOffSystem: boolean): NameMatcher {
  const exact = new Set(
    pairs.flatMap(pair =>
      'exact' in pair.schema && 'exact' in pair.name ? [key(pair.schema.exact, pair.name.exact)] : [],
    ),
  )
  const globs = pairs.filter(pair => 'glob' in pair.schema || 'glob' in pair.name)
  const reaches = (part: PartMatcher, schema: string) =>
    partMatches(part, schema) && !('glob' in part && keepOffSystem && isSystemSchema(schema))
  return {
    matches: (schema, name) =>
      (exact.size > 0 && exact.has(key(schema, name))) ||
      globs.some(pair => reaches(pair.schema, schema) && partMatches(pair.name, name)),
    all: globs.some(pair => isAll(pair.schema) && isAll(pair.name)),
    reaches: schema => pairs.some(pair => reaches(pair.schema, schema)),
    covers: schema => globs.some(pair => reaches(pair.schema, schema) && isAll(pair.name)),
  }
}

/** Schemas of PostgreSQL itself. `pg_temp` is not among them: what a session makes there is its own. */
export function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || /^pg_toast/.test(schema)
}

/** All temporary schemas are `pg_temp` to a policy. */
export function policySchema(schema: string): string {
  return /^pg_temp_[0-9]+$/.test(schema) ? 'pg_temp' : schema
}

function key(schema: string, name: string): string {
  return `${schema}\0${name}`
}

function partMatches(part: PartMatcher, text: string): boolean {
  return 'exact' in part ? part.exact === text : part.glob(text)
}

function isAll(part: PartMatcher): boolean {
  return 'glob' in part && part.all
}

function parsePair(pattern: string): Pair | string {
  if (pattern === '*') return { schema: any, name: any }
  const parts = splitParts(pattern)
  if (parts === undefined) return `"${pattern}" is not a name: write schema.name, odd parts in double quotes`
  const [schema, name, more] = parts
  if (schema === undefined || name === undefined || more !== undefined)
    return `"${pattern}" must name schema and object, as in public.${parts[0]?.replace(/"/g, '') ?? 'name'}`
  return { schema: partOf(schema), name: partOf(name) }
}

/** Parts at dots outside of quotes, quotes kept; undefined where quotes do not pair or a part is empty. */
function splitParts(pattern: string): readonly string[] | undefined {
  const parts = pattern.match(/(?:"(?:[^"]|"")+"|[^".\s]+)(?:\.|$)/g)
  if (parts === null || parts.join('') !== pattern || pattern.endsWith('.')) return undefined
  return parts.map(part => (part.endsWith('.') ? part.slice(0, -1) : part))
}

const any: PartMatcher = { glob: () => true, all: true }

function partOf(part: string): PartMatcher {
  if (part.startsWith('"')) return { exact: part.slice(1, -1).replace(/""/g, '"') }
  if (!part.includes('*')) return { exact: part }
  return /^\*+$/.test(part) ? any : { glob: globOf(part.split('*')), all: false }
}

/** Leftmost matches suffice for stars alone, so this is linear and needs no regular expression. */
function globOf([first = '', ...rest]: readonly string[]): (text: string) => boolean {
  const last = rest.pop() ?? ''
  return text => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const piece of rest) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= text.length - last.length
  }
}

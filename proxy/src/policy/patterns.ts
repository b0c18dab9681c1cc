/**
 * `pattern` of a rule and `matches()` in CEL: RE2 syntax, matched in time linear in the text whatever the pattern, by
 * re2js (ADR 0003). JavaScript's own RegExp backtracks, and a text made for it would stop the process.
 */
import { RE2JS } from 're2js'
import { settings } from '../settings.ts'

export interface Pattern {
  readonly source: string
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean
  /** Instructions: what a character of the text costs at worst. */
  readonly size: number
}

export type CompiledPattern = { readonly pattern: Pattern } | { readonly problem: string }

/** Compiles an RE2 pattern within the limits of `settings`; never throws. */
export function compilePattern(source: string): CompiledPattern {
  if (source.length > settings.maxPatternLength)
    return { problem: `the pattern is longer than ${settings.maxPatternLength} characters` }
  try {
    return limited(source, RE2JS.compile(source))
  } catch (error) {
    return { problem: `not an RE2 pattern: ${error instanceof Error ? error.message : 'unknown mistake'}` }
  }
}

function limited(source: string, compiled: RE2JS): CompiledPattern {
  const size = compiled.programSize()
  if (size > settings.maxPatternSize)
    return { problem: `the pattern compiles to ${size} instructions; at most ${settings.maxPatternSize} are allowed` }
  return { pattern: { source, size, test: text => compiled.test(text) } }
}

/**
 * CEL, with bounded cost and no surprises (ADR 0003). The library parses, checks types and evaluates; three things are
 * ours: a list of the functions that may be called, `matches()` by RE2, and a meter that every step of an evaluation
 * pays (cel-meter.ts). An evaluation never throws: it has a value, or it has failed, and who asked must then say no.
 *
 * Numbers: JSON numbers (claims) are `double`, literals without a point are `int`. Comparison works across both
 * (`claims.level >= 3`), arithmetic does not (`claims.level + 1.0`), as in CEL elsewhere.
 */
import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import { settings } from '../settings.ts'
import { type CelMeter, celMeter, meterNodes } from './cel-meter.ts'
import { readsOf, refusedIn, useRe2 } from './cel-tree.ts'
import { celValue } from './cel-values.ts'
import { compilePattern } from './patterns.ts'

export type CelType = 'map' | 'string' | 'bool' | 'int' | 'double' | 'timestamp' | 'list<string>' | 'dyn'

export interface CelField {
  readonly type: CelType
  readonly doc: string
  /** A value that changes by itself: what is computed from it must not be cached. */
  readonly changes?: 'Clock' | 'Counter'
}

/** A variable: a plain type, or an object whose fields are declared, so that a misspelt one is found when compiling. */
export type CelVariable = CelType | { readonly fields: Readonly<Record<string, CelField>> }

export type CelVariables = Readonly<Record<string, CelVariable>>

export interface CelProgram {
  readonly source: string
  /** By variable: the fields that the expression may read of it; 'All' where it cannot be told. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string> | 'All'>
  /** It reads a clock or a counter: results are not cached. */
  readonly changes: boolean
  /** Evaluates; never throws, and costs at most `settings.maxCelCost`. */
  evaluate(values: Readonly<Record<string, unknown>>): CelResult
}

export type CelResult = { readonly value: unknown } | { readonly failed: string }

/** Parses, checks and prepares an expression that must yield `returns`. */
export function compileCel(
  source: string,
  variables: CelVariables,
  returns: 'bool' | 'string' | 'any' = 'bool',
): { readonly ok: CelProgram } | { readonly problem: string } {
  if (source.length > settings.maxCelSourceLength)
    return { problem: `the expression is longer than ${settings.maxCelSourceLength} characters` }
  try {
    return prepare(source, variables, returns)
  } catch (error) {
    return { problem: firstLine(error) }
  }
}

function prepare(source: string, variables: CelVariables, returns: string) {
  const meter = celMeter(settings.maxCelCost)
  const parsed = environment(variables, meter).parse(source)
  const refused = refusedIn(parsed.ast)
  if (refused !== undefined) return { problem: refused }
  const badPattern = useRe2(parsed.ast)
  if (badPattern !== undefined) return { problem: badPattern }
  const check = parsed.check()
  if (!check.valid) return { problem: firstLine(check.error) }
  if (returns !== 'any' && check.type !== returns && check.type !== 'dyn')
    return { problem: `the expression yields ${check.type}, not ${returns}` }
  return { ok: program(source, variables, returns, parsed, meter) }
}

function program(source: string, variables: CelVariables, returns: string, parsed: ParseResult, meter: CelMeter) {
  const reads = readsOf(parsed.ast, Object.keys(variables))
  meterNodes(parsed.ast, meter)
  return {
    source,
    reads,
    changes: readsWhatChanges(reads, variables),
    evaluate: (values: Readonly<Record<string, unknown>>) =>
      evaluate(parsed, meter, [...reads.keys()], values, returns),
  }
}

function evaluate(
  parsed: ParseResult,
  meter: CelMeter,
  reads: readonly string[],
  values: Readonly<Record<string, unknown>>,
  returns: string,
): CelResult {
  meter.start()
  try {
    const value: unknown = parsed(contextOf(reads, values))
    if (meter.exhausted()) return { failed: 'it costs too much' }
    if (!meter.used()) return { failed: 'its cost was not measured' }
    if (returns !== 'any' && typeof value !== (returns === 'bool' ? 'boolean' : 'string'))
      return { failed: `it yields no ${returns}` }
    return { value }
  } catch (error) {
    return { failed: meter.exhausted() ? 'it costs too much' : withoutValues(firstLine(error), parsed.ast.input) }
  }
}

/** Only what the expression reads is converted. */
function contextOf(reads: readonly string[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const context: Record<string, unknown> = {}
  for (const name of reads) context[name] = celValue(values[name])
  return context
}

function environment(variables: CelVariables, meter: CelMeter): Environment {
  const made = new Environment({ limits: { maxAstNodes: settings.maxCelNodes, maxDepth: settings.maxCelDepth } })
  for (const [name, variable] of Object.entries(variables)) {
    if (typeof variable === 'string') made.registerVariable(name, variable)
    else made.registerVariable({ name, schema: schemaOf(variable.fields) })
  }
  made.registerFunction('string.re2Matches(string): bool', re2Matches(meter), { async: false })
  return made
}

function schemaOf(fields: Readonly<Record<string, CelField>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typeName(field.type)]))
}

function typeName(type: CelType): string {
  return type === 'timestamp' ? 'google.protobuf.Timestamp' : type
}

/** Patterns are literals, seen when compiling (cel-tree.ts), so this cache holds as many as the expression does. */
function re2Matches(meter: CelMeter): (text: string, source: string) => boolean {
  const cache = new Map<string, ReturnType<typeof compilePattern>>()
  return (text, source) => {
    const compiled = cache.get(source) ?? compilePattern(source)
    cache.set(source, compiled)
    if ('problem' in compiled) throw new Error(compiled.problem)
    meter.pay(1 + (text.length * Math.max(compiled.pattern.size, 16)) / 64)
    return compiled.pattern.test(text)
  }
}

function readsWhatChanges(reads: CelProgram['reads'], variables: CelVariables): boolean {
  for (const [name, fields] of reads) {
    const variable = variables[name]
    if (variable === undefined || typeof variable === 'string') continue
    for (const [field, declared] of Object.entries(variable.fields))
      if (declared.changes !== undefined && (fields === 'All' || fields.has(field))) return true
  }
  return false
}

/** What follows the colon may be a claim's value, unless the source itself says it or it names types. */
function withoutValues(message: string, source: string): string {
  const at = message.indexOf(': ')
  if (at < 0 || message.startsWith('no such overload') || source.includes(message.slice(at + 2))) return message
  return message.slice(0, at)
}

/** The library adds a drawing of the source below its message; the first line says it. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : 'not a CEL expression'
  return message.split('\n', 1)[0] ?? message
}

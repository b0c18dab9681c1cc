/** The tree of a CEL expression, walked: which functions it calls, what it reads, where `matches()` must be RE2's. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { compilePattern } from './patterns.ts'

/**
 * CEL's standard functions, and the string functions of its common extension. Left out: `cel.bind`, JSON from bytes,
 * split and join, and the time functions that take a zone (they read the process's own).
 */
export const celFunctions: ReadonlySet<string> = new Set(
  (
    'size contains startsWith endsWith matches lowerAscii upperAscii trim indexOf lastIndexOf substring int uint double ' +
    'string bool bytes timestamp duration type dyn has all exists exists_one map filter getFullYear getMonth getDate ' +
    'getDayOfMonth getDayOfWeek getHours getMinutes getSeconds getMilliseconds'
  ).split(' '),
)

const withZone = new Set(
  'getFullYear getMonth getDate getDayOfMonth getDayOfWeek getHours getMinutes getSeconds getMilliseconds'.split(' '),
)

export interface CelNode {
  readonly op: string
  readonly args: unknown
}

/** Every node, also those that macros stand for. */
export function celNodes(root: ASTNode): CelNode[] {
  const found: CelNode[] = []
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const element of value) visit(element)
      return
    }
    if (isNode(value)) found.push(value)
    else if (Object.getPrototypeOf(value) !== Object.prototype) return
    for (const [key, inner] of Object.entries(value)) if (key !== 'candidates') visit(inner)
    visitMeta(value, visit)
  }
  visit(root)
  return found
}

function visitMeta(value: object, visit: (value: unknown) => void): void {
  const meta: unknown = Reflect.get(value, 'meta')
  if (typeof meta !== 'object' || meta === null) return
  visit(Reflect.get(meta, 'alternate'))
  visit(Reflect.get(meta, 'macro'))
}

function isNode(value: object): value is CelNode {
  return typeof Reflect.get(value, 'op') === 'string' && typeof Reflect.get(value, 'evaluate') === 'function'
}

/** What the expression calls that is not on the list. */
export function refusedIn(root: ASTNode): string | undefined {
  for (const node of celNodes(root)) {
    if (node.op === 'id' && (node.args === 'cel' || node.args === 'google')) return `unknown variable ${node.args}`
    if ((node.op !== 'call' && node.op !== 'rcall') || !Array.isArray(node.args)) continue
    const name = String(node.args[0])
    if (!celFunctions.has(name)) return `unknown function ${name}()`
    if (withZone.has(name) && argumentsOf(node).length > 0) return `${name}() takes no time zone here; it is UTC`
  }
  return undefined
}

/** Sends `matches` to our own function. Its pattern must be a literal, so that a mistake is found when compiling. */
export function useRe2(root: ASTNode): string | undefined {
  for (const node of celNodes(root)) {
    if (node.op !== 'rcall' || !Array.isArray(node.args) || node.args[0] !== 'matches') continue
    const problem = patternProblem(argumentsOf(node)[0])
    if (problem !== undefined) return problem
    node.args[0] = 're2Matches'
  }
  return undefined
}

function patternProblem(argument: CelNode | undefined): string | undefined {
  if (argument?.op !== 'value' || typeof argument.args !== 'string') return 'matches() needs a literal pattern'
  const compiled = compilePattern(argument.args)
  return 'problem' in compiled ? compiled.problem : undefined
}

function argumentsOf(node: CelNode): readonly CelNode[] {
  if (!Array.isArray(node.args)) return []
  return (node.op === 'rcall' ? node.args[2] : node.args[1]) ?? []
}

/** By variable, the fields read: `claims.a` and `claims['a']` read one, a bare `claims` reads all. */
export function readsOf(root: ASTNode, variables: readonly string[]): Map<string, Set<string> | 'All'> {
  const reads = new Map<string, Set<string> | 'All'>()
  const byField = new Set<unknown>()
  const nodes = celNodes(root)
  for (const node of nodes) {
    const access = fieldAccess(node)
    if (access === undefined || !variables.includes(access.variable)) continue
    byField.add(access.of)
    const fields = reads.get(access.variable) ?? new Set<string>()
    if (fields !== 'All') reads.set(access.variable, fields.add(access.field))
  }
  for (const node of nodes)
    if (node.op === 'id' && !byField.has(node) && variables.includes(String(node.args)))
      reads.set(String(node.args), 'All')
  return reads
}

function fieldAccess(node: CelNode): { of: CelNode; variable: string; field: string } | undefined {
  if ((node.op !== '.' && node.op !== '[]') || !Array.isArray(node.args)) return undefined
  const [of, key]: readonly unknown[] = node.args
  if (typeof of !== 'object' || of === null || !isNode(of) || of.op !== 'id') return undefined
  const field = typeof key === 'string' ? key : literalOf(key)
  return field === undefined ? undefined : { of, variable: String(of.args), field }
}

function literalOf(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null || !isNode(key)) return undefined
  return key.op === 'value' && typeof key.args === 'string' ? key.args : undefined
}

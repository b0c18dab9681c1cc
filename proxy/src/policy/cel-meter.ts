/**
 * The meter of CEL. Every node of the tree pays when it yields: one unit, and more for long text, lists and maps; what
 * is compared pays its whole depth, since comparison walks it. So an evaluation's time and memory are bounded by
 * `settings.maxCelCost` whatever the expression and whatever the claims (`x.map(v, v + v)` in a chain doubles each time).
 *
 * The library has no cost limit of its own. Its nodes carry their `evaluate` as a property, which is what we wrap; the
 * version is pinned exactly, tests reach the limit on every path, and an evaluation that paid nothing counts as failed.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import { celNodes } from './cel-tree.ts'

export interface CelMeter {
  start(): void
  /** Throws once the budget is used up, at this and every later step. */
  pay(units: number): void
  exhausted(): boolean
  used(): boolean
}

/** One object for all throws: making an Error with its stack is dear, and this one is thrown at every step left. */
const exhaustedError = new Error('it costs too much')

/** A meter that allows so many units from each `start` on. */
export function celMeter(limit: number): CelMeter {
  let left = limit
  return {
    start() {
      left = limit
    },
    pay(units) {
      left -= units
      if (left < 0) throw exhaustedError
    },
    exhausted: () => left < 0,
    used: () => left < limit,
  }
}

type Evaluate = (this: unknown, evaluator: unknown, node: unknown, context: unknown) => unknown

/** Makes every node under `root` pay the meter. */
export function meterNodes(root: ASTNode, meter: CelMeter): void {
  const compared = new Set<object>()
  for (const node of celNodes(root)) if (isComparison(node.op)) for (const side of childrenOf(node)) compared.add(side)
  for (const node of celNodes(root)) wrap(node, meter, compared.has(node))
}

function isComparison(op: string): boolean {
  return op === '==' || op === '!=' || op === 'in'
}

function childrenOf(node: { readonly args: unknown }): object[] {
  return Array.isArray(node.args) ? node.args.filter(arg => typeof arg === 'object' && arg !== null) : []
}

/**
 * The library's node replaces its own `evaluate` at the first call by the one that fits: hence an accessor, so that the
 * replacement lands inside of the wrapping.
 */
function wrap(node: object, meter: CelMeter, deep: boolean): void {
  let inner = Reflect.get(node, 'evaluate') as Evaluate
  const metered: Evaluate = (evaluator, self, context) => {
    meter.pay(1)
    try {
      const value = inner.call(node, evaluator, self, context)
      meter.pay(deep ? deepSize(value, meter) : size(value))
      return value
    } catch (error) {
      if (error !== exhaustedError) meter.pay(costOfAThrow)
      throw error
    }
  }
  const set = (replacement: Evaluate) => {
    inner = replacement
  }
  Object.defineProperty(node, 'evaluate', { get: () => metered, set, configurable: true })
}

/** Making an error of the library takes about as long as that many nodes. */
const costOfAThrow = 50

function size(value: unknown): number {
  if (typeof value === 'string') return value.length / 64
  if (Array.isArray(value)) return value.length / 8
  return value instanceof Map ? value.size / 8 : 0
}

function deepSize(value: unknown, meter: CelMeter): number {
  if (!Array.isArray(value) && !(value instanceof Map)) return size(value)
  for (const element of value instanceof Map ? value.values() : value) meter.pay(1 + deepSize(element, meter))
  return 0
}

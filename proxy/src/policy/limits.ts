/** Of several limits the smallest holds. */
import type { StatementLimits } from './decision.ts'

const names = ['maxRows', 'maxResultBytes', 'statementTimeoutMs', 'statementsPerMinute'] as const

/** The smallest of each; absent where nobody limits. */
export function smallestLimits(all: readonly StatementLimits[]): StatementLimits {
  const smallest: { -readonly [name in keyof StatementLimits]: StatementLimits[name] } = {}
  for (const limits of all)
    for (const name of names) {
      const limit = limits[name]
      if (limit !== undefined) smallest[name] = Math.min(limit, smallest[name] ?? limit)
    }
  return smallest
}

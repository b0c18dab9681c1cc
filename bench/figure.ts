/** One number that was to be reached, and what was measured. */
export interface Figure {
  /** The line of the table in docs/performance.md that it belongs to. */
  readonly line: string
  readonly name: string
  readonly unit: string
  /** Undefined: told for comparison, nothing is to be reached. */
  readonly target?: { readonly is: '≤' | '≥'; readonly value: number }
  /** NaN: not measured; `note` says why. */
  readonly value: number
  /** What it was made from. */
  readonly note: string
}

export function isMet({ target, value }: Figure): boolean | undefined {
  if (target === undefined || Number.isNaN(value)) return undefined
  return target.is === '≤' ? value <= target.value : value >= target.value
}

export function skipped(line: string, why: string): readonly Figure[] {
  return [{ line, name: 'not measured', unit: '', value: Number.NaN, note: why }]
}

export const atMost = (value: number) => ({ is: '≤', value }) as const
export const atLeast = (value: number) => ({ is: '≥', value }) as const

/** Three significant digits are what such a machine can repeat. */
export function digits(value: number): string {
  return Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

/** Medians, and rounds that take turns: on a machine with other work, neighbours in time are all that can be compared. */

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value that `percent` of all do not exceed (nearest rank). NaN where there is none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

export type Contenders<Name extends string> = Readonly<Record<Name, () => Promise<number>>>

/** Each contender once a round, in an order that turns with the rounds; what each measured, round by round. */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Contenders<Name>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contenders) as Name[]
  const measured = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]
      if (name !== undefined) measured[name].push(await contenders[name]())
    }
  }
  return measured
}

/** The median of what `combine` makes of each round: what disturbs a round disturbs both of its sides. */
export function perRound(
  a: readonly number[],
  b: readonly number[],
  combine: (a: number, b: number) => number,
): number {
  return median(a.map((value, round) => combine(value, b[round] ?? Number.NaN)))
}

/** Durations and quantities as resources write them. Inputs have passed the schema's pattern; anything else is a bug. */
const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

const quantityUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** `30s` → 30000, `1h30m` → 5400000. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/([0-9]+)(ms|s|m|h)/g)]
  if (text === '' || parts.map(part => part[0]).join('') !== text) throw new RangeError(`not a duration: ${text}`)
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (durationUnits[unit] ?? 0), 0)
}

/** `8Mi` → 8388608, `64k` → 64000, `1024` and 1024 → 1024. */
export function quantityBytes(value: string | number): number {
  const [, count, unit = ''] = /^([0-9]+)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(String(value)) ?? []
  if (count === undefined) throw new RangeError(`not a quantity: ${value}`)
  return Number(count) * (quantityUnits[unit] ?? 1)
}

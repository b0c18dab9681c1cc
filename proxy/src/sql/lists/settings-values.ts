/**
 * What a value of a setting must look like: each rule takes the values of a SET, one an element as written, and says
 * true or what is wrong. A rule accepts what PostgreSQL accepts or less, never a value that PostgreSQL reads otherwise.
 */
export type ValueRule = (values: readonly string[]) => true | string

/** Settings are 32-bit integers; beyond, PostgreSQL refuses them. */
const maxSettingInteger = 2_147_483_647

/** Any text. Only for settings whose every value is harmless. */
export const anything: ValueRule = () => true

/** Whatever value the server takes is harmless: it says what is wrong with the others, in its own words. */
export const byServer: ValueRule = () => true

/** One word of a list, without case. */
export function oneOf(...words: readonly string[]): ValueRule {
  return one(value => words.includes(value.toLowerCase()) || `may be ${words.join(', ')}`)
}

/** Every element is a word of the list; a list may also be written as one text with commas. */
export function someOf(...words: readonly string[]): ValueRule {
  return values => {
    const parts = values.flatMap(value => value.split(',')).map(part => part.trim().toLowerCase())
    return parts.every(part => words.includes(part)) || `may be made of ${words.filter(word => word !== '').join(', ')}`
  }
}

export const boolean: ValueRule = one(value => booleanOf(value) !== undefined || 'may be on or off')

/** A boolean that may only be switched to one side. */
export function only(side: 'on' | 'off'): ValueRule {
  return one(value => booleanOf(value) === (side === 'on') || `may only be ${side}`)
}

/** A number between two bounds, without a unit. */
export function number(from: number, to: number): ValueRule {
  return one(value => {
    const given = numberOf(value)
    return (given !== undefined && given >= from && given <= to) || `may be a number from ${from} to ${to}`
  })
}

/** A time; 0 switches the limit off, and whether that is allowed is for the caller to say (`boundedBy`). */
export const duration: ValueRule = one(
  value => durationMs(value, 'ms') !== undefined || 'may be a time, like 5000 or 30s',
)

/** An amount of memory up to a bound; without a unit it counts `unit`s, as the setting does. */
export function memory(unit: 'kB' | '8kB', maxBytes: number): ValueRule {
  return one(value => {
    const bytes = memoryBytes(value, unit)
    return (bytes !== undefined && bytes <= maxBytes) || `may be up to ${maxBytes / 1_048_576}MB`
  })
}

export function matching(pattern: RegExp, problem: string): ValueRule {
  return one(value => pattern.test(value) || problem)
}

/**
 * Whole milliseconds of what PostgreSQL reads as a time (`5000`, `'5s'`, `'1.5 min'`); undefined if it would not.
 * It rounds what is not whole, and a statement_timeout of 0.4 is none at all: such values are refused.
 */
export function durationMs(value: string, unit: 'ms' | 's'): number | undefined {
  const exact = quantity(value, { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }, unit)
  if (exact === undefined || exact > maxSettingInteger) return undefined
  return Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : undefined
}

/** Bytes of what PostgreSQL reads as memory (`64MB`, or a number of `unit`s). */
export function memoryBytes(value: string, unit: 'kB' | '8kB'): number | undefined {
  const units = { B: 1, kB: 1_024, '8kB': 8_192, MB: 1_048_576, GB: 1_073_741_824, TB: 1_099_511_627_776 }
  return quantity(value, units, unit)
}

/** As PostgreSQL's parse_bool: each unambiguous beginning of a word will do. */
export function booleanOf(value: string): boolean | undefined {
  const word = value.toLowerCase()
  if (word === '1' || word === 'on' || begins(word, 'true') || begins(word, 'yes')) return true
  if (word === '0' || begins(word, 'false') || begins(word, 'no') || (begins(word, 'off') && word.length > 1))
    return false
  return undefined
}

function begins(word: string, whole: string): boolean {
  return word.length > 0 && whole.startsWith(word)
}

/** Decimal only: PostgreSQL takes hexadecimal and octal too, and `010` is eight to it. */
function numberOf(text: string): number | undefined {
  return /^[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?(e[+-]?[0-9]{1,3})?$/i.test(text.trim()) ? Number(text) : undefined
}

function quantity(value: string, units: Readonly<Record<string, number>>, unit: string): number | undefined {
  const [, digits = '', written = ''] = /^\s*([0-9.]+)\s*([A-Za-z]*)\s*$/.exec(value) ?? []
  const count = numberOf(digits)
  const factor = Object.hasOwn(units, written || unit) ? units[written || unit] : undefined
  return count === undefined || factor === undefined ? undefined : count * factor
}

function one(rule: (value: string) => true | string): ValueRule {
  return values => (values.length === 1 && values[0] !== undefined ? rule(values[0]) : 'takes one value')
}

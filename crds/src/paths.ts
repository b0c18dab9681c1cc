/** Paths into a manifest as people write them: `spec.rules[0].tables`, `metadata.labels["app.kubernetes.io/name"]`. */
export type Segments = readonly (string | number)[]

const plain = /^[A-Za-z_$*][-A-Za-z0-9_$*]*$/

export function formatPath(segments: Segments): string {
  return segments.reduce<string>((path, segment) => path + printed(segment, path === ''), '')
}

function printed(segment: string | number, first: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`
  if (plain.test(segment)) return first ? segment : `.${segment}`
  return `[${JSON.stringify(segment)}]`
}

/** The inverse of `formatPath`. What it does not understand ends the path: the line of a parent is better than none. */
export function parsePath(path: string): Segments {
  const segments: (string | number)[] = []
  const part = /\.?([A-Za-z_$*][-A-Za-z0-9_$*]*)|\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]/y
  for (let match = part.exec(path); match !== null; match = part.exec(path)) {
    const [, name, index, quoted] = match
    segments.push(name ?? (index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index)))
  }
  return segments
}

/** JSON pointer, as ajv gives it. Digits are an index only where a list is, so the value is walked beside it. */
export function parsePointer(pointer: string, root: unknown): Segments {
  let here = root
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const segment = Array.isArray(here) ? Number(key) : key
      here = isFields(here) ? here[key] : undefined
      return segment
    })
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Spans of server versions, and one entry a line, so that a new version is a diff that can be read. */
import type { ServerMajor } from '@sallyport/proxy/sql/catalog.ts'

export const majors: readonly ServerMajor[] = [15, 16, 17, 18]

/** Which versions have a name: they must follow each other, or a span cannot say it. */
export function spans(names: ReadonlyMap<ServerMajor, ReadonlySet<string>>): Map<string, [number, number]> {
  const result = new Map<string, [number, number]>()
  for (const name of sorted([...names.values()].flatMap(set => [...set]))) {
    const having = majors.filter(major => names.get(major)?.has(name))
    const since = Math.min(...having)
    const until = Math.max(...having)
    if (until - since + 1 !== having.length)
      throw new Error(`${name} is missing between versions ${since} and ${until}`)
    result.set(name, [since, until])
  }
  return result
}

export function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1))
}

export function printEntries(key: string, entries: readonly (readonly [string, unknown])[]): string {
  const lines = entries.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{\n  ${JSON.stringify(key)}: {\n${lines.join(',\n')}\n  }\n}\n`
}

/** The known name that somebody who wrote `word` most likely meant, or none that is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const best = known
    .map(name => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  if (best === undefined) return undefined
  return best.distance <= Math.max(1, Math.floor(Math.min(word.length, best.name.length) / 3)) ? best.name : undefined
}

/** Edits (insert, delete, replace, swap of neighbours) that lead from one to the other. Long words are not compared. */
export function distance(a: string, b: string): number {
  if (a.length > 128 || b.length > 128) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + same, swapped))
    }
    before = above
    above = row
  }
  return at(above, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

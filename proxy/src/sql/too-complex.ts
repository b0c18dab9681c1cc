/** Thrown while a tree is walked that nests deeper, or joins more, than `settings` allow. Becomes a 54001. */
export class TooComplexError extends Error {
  override readonly name = 'TooComplexError'
}

/** The parser gives a message and no SQLSTATE; PostgreSQL's is 42601 but for these. */

export function sqlStateOf(message: string): string {
  return others.find(([pattern]) => pattern.test(message))?.[1] ?? '42601'
}

const others: readonly (readonly [RegExp, string])[] = [
  [/^memory exhausted|stack depth limit exceeded/, '54001'],
  [/^out of memory/, '53200'],
  [/not (?:yet )?(?:implemented|supported)|cannot be used with|unsafe use of string constant/, '0A000'],
  [/^unsafe use of \\' in a string literal/, '22P06'],
  [/^invalid Unicode escape$/, '22025'],
  [/^invalid byte sequence|^invalid Unicode escape character/, '22021'],
  [/^frame (?:starting from|start|end) /, '42P20'],
]

/** The parser gives a message and no SQLSTATE; PostgreSQL's is 42601 but for these (compared with PostgreSQL 15's own). */

/** `raisedIn`: the C function that raised it, where the message alone does not tell. */
export function sqlStateOf(message: string, raisedIn: string): string {
  if (message === 'invalid Unicode escape') return raisedIn === 'str_udeescape' ? '42601' : '22025'
  return others.find(([pattern]) => pattern.test(message))?.[1] ?? '42601'
}

const others: readonly (readonly [RegExp, string])[] = [
  [/^memory exhausted|stack depth limit exceeded/, '54001'],
  [/^out of memory/, '53200'],
  [/not (?:yet )?(?:implemented|supported)|^unsafe use of string constant/, '0A000'],
  [/^a column list with SET |constraints cannot be (?:altered|marked)|cannot include schema elements$/, '0A000'],
  [/^unsafe use of \\' in a string literal/, '22P06'],
  [/^invalid byte sequence/, '22021'],
  [/^column number must be|^unrecognized partitioning strategy|^precision for type float/, '22023'],
  [/^frame (?:starting from|start|end) /, '42P20'],
]

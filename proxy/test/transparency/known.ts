/**
 * Differences that are known, each with its reason (docs/transparency.md says the same for people). Nothing else may
 * differ; and one that no longer does must leave this list.
 */
export interface KnownDifference {
  readonly name: string
  readonly reason: string
  /** `where`: file, line and text; `told`: what the two said. */
  is(where: string, told: string): boolean
}

const textual = (name: string, reason: string, ...texts: readonly string[]): KnownDifference => ({
  name,
  reason,
  is: where => texts.some(text => where.includes(text)),
})

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'utility statements fail at Parse',
    reason:
      'PostgreSQL does not look at the names of a utility statement before Execute; the gateway judges a statement whole before any of it is sent.',
    is: (_, told) =>
      /direct: +ParseComplete\n +gateway: ErrorResponse S="ERROR" V="ERROR" C="(42P01|42704|42883|3F000|42501)"/.test(
        told,
      ),
  },
  textual(
    'several statements in one Query',
    'A Query is judged whole: an error of a later statement that the gateway itself finds is told before the first has run. All is undone either way.',
    'SELECT 1; SELECT * FROM nosuch; SELECT 2',
    'DROP TABLE nosuch',
    'PREPARE twice AS SELECT 1 AS one; EXECUTE twice; DEALLOCATE twice; EXECUTE twice',
    'BEGIN; CREATE TABLE in_block',
  ),
  textual(
    'settings',
    'What may not be read or set is refused by name and value, before the server says what is wrong with them.',
    "SELECT current_setting('nosuch.setting')",
    "SET work_mem = 'lots'",
  ),
  textual(
    'order of checks',
    'A name that does not exist is found before the transaction block is missed.',
    'LOCK TABLE nosuch',
  ),
  textual(
    'SQL EXECUTE under another search_path',
    'The gateway cannot prepare again what SQL PREPARE made: it says so where PostgreSQL plans anew.',
    'EXECUTE pathy',
  ),
  textual(
    'another message during COPY FROM STDIN',
    'It ends the session; PostgreSQL fails the COPY.',
    'copy.conversation:90 another message while copying',
  ),
]

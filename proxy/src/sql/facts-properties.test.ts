import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Instance } from '../parser/instance.ts'
import { factsIn, shortForm } from './test/parsed.ts'

const instance = await Instance.create()

const statements = [
  "SELECT a.x, f(b)::s.t FROM public.orders a JOIN u USING (id) WHERE x IN (SELECT 1 FROM w) AND y LIKE 'a b' ORDER BY 1 LIMIT 3 FOR UPDATE OF a",
  'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c), d AS (DELETE FROM t WHERE x RETURNING *) SELECT * FROM c, d',
  "INSERT INTO s.t (a, b) VALUES ($1, 'x') ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE t.a <> 1 RETURNING a, lower(b)",
  'MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND s.d THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id)',
  'DROP TABLE IF EXISTS a, s.b CASCADE',
  'DROP TRIGGER IF EXISTS g ON s.t',
  "COMMENT ON COLUMN s.t.c IS 'x'",
  "SECURITY LABEL FOR 'p' ON TABLE t IS 'x'",
  'CREATE SEQUENCE q OWNED BY s.t.c',
  'CREATE TABLE t (a int DEFAULT f(1), b text REFERENCES u (x)) PARTITION BY LIST (a)',
  "SET TIME ZONE 'UTC'",
  "SELECT set_config('a.b', 'c', true), current_setting('d.e'), json_object('{}'), x::json",
  'EXPLAIN (ANALYZE, BUFFERS off) UPDATE t SET a = 0x1F RETURNING old.a',
  'COPY (SELECT 1 FROM t) TO STDOUT WITH (FORMAT csv)',
]

/** The statement's tokens, cut by PostgreSQL's own lexer. */
function tokensOf(sql: string): readonly string[] {
  const bytes = Buffer.from(sql)
  return (instance.tokens(sql) ?? []).map(({ start = 0, end }) => bytes.subarray(start, end).toString())
}

const spaces = fc.constantFrom(' ', '\n', '\t \r\n', ' /* x */ ', '/**/', ' -- ;\n', ' /* /* " */ \' */ ', '--é\n')

test('comments, case and spacing change no fact but places', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...statements),
      fc.array(spaces, { minLength: 80, maxLength: 80 }),
      fc.boolean(),
      (sql, between, upper) => {
        const words = tokensOf(sql).map(word => (upper && /^[a-z_]+$/i.test(word) ? word.toUpperCase() : word))
        const spaced = words.map((word, i) => `${between[i % between.length]}${word}`).join('')
        expect(factsIn(spaced).map(shortForm)).toEqual(factsIn(sql).map(shortForm))
      },
    ),
    { seed: 3, numRuns: 300 },
  )
})

test('every relation’s span is its name, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...statements), fc.array(spaces, { minLength: 80, maxLength: 80 }), (sql, between) => {
      const spaced = tokensOf(sql)
        .map((word, i) => `${between[i % between.length]}${word}`)
        .join('')
      const bytes = Buffer.from(spaced)
      for (const { name, span } of factsIn(spaced)[0]?.relations ?? []) {
        const written = tokensOf(bytes.subarray(span.start, span.end).toString()).filter(
          token => !token.startsWith('--') && !token.startsWith('/*'),
        )
        expect(written.join('').toLowerCase()).toBe(name.join('.'))
      }
    }),
    { seed: 4, numRuns: 300 },
  )
})

test('no text makes facts throw anything but an SQL error', () => {
  const words = statements.flatMap(tokensOf)
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), parts => {
      try {
        for (const facts of factsIn(parts.join(' '))) expect(facts.parts.length).toBeGreaterThan(0)
      } catch (error) {
        expect(String(error)).toMatch(/^Error: [0-9A-Z]{5} /)
      }
    }),
    { seed: 5, numRuns: 2_000 },
  )
})

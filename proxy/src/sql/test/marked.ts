/**
 * Texts with the names marked that a splice may qualify: `SELECT {F f}(x) FROM {R t}` gives the text without the marks
 * and, for each mark, the splice that puts a schema before the name.
 */
import { quoteIdentifier, quoteName } from '../quote.ts'
import type { Splice } from '../resolved.ts'

const edits = { R: 'QualifyRelation', F: 'QualifyFunction', O: 'QualifyOperator', T: 'QualifyType' } as const

/** `schemaOf` gives the schema for the n-th mark; undefined leaves that name alone. */
export function marked(
  source: string,
  schemaOf: (index: number) => string | undefined,
): { readonly text: string; readonly splices: readonly Splice[] } {
  const splices: Splice[] = []
  let text = ''
  let index = 0
  for (const [piece, sort, written = ''] of source.matchAll(/[^{]+|\{(?:([RFOT]) ([^}]+)\})?/g)) {
    if (sort === undefined) text += piece
    if (sort === undefined) continue
    const start = Buffer.byteLength(text)
    text += written
    const schema = schemaOf(index++)
    if (schema !== undefined)
      splices.push(spliceFor(sort as keyof typeof edits, written, schema, { start, end: Buffer.byteLength(text) }))
  }
  return { text, splices }
}

function spliceFor(sort: keyof typeof edits, written: string, schema: string, span: Splice['span']): Splice {
  const name = nameOf(written)
  const text = sort === 'O' ? `OPERATOR(${quoteIdentifier(schema)}.${name})` : quoteName([schema, name])
  return { span, text, edit: { do: edits[sort], schema, name } }
}

function nameOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}

/** One of each form in which a name may stand, and traps beside it. */
export const markedStatements: readonly string[] = [
  "SELECT {F f}(x), {F Lower}('é') FROM {R t} AS a, ONLY {R u} /* {not a mark} */",
  'SELECT*FROM{R "t"}WHERE a{O @@@}b',
  'SELECT {T mytype}\'x\', {T "e"}\'x\\n\', a::{T "T"}[], CAST(b AS {T numish}(3)) FROM{R "Ü t"}',
  'INSERT INTO {R t} (a) SELECT b FROM {R t} ON CONFLICT DO NOTHING RETURNING {F f}(a)',
  'UPDATE {R t} AS x SET a = {F f}(1) FROM {R u} WHERE x.id {O <=>} u.id',
  'DELETE FROM {R t} USING {R u} WHERE EXISTS (SELECT 1 FROM {R v} JOIN {R w} USING (id))',
  'MERGE INTO {R t} USING {R u} ON true WHEN MATCHED THEN DELETE',
  'WITH c AS (SELECT * FROM {R t}) SELECT * FROM c, {R c2}, LATERAL {F f}(c.a) AS g, ROWS FROM ({F h}(1), {F i}(2)) WITH ORDINALITY',
  'DROP TABLE IF EXISTS {R a}, b.c, {R a} CASCADE',
  'DROP VIEW {R v}',
  "COMMENT ON TABLE {R t} IS 'x'",
  "COMMENT ON COLUMN {R t}.c IS 'x'",
  'TRUNCATE {R a}, {R b}',
  'LOCK TABLE {R a}',
  'COPY {R a} (x, y) TO STDOUT',
  'COPY (SELECT * FROM {R a}) TO STDOUT',
  'ALTER TABLE {R t} RENAME TO u',
  'ALTER TABLE {R t} ADD COLUMN c {T mood} DEFAULT {F f}()',
  'CREATE TABLE {R n} (a {T mood}, b int REFERENCES {R o} (id), LIKE {R p}, CHECK (a {O ===} {F f}(b)))',
  'CREATE TABLE {R n} PARTITION OF {R t} FOR VALUES IN (1)',
  'CREATE TABLE {R n} AS SELECT * FROM {R t}',
  'CREATE VIEW {R v} AS TABLE {R t}',
  'CREATE INDEX i ON {R t} ({F f}(a))',
  'CREATE TRIGGER g BEFORE INSERT ON {R t} FOR EACH ROW EXECUTE FUNCTION {F f}()',
  'GRANT SELECT ON {R t}, {R u} TO PUBLIC',
  'SELECT {O @}x, {O !!} y, a {O ~~~} ANY (b), a {O @>} ALL (SELECT 1) FROM {R t} ORDER BY a USING {O <<<}',
  'SELECT count(*) FILTER (WHERE {F f}(x)), {F agg}(DISTINCT x ORDER BY y), {F p}(0.5) WITHIN GROUP (ORDER BY z), {F w}() OVER () FROM {R t}',
  'EXPLAIN ANALYZE SELECT 1 FROM {R t}',
  'PREPARE p ({T mood}) AS SELECT $1 FROM {R t}',
  'DECLARE c CURSOR FOR SELECT 1 FROM {R t} FOR UPDATE OF t',
  "SELECT '{'||a FROM {R t} -- FROM t\n WHERE t.id = 1",
  'SELECT (SELECT (((SELECT {F f}(1) FROM {R t}))))',
  'CALL {F proc}(1)',
  'VACUUM {R t}',
  'SELECT U&"d\\0061t" FROM {R "t"}TABLESAMPLE system (1)',
  'SELECT 1 FROM {R t}*',
  'UPDATE {R t} SET (a, b, c) = (SELECT {F f}(x), y::{T mood}, z {O <=>} 1 FROM {R u} ORDER BY 1 USING {O <<<}), d = {F f}(2)',
  'CREATE AGGREGATE agg({T mood}) (SFUNC = {F f}, STYPE = {T mood}, FINALFUNC = {F f})',
  'CREATE OPERATOR === (FUNCTION = {F f}, LEFTARG = {T mood}, RIGHTARG = {T mood})',
  'CREATE TYPE b (INPUT = {F f}, OUTPUT = {F g}, LIKE = {T mood})',
  'CREATE TRANSFORM FOR {T mood} LANGUAGE l (FROM SQL WITH FUNCTION f({T inner}))',
  'CREATE CAST ({T mood} AS {T other}) WITH FUNCTION f({T mood})',
  'GRANT EXECUTE ON FUNCTION f({T mood}, {T mood}), g({T mood}) TO PUBLIC',
  'DROP FUNCTION f({T mood}), g({T mood}, OUT x {T other})',
  'COMMENT ON FUNCTION f({T mood}) IS NULL',
  'ALTER FUNCTION f({T mood}) RENAME TO g',
]

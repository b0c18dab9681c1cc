import { expect, test } from 'vitest'
import { check as calls, factsIn } from './test/parsed.ts'

test('a function that reads files is seen in whatever place', () => {
  for (const place of [
    'SELECT $',
    'SELECT 1 FROM $',
    'SELECT 1 LIMIT $',
    'SELECT 1 WHERE $ = 1',
    'VALUES ($)',
    'CALL p($)',
    'EXECUTE s($)',
    'COPY (SELECT $) TO STDOUT',
    'CREATE TABLE n (a text DEFAULT $)',
    'EXPLAIN SELECT $',
    'SELECT sum(1) FILTER (WHERE $ IS NULL)',
    'SELECT 1 WINDOW w AS (PARTITION BY $)',
    'INSERT INTO t VALUES ($)',
    'SELECT ARRAY[$]',
    'SELECT CASE WHEN $ THEN 1 END',
    'SELECT 1 ORDER BY $',
    'SELECT x[$]',
    'SELECT a FROM t GROUP BY ROLLUP ($)',
    'CREATE INDEX ON t (($))',
    'ALTER TABLE t ADD CHECK ($)',
    'SELECT 1 FROM t TABLESAMPLE system ($)',
    'DECLARE c CURSOR FOR SELECT $',
    'CREATE VIEW v AS SELECT $',
    'SELECT 1 FROM ROWS FROM ($) f',
    'SELECT xmlelement(name a, $)',
    "SELECT JSON_OBJECT('a': $)",
    'PREPARE p AS SELECT $',
    'CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT $; END',
    'CREATE FUNCTION f(a text DEFAULT $) RETURNS text RETURN 1',
    'CREATE TABLE p PARTITION OF t FOR VALUES IN ($)',
    'CREATE POLICY p ON t USING ($)',
    'CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW WHEN ($) EXECUTE FUNCTION f()',
    'CREATE RULE r AS ON INSERT TO t WHERE $ DO NOTHING',
    'CREATE DOMAIN d AS text CHECK ($)',
    'CREATE STATISTICS s ON ($), a FROM t',
    'COPY t FROM STDIN WHERE $',
    'UPDATE t SET a = $',
    'INSERT INTO t VALUES (1) ON CONFLICT (($)) DO NOTHING',
    'DELETE FROM t RETURNING $',
    'ALTER TABLE t ALTER a TYPE text USING $',
    'CREATE PUBLICATION p FOR TABLE t WHERE ($)',
    'MERGE INTO t USING s ON $ WHEN MATCHED THEN DELETE',
    'SELECT count(*) OVER (ORDER BY 1 ROWS $ PRECEDING)',
    'SELECT 1 FROM a JOIN b ON $',
    'SELECT DISTINCT ON ($) 1',
    'WITH RECURSIVE c AS (SELECT 1 AS a) CYCLE a SET m TO $ DEFAULT 2 USING p SELECT 1',
  ]) {
    const sql = place.replace('$', 'pg_read_file(a)')
    if (place.includes('TO $ DEFAULT') || place.includes('EXECUTE s')) continue
    expect(
      factsIn(sql)[0]?.calls.map(({ name }) => name.at(-1)),
      sql,
    ).toContain('pg_read_file')
  }
  expect(factsIn('EXECUTE s(pg_read_file(a))')[0]?.calls).toHaveLength(1)
})

calls('functions', 'SELECT f(), s.f(1, 2), count(*), count(DISTINCT x), f(VARIADIC a), f(a => 1)', {
  calls: ['f/0', 's.f/2', 'count/0', 'count/1', 'f/1+', 'f/1+'],
})
calls('unnest of several in FROM is syntax', 'SELECT 1 FROM unnest(f(a), b) WITH ORDINALITY AS u (x, y)', {
  calls: ['f/1', 'pg_catalog.unnest/1', 'pg_catalog.unnest/1'],
})
calls('… in ROWS FROM, too', 'SELECT 1 FROM ROWS FROM (unnest(a, b), g(c))', {
  calls: ['pg_catalog.unnest/1', 'pg_catalog.unnest/1', 'g/1'],
})
calls(
  '… and with anything else about it an ordinary call',
  'SELECT unnest(a, b) FROM unnest(a), unnest(VARIADIC b), s.unnest(a, b), unnest(a, b ORDER BY c), ROWS FROM (unnest(a, b) AS (x int))',
  { calls: ['unnest/1', 'unnest/1+', 's.unnest/2', 'unnest/2', 'unnest/2', 'unnest/2'] },
)
calls('aggregates over sorted sets', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x)', {
  calls: ['percentile_cont/2'],
})
calls(
  'window functions',
  'SELECT rank() OVER w, sum(f(x)) OVER (PARTITION BY g(y)) FROM t WINDOW w AS (ORDER BY h(z))',
  {
    calls: ['rank/0', 'f/1', 'g/1', 'sum/1', 'h/1'],
  },
)
calls('operators', 'SELECT a + b, -c, a OPERATOR(s.@@) b, a <> b, a != b', {
  calls: ['+/2', '-/1', 's.@@/2', '<>/2', '<>/2'],
})
calls(
  'operators that syntax implies',
  'SELECT a IN (1), a NOT IN (1), a LIKE b, a NOT ILIKE b, a BETWEEN 1 AND 2, a NOT BETWEEN SYMMETRIC 1 AND 2, NULLIF(a, b), a IS DISTINCT FROM b, CASE a WHEN 1 THEN 2 END',
  {
    calls: ['=/2', '<>/2', '~~/2', '!~~*/2', '>=/2', '<=/2', '</2', '>/2', '=/2', '=/2', '=/2'],
  },
)
calls('SIMILAR TO', "SELECT a SIMILAR TO 'b'", { calls: ['pg_catalog.similar_to_escape/1', '~/2'] })
calls('LIKE … ESCAPE', "SELECT a LIKE b ESCAPE 'c'", { calls: ['pg_catalog.like_escape/2', '~~/2'] })
calls(
  'ANY, ALL and subqueries',
  'SELECT a = ANY (b), a > ALL (SELECT 1), a IN (SELECT 1), (a, b) = (SELECT 1, 2), ROW(1, 2) < ROW(3, 4)',
  {
    calls: ['=/2', '>/2', '=/2', '=/2', '</2'],
  },
)
calls('ORDER BY USING', 'SELECT 1 ORDER BY a USING OPERATOR(s.<)', { calls: ['s.</2'] })
calls(
  'functions of SQL’s own syntax',
  "SELECT EXTRACT(year FROM d), POSITION(a IN b), SUBSTRING(a FROM 1), TRIM(a), OVERLAY(a PLACING b FROM 1), d AT TIME ZONE 'UTC', COLLATION FOR (a), NORMALIZE(a), a IS NORMALIZED, (a, b) OVERLAPS (c, d), XMLEXISTS(a PASSING b)",
  {
    calls: [
      'pg_catalog.extract/2',
      'pg_catalog.position/2',
      'pg_catalog.substring/2',
      'pg_catalog.btrim/1',
      'pg_catalog.overlay/3',
      'pg_catalog.timezone/2',
      'pg_catalog.pg_collation_for/1',
      'pg_catalog.normalize/1',
      'pg_catalog.is_normalized/1',
      'pg_catalog.overlaps/4',
      'pg_catalog.xmlexists/2',
    ],
  },
)
calls(
  'casts',
  "SELECT a::s.t, CAST(b AS int[]), date '2020-01-01', t '1', interval '1' day, x::numeric(10, 2), g::geometry(Point)",
  {
    calls: [
      '::s.t',
      '::pg_catalog.int4',
      '::date',
      '::t',
      '::pg_catalog.interval',
      '::pg_catalog.numeric',
      '::geometry',
    ],
    types: ['s.t', 'pg_catalog.int4[]', 'date', 't', 'pg_catalog.interval', 'pg_catalog.numeric', 'geometry'],
    columns: ['a@', 'b@', 'x@', 'g@'],
  },
)
calls('casts that syntax implies', "SELECT XMLSERIALIZE(CONTENT a AS t), JSON_VALUE(a, '$' RETURNING u)", {
  calls: ['::t', '::u'],
})
calls('sampling', 'SELECT 1 FROM t TABLESAMPLE s.m (1) REPEATABLE (f())', {
  relations: ['Select t'],
  calls: ['s.m/1', 'f/0'],
})
calls('collations', 'SELECT a COLLATE s."de"', { objects: ['Use collation s.de'] })
calls(
  'trigger functions',
  'CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (old.a <> new.a) EXECUTE FUNCTION s.f(1)',
  {
    kind: 'CreateTrigger',
    relations: ['CreateTrigger t(a)'],
    calls: ['s.f/0', '<>/2'],
    columns: ['old.a@old new t', 'new.a@old new t'],
  },
)
calls('aggregates', 'CREATE AGGREGATE a (int) (SFUNC = s.f, STYPE = int, FINALFUNC = g)', {
  kind: 'CreateAggregate',
  calls: ['s.f/0+', 'g/0+'],
  types: ['pg_catalog.int4', 'pg_catalog.int4'],
})
calls('operators and their functions', 'CREATE OPERATOR ## (FUNCTION = f, LEFTARG = t, RIGHTARG = u, RESTRICT = r)', {
  kind: 'CreateOperator',
  calls: ['f/0+', 'r/0+'],
  types: ['t', 'u'],
})
calls('base types', 'CREATE TYPE t (INPUT = i, OUTPUT = o)', { kind: 'CreateBaseType', calls: ['i/0+', 'o/0+'] })
calls('a shell type', 'CREATE TYPE t', { kind: 'CreateType', calls: [] })
calls('range types', 'CREATE TYPE r AS RANGE (SUBTYPE = s, SUBTYPE_DIFF = d)', {
  kind: 'CreateRangeType',
  types: ['s'],
  calls: ['d/2+'],
})
calls('casts made', 'CREATE CAST (a AS b) WITH FUNCTION f(a)', {
  kind: 'CreateCast',
  calls: ['f/1'],
  types: ['a', 'b', 'a'],
})
calls('exclusion constraints', 'ALTER TABLE t ADD EXCLUDE USING gist (a WITH s.&&)', {
  forbidden: [],
  calls: ['s.&&/2'],
})

test('spans are what is to be replaced, and nothing where syntax implies the name', () => {
  const sql = `SELECT "é", U&"f\\006Fo" /* x */ (1), s -- c\n . "G" (2), U&"h!0061" UESCAPE '!' (3), a <> 4, a != 5, a IN (6), Bar(7)`
  const bytes = new TextEncoder().encode(sql)
  const texts = factsIn(sql)[0]?.calls.map(({ span }) =>
    span === undefined ? undefined : new TextDecoder().decode(bytes.subarray(span.start, span.end)),
  )
  expect(texts).toEqual(['U&"f\\006Fo"', 's -- c\n . "G"', `U&"h!0061" UESCAPE '!'`, '<>', '!=', undefined, 'Bar'])
})

test('words that became syntax keep their bytes', () => {
  const [facts] = factsIn("SELECT json_object('{}'), a::json, a::JSON[], b::pg_catalog.json")
  expect(facts?.calls[0]).toMatchObject({
    name: ['pg_catalog', 'json_object'],
    wordSince: 16,
    span: { start: 7, end: 18 },
  })
  expect(facts?.types.map(({ wordSince }) => wordSince)).toEqual([17, 17, undefined])
  expect(facts?.calls.map(({ wordSince }) => wordSince)).toEqual([16, 17, 17, undefined])
})

import { expect, test } from 'vitest'
import { factsIn, check as query } from './test/parsed.ts'

test('what is no SQL has no facts', () => {
  expect(() => factsIn('SELEC 1')).toThrow('42601 syntax error at or near "SELEC"')
  expect(() => factsIn('SELECT 1\0; DROP TABLE t')).toThrow('22021')
})

test('an empty text has no statement, and several have their own spans', () => {
  expect(factsIn('')).toEqual([])
  expect(factsIn(' ; -- nothing\n ;')).toEqual([])
  const text = "/* é */ SELECT 1 ;/* none */;; INSERT INTO t VALUES (';') -- end\n;"
  const bytes = new TextEncoder().encode(text)
  const spans = factsIn(text).map(({ span }) => new TextDecoder().decode(bytes.subarray(span.start, span.end)))
  expect(spans).toEqual(['/* é */ SELECT 1', "INSERT INTO t VALUES (';') -- end"])
})

// Reads
query('names, aliases, joins', 'SELECT a.x FROM public.a a JOIN "B" ON true, ONLY c AS d', {
  kind: 'Select',
  relations: ['Select public.a', 'Select B', 'Select c only'],
  columns: ['a.x@a B d'],
})
query('parentheses around joins', 'SELECT 1 FROM ((a CROSS JOIN b) LEFT JOIN (c JOIN d ON true) ON true)', {
  relations: ['Select a', 'Select b', 'Select c', 'Select d'],
})
query('TABLE is a SELECT', 'TABLE t', { kind: 'Select', relations: ['Select t'], columns: ['*@t'] })
query('VALUES', 'VALUES (f(1))', { kind: 'Select', relations: [], calls: ['f/1'] })
query(
  'subqueries everywhere',
  'SELECT (SELECT 1 FROM a) FROM (SELECT 1 FROM b) s WHERE EXISTS (SELECT 1 FROM c) ORDER BY (SELECT 1 FROM d) LIMIT (SELECT 1 FROM e)',
  {
    parts: ['Select where limit'],
    relations: ['Select b', 'Select a', 'Select c', 'Select e', 'Select d'],
  },
)
query('set operations', 'SELECT 1 FROM a WHERE x UNION SELECT 2 FROM b WHERE y EXCEPT (SELECT 3 FROM c LIMIT 1)', {
  parts: ['Select'],
  relations: ['Select a', 'Select b', 'Select c'],
})
query('every query of a set operation has its WHERE', 'SELECT 1 FROM a WHERE x UNION SELECT 2 FROM b WHERE y LIMIT 3', {
  parts: ['Select where limit'],
})
query('LIMIT ALL is none', 'SELECT 1 FROM a LIMIT ALL', { parts: ['Select'] })
query('FETCH FIRST is one', 'SELECT 1 FROM a FETCH FIRST ROW ONLY', { parts: ['Select limit'] })
query('a function in FROM is no relation', 'SELECT * FROM t, generate_series(1, t.n) g(i)', {
  relations: ['Select t'],
  calls: ['generate_series/2'],
  columns: ['t.n@t', '*@t g(i)'],
})
query('FOR UPDATE locks what FROM names', 'SELECT 1 FROM a, (SELECT 1 FROM b) s FOR UPDATE', {
  relations: ['Select a', 'Select b', 'Lock a', 'Lock b'],
})
query('FOR UPDATE OF names aliases', 'SELECT 1 FROM a x JOIN b ON true FOR SHARE OF x', {
  relations: ['Select a', 'Select b', 'Lock a'],
})
query('SELECT INTO makes a table', 'SELECT 1 INTO TEMP n FROM t', {
  kind: 'CreateTable',
  relations: ['Select t', 'CreateTable n made temporary'],
})
query('and in a set operation', 'SELECT 1 INTO n UNION SELECT 2', {
  kind: 'CreateTable',
  relations: ['CreateTable n made'],
})
query('three parts', 'SELECT 1 FROM db.public.t', { relations: ['Select db.public.t'] })

// CTEs
query('a CTE is no relation', 'WITH c AS (SELECT 1 FROM t) SELECT * FROM c', {
  parts: ['Select', 'Select'],
  relations: ['Select t #1'],
})
query('a qualified name is never a CTE', 'WITH c AS (SELECT 1) SELECT * FROM public.c', {
  relations: ['Select public.c'],
})
query('without RECURSIVE a CTE does not see itself', 'WITH t AS (SELECT 1 FROM t) SELECT 1 FROM t', {
  relations: ['Select t #1'],
})
query('nor those after it', 'WITH a AS (SELECT 1 FROM b), b AS (SELECT 1 FROM a) SELECT 1', {
  relations: ['Select b #1'],
})
query('with RECURSIVE it sees all', 'WITH RECURSIVE a AS (SELECT 1 FROM b), b AS (SELECT 1 FROM a) SELECT 1 FROM b', {
  relations: [],
})
query('an inner WITH shadows', 'WITH c AS (SELECT 1) SELECT (WITH c AS (SELECT 1 FROM t) SELECT 1 FROM c), 1 FROM c', {
  relations: ['Select t #2'],
})
query('an inner WITH ends with its query', 'SELECT (WITH c AS (SELECT 1) SELECT 1 FROM c), 1 FROM c', {
  relations: ['Select c'],
})
query(
  'a CTE of the outer query is seen in subqueries',
  'WITH c AS (SELECT 1) SELECT 1 FROM (SELECT 1 FROM c) s WHERE EXISTS (SELECT 1 FROM c)',
  { relations: [] },
)
query('columns of a CTE', 'WITH c(a) AS (SELECT 1, 2 AS b) SELECT a FROM c', { columns: ['a@c(a,b)'] })
query(
  'SEARCH and CYCLE add columns',
  'WITH RECURSIVE c AS (SELECT 1 AS a) SEARCH DEPTH FIRST BY a SET o CYCLE a SET m USING p SELECT o FROM c',
  { columns: ['o@c(a,o,m,p)'] },
)
query('a data-changing CTE counts as what it is', 'WITH d AS (DELETE FROM t WHERE x RETURNING *) SELECT * FROM d', {
  kind: 'Select',
  parts: ['Select', 'Delete where'],
  relations: ['Delete t #1', 'Select t if read #1'],
})
query(
  'hidden two levels down',
  'SELECT 1 FROM (WITH d AS (INSERT INTO t SELECT 1 FROM u RETURNING 1) SELECT 1 FROM d) s',
  {
    relations: ['Insert t #1', 'Select t if read #1', 'Select u #1'],
  },
)

// Scopes
query('an outer reference', 'SELECT (SELECT o.x FROM i) FROM o', { columns: ['o.x@i < o'] })
query('a subquery in FROM sees what is outside', 'SELECT (SELECT 1 FROM (SELECT o.x) s) FROM o', { columns: ['o.x@o'] })
query('LATERAL sees what is to the left', 'SELECT 1 FROM a, LATERAL (SELECT a.x FROM b) s, c', {
  columns: ['a.x@b < a'],
})
query('ON sees its two sides', 'SELECT 1 FROM z, a JOIN b ON a.x = b.y', { columns: ['a.x@a b', 'b.y@a b'] })
query('an aliased join hides its sides', 'SELECT j.x FROM (a JOIN b ON true) AS j', { columns: ['*@a b', 'j.x@j'] })
query('USING', 'SELECT 1 FROM a JOIN b USING (x) AS u', { columns: ['x@a b'], calls: ['=/2'] })
query('NATURAL compares what only the catalog knows', 'SELECT 1 FROM a NATURAL JOIN b', {
  columns: ['*@a b'],
  calls: ['=/2'],
})
query('ORDER BY an output', 'SELECT f(x) AS n FROM t ORDER BY n', { columns: ['x@t'] })
query('GROUP BY prefers an input', 'SELECT 1 AS n FROM t GROUP BY n', { columns: ['n@t'] })
query('ORDER BY of a UNION is an output', 'SELECT a AS x FROM t UNION SELECT b FROM u ORDER BY x', {
  columns: ['a@t', 'b@u'],
})
query('whole rows', 'SELECT t, (t).x, (t).*, (f(t)).g, t.*::text FROM t', {
  columns: ['t@t', 't@t', 't@t', 't@t', 't.*@t'],
  selections: ['x', '*', 'g'],
})
query('subscripts, slices and fields', 'SELECT a[i].f, ($1).g[1:j] FROM t', {
  columns: ['a@t', 'i@t', 'j@t'],
  selections: ['f', 'g'],
})
query('output names', 'SELECT lower, min FROM (SELECT lower(x), min(x) OVER (), x::text, x.y FROM x) s', {
  columns: ['x@x', 'x@x', 'x@x', 'x.y@x', 'lower@s(lower,min,x,y)', 'min@s(lower,min,x,y)'],
})
query(
  'XMLTABLE and JSON_TABLE',
  "SELECT 1 FROM t, XMLTABLE('/r' PASSING t.d COLUMNS a text, b FOR ORDINALITY), JSON_TABLE(t.j, '$' COLUMNS (c int, NESTED '$' COLUMNS (d date))) WHERE a = c",
  {
    relations: ['Select t'],
    columns: ['t.d@t', 't.j@t xmltable(a,b)', 'a@t xmltable(a,b) json_table(c,d)', 'c@t xmltable(a,b) json_table(c,d)'],
    types: ['text', 'pg_catalog.int4', 'date'],
  },
)
query('$n', 'SELECT $2, $1', { parts: ['Select'], relations: [] })

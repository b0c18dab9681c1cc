import { expect, test } from 'vitest'
import { factsIn } from './test/parsed.ts'

/** `relation 0: name = a|b`, `function: name = a`. */
function pins(sql: string): readonly string[] {
  return factsIn(sql).flatMap(facts =>
    facts.pins.map(
      ({ relation, column, values }) =>
        `${relation === undefined ? 'function' : `relation ${relation}`}: ${column} = ${values.join('|')}`,
    ),
  )
}

test.each([
  ['no condition', 'SELECT setting FROM pg_settings'],
  ['OR', "SELECT setting FROM pg_settings WHERE name = 'a' OR true"],
  ['NOT', "SELECT setting FROM pg_settings WHERE NOT name = 'a'"],
  ['NOT IN', "SELECT setting FROM pg_settings WHERE name NOT IN ('a')"],
  ['<> ANY', "SELECT setting FROM pg_settings WHERE name <> ANY ('{a}')"],
  ['= ALL', "SELECT setting FROM pg_settings WHERE name = ALL ('{}')"],
  ['a parameter', 'SELECT setting FROM pg_settings WHERE name = $1'],
  ['a parameter among them', "SELECT setting FROM pg_settings WHERE name IN ('a', $1)"],
  ['a cast that may cut', "SELECT setting FROM pg_settings WHERE name = 'a'::text"],
  ['an array with quotes', `SELECT setting FROM pg_settings WHERE name = ANY ('{"a","b"}')`],
  ['an array of nothing', "SELECT setting FROM pg_settings WHERE name = ANY ('{}')"],
  ['another condition on the values', "SELECT setting FROM pg_settings WHERE name = 'a' AND 'x' ~ setting"],
  ['… by the whole row', "SELECT setting FROM pg_settings s WHERE name = 'a' AND f(s)"],
  ['… by a star', "SELECT setting FROM pg_settings s WHERE name = 'a' AND f(s.*)"],
  ['… in a subquery', "SELECT setting FROM pg_settings s WHERE name = 'a' AND (SELECT f(s.setting))"],
  ['… in HAVING', "SELECT setting FROM pg_settings WHERE name = 'a' GROUP BY setting HAVING 'x' ~ setting"],
  ['two relations', "SELECT setting FROM pg_settings, t WHERE name = 'a'"],
  ['a join', "SELECT setting FROM pg_settings JOIN t ON true WHERE name = 'a'"],
  ['other names', "SELECT x FROM pg_settings AS s (setting, name) WHERE name = 'a'"],
  ['a column of the query around', "SELECT (SELECT setting FROM pg_settings WHERE o.name = 'a') FROM o"],
  [
    'a subquery in FROM',
    "SELECT * FROM (SELECT name, setting FROM pg_settings WHERE name = 'a') s WHERE 'x' ~ setting",
  ],
  ['a CTE', "WITH s AS (SELECT setting FROM pg_settings WHERE name = 'a') SELECT * FROM s WHERE 'x' ~ setting"],
  ['IN', "SELECT 'x' IN (SELECT setting FROM pg_settings WHERE name = 'a')"],
  ['EXISTS', "SELECT EXISTS (SELECT setting FROM pg_settings WHERE name = 'a')"],
  ['a view', "CREATE VIEW v AS SELECT setting FROM pg_settings WHERE name = 'a'"],
  ['a function', "CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT setting FROM pg_settings WHERE name = 'a'; END"],
  ['a CTE of that name', "WITH pg_settings AS (SELECT 1) SELECT setting FROM pg_settings WHERE name = 'a'"],
  ['a function among others', "SELECT 1 FROM ROWS FROM (f(), g()) WHERE name = 'a'"],
  ['a write', "UPDATE pg_settings SET setting = 'x' WHERE name = 'a'"],
])('no pin: %s', (_, sql) => expect(pins(sql)).toEqual([]))

test.each([
  ["SELECT setting FROM pg_catalog.pg_settings WHERE name='max_index_keys'", ['relation 0: name = max_index_keys']],
  ["SELECT * FROM pg_settings s WHERE s.name IN ('a', 'b') ORDER BY setting", ['relation 0: name = a|b']],
  ["SELECT 1 FROM pg_settings WHERE name = ANY ('{a,b}')", ['relation 0: name = a|b']],
  ["SELECT 1 FROM pg_settings WHERE name = ANY (ARRAY['a', 'b'])", ['relation 0: name = a|b']],
  ["SELECT 1 FROM pg_settings WHERE 'a' = name AND f(name) AND $1", ['relation 0: name = a']],
  ["SELECT 1, (SELECT setting FROM pg_settings WHERE name = 'a') FROM t", ['relation 1: name = a']],
  ["SELECT ARRAY(SELECT setting FROM pg_settings WHERE name = 'a')", ['relation 0: name = a']],
  ["SELECT 1 UNION ALL SELECT setting FROM pg_settings WHERE name = 'a'", ['relation 0: name = a']],
  ["SELECT set_config('a', 'b', false) FROM pg_show_all_settings() WHERE name = 'a'", ['function: name = a']],
  ["EXPLAIN SELECT setting FROM pg_settings WHERE name = 'a'", ['relation 0: name = a']],
  ["COPY (SELECT setting FROM pg_settings WHERE name = 'a') TO STDOUT", ['relation 0: name = a']],
])('%s', (sql, expected) => expect(pins(sql)).toEqual(expected))

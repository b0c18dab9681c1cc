import { expect, test } from 'vitest'
import { factsIn } from './test/parsed.ts'

/** What only a newer server understands, and since when. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['SELECT s.json_value(a)', []],
  ["SELECT JSON_VALUE(a, '$')", ['17 JSON_EXISTS, JSON_QUERY and JSON_VALUE']],
  ["SELECT JSON_EXISTS(a, '$')", ['17 JSON_EXISTS, JSON_QUERY and JSON_VALUE']],
  ["SELECT JSON_QUERY(a, '$')", ['17 JSON_EXISTS, JSON_QUERY and JSON_VALUE']],
  ["SELECT 1 FROM JSON_TABLE(a, '$' COLUMNS (b int))", ['17 JSON_TABLE']],
  ['SELECT json_scalar(1)', ['17 JSON_SCALAR']],
  ['SELECT json_serialize(a)', ['17 JSON_SERIALIZE']],
  ['SELECT json(a)', ['17 JSON()']],
  ['SELECT json_array(1)', ['16 JSON_ARRAY']],
  ['SELECT json_array(SELECT 1)', ['16 JSON_ARRAY']],
  ["SELECT JSON_OBJECT('a': 1)", ['16 JSON_OBJECT']],
  ['SELECT json_object()', ['16 JSON_OBJECT']],
  ['SELECT JSON_OBJECTAGG(a: b)', ['16 JSON_OBJECTAGG']],
  ['SELECT json_arrayagg(a)', ['16 JSON_ARRAYAGG']],
  ['SELECT a IS JSON', ['16 IS JSON']],
  ['SELECT system_user', ['16 SYSTEM_USER']],
  ['SELECT "system_user", t.system_user FROM t', []],
  ["SELECT d AT LOCAL, d AT TIME ZONE 'UTC'", ['17 AT LOCAL']],
  [
    'SELECT 0x1F, 0o7, 0b1',
    ['16 integer literals with 0x or _', '16 integer literals with 0x or _', '16 integer literals with 0x or _'],
  ],
  [
    'SELECT 1_000, - /* x */ 1_0.5, 1.5_0',
    ['16 integer literals with 0x or _', '16 integer literals with 0x or _', '16 integer literals with 0x or _'],
  ],
  ['SELECT 1000, 1.5, -2, 1e5, .5, 1 _a', []],
  ["SELECT 'x_1', 1-_a FROM t", []],
  ['SELECT XMLSERIALIZE(CONTENT a AS text INDENT)', ['16 XMLSERIALIZE … INDENT']],
  ['CREATE TABLE t (a int GENERATED ALWAYS AS (b) VIRTUAL)', ['18 VIRTUAL generated columns']],
  ['CREATE TABLE t (a int GENERATED ALWAYS AS (b) STORED)', []],
  ['CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCED)', ['18 NOT ENFORCED']],
  ['ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED', ['18 NOT ENFORCED']],
  ['ALTER TABLE t ADD CHECK (a > 0) NOT VALID', []],
  ['ALTER TABLE t ADD CONSTRAINT c NOT NULL a', ['18 NOT NULL as a table constraint']],
  ['CREATE TABLE t (a int NOT NULL, b int STORAGE EXTENDED)', ['16 STORAGE in a column definition']],
  ['CREATE TABLE t (a int, r tstzrange, PRIMARY KEY (a, r WITHOUT OVERLAPS))', ['18 WITHOUT OVERLAPS']],
  ['ALTER TABLE t ADD FOREIGN KEY (a, PERIOD r) REFERENCES u (a, PERIOD r)', ['18 PERIOD', '18 PERIOD']],
  ['ALTER TABLE t ALTER a SET EXPRESSION AS (b)', ['17 ALTER COLUMN … SET EXPRESSION']],
  ['ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE', []],
  ['ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED', ['18 ALTER CONSTRAINT … ENFORCED']],
  ['COPY t FROM STDIN (ON_ERROR ignore, REJECT_LIMIT 3)', ['17 COPY option ON_ERROR', '18 COPY option REJECT_LIMIT']],
  ['COPY t FROM STDIN (FORMAT csv, FORCE_NULL *)', ['17 FORCE_NULL *']],
  ['COPY t FROM STDIN (FORMAT csv, FORCE_NULL (a))', []],
  ["COPY t FROM STDIN (DEFAULT 'x')", ['16 COPY option DEFAULT']],
  [
    'EXPLAIN (MEMORY, SERIALIZE text, GENERIC_PLAN) SELECT 1',
    ['17 EXPLAIN option MEMORY', '17 EXPLAIN option SERIALIZE', '16 EXPLAIN option GENERIC_PLAN'],
  ],
  [
    'VACUUM (PROCESS_MAIN off, BUFFER_USAGE_LIMIT 0) t',
    ['16 VACUUM option PROCESS_MAIN', '16 VACUUM option BUFFER_USAGE_LIMIT'],
  ],
  ['GRANT a TO b WITH INHERIT TRUE', ['16 GRANT … WITH INHERIT']],
  ['GRANT a TO b WITH ADMIN OPTION', []],
  ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', []],
]

test.each(cases)('%s', (sql, newer) => {
  const [facts] = factsIn(sql)
  expect(facts?.newer.map(({ what, since }) => `${since} ${what}`)).toEqual(newer)
  expect(facts?.forbidden).toEqual([])
})

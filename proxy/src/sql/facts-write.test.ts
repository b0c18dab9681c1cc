import { expect, test } from 'vitest'
import { factsIn, check as write } from './test/parsed.ts'

test('a write in a CTE is never a mere read', () => {
  const [facts] = factsIn('WITH x AS (UPDATE t SET a = 1) SELECT 1')
  expect(facts?.relations.map(({ kind }) => kind)).toContain('Update')
})

write('INSERT … SELECT', 'INSERT INTO a (x, y) SELECT 1, 2 FROM b WHERE z LIMIT 1', {
  kind: 'Insert',
  parts: ['Insert where limit'],
  relations: ['Insert a(x,y)', 'Select a if read', 'Select b'],
  returnsRows: false,
})
write('the target is never a CTE', 'WITH t AS (SELECT 1) INSERT INTO t SELECT * FROM t', {
  relations: ['Insert t', 'Select t if read'],
})
write(
  'ON CONFLICT',
  'INSERT INTO t AS n VALUES (1) ON CONFLICT (k) WHERE p DO UPDATE SET v = excluded.v || n.v WHERE n.w RETURNING n.r',
  {
    relations: ['Insert t', 'Select t if read', 'Update t(v)'],
    columns: ['p@n', 'k@n', 'excluded.v@n excluded', 'n.v@n excluded', 'n.w@n excluded', 'n.r@n old new'],
    returnsRows: true,
  },
)
write('DO NOTHING', 'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING', {
  relations: ['Insert t', 'Select t if read'],
  columns: [],
})
write('ON CONSTRAINT reads its columns', 'INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT c DO NOTHING', {
  columns: ['*@t'],
})
write('DEFAULT VALUES', 'INSERT INTO t DEFAULT VALUES', {
  relations: ['Insert t', 'Select t if read'],
  parts: ['Insert'],
})
write('UPDATE', 'UPDATE ONLY t SET (a, b) = (SELECT x, y FROM u), c[i] = 1 FROM s WHERE s.id = t.id', {
  parts: ['Update where'],
  relations: ['Update t(a,b,c) only', 'Select t only if read', 'Select s', 'Select u'],
  columns: ['x@u < t s', 'y@u < t s', 'i@t s', 's.id@t s', 't.id@t s'],
})
write('UPDATE without WHERE', 'UPDATE t SET a = DEFAULT', { parts: ['Update'], columns: [] })
write('DELETE', 'DELETE FROM t a USING u WHERE a.x = u.x RETURNING a.*, u.*', {
  parts: ['Delete where'],
  relations: ['Delete t', 'Select t if read', 'Select u'],
  columns: ['a.x@a u', 'u.x@a u', 'a.*@a u old new', 'u.*@a u old new'],
  returnsRows: true,
})
write('WHERE CURRENT OF is a WHERE', 'DELETE FROM t WHERE CURRENT OF c', { parts: ['Delete where'], columns: [] })
write('old and new', 'UPDATE t SET a = 1 RETURNING old.a, new.*', { newer: ['18 RETURNING old', '18 RETURNING new'] })
write('old as an alias is no news', 'UPDATE t AS old SET a = 1 RETURNING old.a', { newer: [] })
write('renamed rows', 'UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a', {
  newer: ['18 RETURNING WITH'],
  columns: ['o.a@t o new'],
})
write(
  'MERGE',
  'MERGE INTO t USING (SELECT * FROM s) q ON t.id = q.id WHEN MATCHED AND q.d THEN DELETE WHEN MATCHED THEN UPDATE SET v = q.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (q.id, q.v)',
  {
    kind: 'Merge',
    parts: ['Merge', 'Delete where', 'Update', 'Insert'],
    relations: ['Select t', 'Select s', 'Delete t #1', 'Update t(v) #2', 'Insert t(id,v) #3'],
    newer: [],
  },
)
write('MERGE … DO NOTHING only reads', 'MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING', {
  relations: ['Select t', 'Select s'],
})
write(
  'MERGE of newer servers',
  'MERGE INTO t USING s ON true WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action()',
  {
    newer: ['17 MERGE … RETURNING', '17 WHEN NOT MATCHED BY SOURCE', '17 MERGE_ACTION'],
  },
)
write('TRUNCATE', 'TRUNCATE a, ONLY s.b CASCADE', {
  kind: 'Truncate',
  relations: ['Truncate a cascade', 'Truncate s.b only cascade'],
})
write('LOCK', 'LOCK TABLE a, ONLY b IN SHARE MODE', { kind: 'Lock', relations: ['Lock a', 'Lock b only'] })
write('COPY in', 'COPY t (a, b) FROM STDIN WHERE a > 1', {
  kind: 'CopyFrom',
  parts: ['Insert where'],
  relations: ['Insert t(a,b)'],
  copy: 'In',
  forbidden: [],
})
write('COPY out', 'COPY t TO STDOUT (FORMAT csv)', {
  kind: 'CopyTo',
  parts: ['Select'],
  relations: ['Select t'],
  columns: ['*@t'],
  copy: 'Out',
})
write('COPY of columns', 'COPY t (a) TO STDOUT', { relations: ['Select t(a)'], columns: ['a@t'] })
write('COPY of a query', 'COPY (DELETE FROM t RETURNING x) TO STDOUT', {
  kind: 'CopyTo',
  carries: 'Copy Delete',
  parts: ['Delete'],
  relations: ['Delete t', 'Select t if read'],
})
write('COPY and the server’s files', "COPY t FROM '/etc/passwd'", { forbidden: ['ServerFile'] })
write('COPY and the server’s programs', "COPY t TO PROGRAM 'sh'", { forbidden: ['ServerProgram'] })

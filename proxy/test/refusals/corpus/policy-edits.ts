import { encodeBind, encodeClose, encodeExecute, encodeParse, encodeQuery } from '../../../src/wire/frontend.ts'
import type { RawClient } from '../../raw-client.ts'
import type { Attack, Effect } from '../attack.ts'
import { send } from '../talk.ts'

import { execute, long, remove, run, secret, sync } from './protocol.ts'

/** First acts while everything is allowed, second acts once it is not. */
function twoActs(
  effect: Effect,
  table: Readonly<Record<string, readonly [first: readonly Buffer[], second: readonly Buffer[]]>>,
): readonly Attack[] {
  return Object.entries(table).map(([name, [first, second]]) => ({
    name: `${name}, the policy edited between`,
    effect,
    sql: [],
    first: async (client: RawClient) => void (await acts(client, first)),
    play: async (client: RawClient) => void (await acts(client, second)),
  }))
}

async function acts(client: RawClient, messages: readonly Buffer[]): Promise<void> {
  await send(client, ...messages)
}

export const policyEdits = [
  ...twoActs('rows', {
    'Parse | Bind': [
      [encodeParse('s', remove), sync],
      [encodeBind({ statement: 's' }), execute, sync],
    ],
    'Parse unnamed | Bind': [
      [encodeParse('', remove), sync],
      [encodeBind({}), execute, sync],
    ],
    'Bind | Execute': [
      [encodeQuery('BEGIN'), encodeParse('s', remove), encodeBind({ portal: 'p', statement: 's' }), sync],
      [encodeExecute('p'), sync, encodeQuery('COMMIT')],
    ],
    'Bind | Execute without a block': [
      [...run('SELECT 1'), sync, encodeParse('s', remove), sync],
      [...run('SELECT 1'), encodeBind({ portal: 'p', statement: 's' }), encodeExecute('p'), sync],
    ],
    'PREPARE | EXECUTE': [[encodeQuery(`PREPARE p AS ${remove}`)], [encodeQuery('EXECUTE p')]],
    'PREPARE | EXECUTE in a block': [
      [encodeQuery(`PREPARE p AS ${remove}`)],
      [encodeQuery('BEGIN; EXECUTE p; COMMIT')],
    ],
    'PREPARE | Bind': [[encodeQuery(`PREPARE p AS ${remove}`)], [encodeBind({ statement: 'p' }), execute, sync]],
    'Parse | EXECUTE': [[encodeParse('s', remove), sync], [encodeQuery('EXECUTE s')]],
    'Parse | EXPLAIN ANALYZE EXECUTE': [[encodeParse('s', remove), sync], [encodeQuery('EXPLAIN ANALYZE EXECUTE s')]],
    'Parse | EXECUTE by Parse': [
      [encodeParse('s', remove), sync],
      [...run('EXECUTE s'), sync],
    ],
    'Parse of EXECUTE | Bind': [
      [encodeQuery(`PREPARE p AS ${remove}`), encodeParse('e', 'EXECUTE p'), sync],
      [encodeBind({ statement: 'e' }), execute, sync],
    ],
    'BEGIN | DELETE': [[encodeQuery('BEGIN; SELECT 1')], [encodeQuery(remove), encodeQuery('COMMIT')]],
    'a long name that is another’s': [
      [
        encodeParse(`${long}1`, 'SELECT 1'),
        sync,
        encodeClose('Statement', `${long}2`),
        encodeParse(`${long}2`, remove),
        sync,
      ],
      [encodeBind({ statement: `${long}1` }), execute, sync],
    ],
    'a long name, PREPARE and Parse': [
      [encodeQuery(`PREPARE ${long} AS ${remove}`), encodeParse(`${long}1`, 'SELECT 1'), sync],
      [encodeBind({ statement: `${long}1` }), execute, sync],
    ],
    'a long name, prepared': [
      [
        encodeParse(`${long}1`, 'SELECT 1'),
        sync,
        encodeQuery(`DEALLOCATE ${long}`),
        encodeQuery(`PREPARE ${long}2 AS ${remove}`),
      ],
      [encodeBind({ statement: `${long}1` }), execute, sync],
    ],
    'a long portal that is another’s': [
      [
        encodeQuery('BEGIN'),
        encodeParse('d', remove),
        encodeParse('s', 'SELECT 1'),
        encodeBind({ portal: `${long}1`, statement: 's' }),
        encodeClose('Portal', `${long}2`),
        encodeBind({ portal: `${long}2`, statement: 'd' }),
        sync,
      ],
      [encodeExecute(`${long}1`), sync, encodeQuery('COMMIT')],
    ],
    'a function in pg_temp': [
      [
        encodeQuery(
          `CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1'`,
        ),
      ],
      [encodeQuery('SELECT pg_temp.f()')],
    ],
    'a cursor that deletes': [
      [encodeQuery('BEGIN; DECLARE c CURSOR FOR SELECT wipe()')],
      [encodeQuery('FETCH c; COMMIT')],
    ],
    'a cursor that deletes, by Execute': [
      [encodeQuery('BEGIN; DECLARE c CURSOR FOR SELECT wipe()')],
      [encodeExecute('c'), sync, encodeQuery('COMMIT')],
    ],
    'a cursor that deletes, by MOVE': [
      [encodeQuery('BEGIN; DECLARE c CURSOR FOR SELECT wipe()')],
      [encodeQuery('MOVE ALL c; COMMIT')],
    ],
    'a cursor WITH HOLD that COMMIT runs': [
      [encodeQuery('BEGIN; DECLARE c CURSOR FOR SELECT 1')],
      [encodeQuery('DECLARE d CURSOR WITH HOLD FOR SELECT wipe(); COMMIT')],
    ],
    'a temporary table’s trigger': [
      [
        encodeQuery(
          `CREATE TEMP TABLE t (a int); CREATE FUNCTION pg_temp.g() RETURNS int LANGUAGE sql AS 'INSERT INTO public.trace DEFAULT VALUES RETURNING 1'; CREATE TEMP VIEW v AS SELECT pg_temp.g()`,
        ),
      ],
      [encodeQuery('SELECT * FROM v')],
    ],
  }),
  ...twoActs('told', {
    'a hidden cursor | FETCH': [[encodeQuery(`BEGIN; DECLARE c CURSOR FOR ${secret}`)], [encodeQuery('FETCH ALL c')]],
    'a hidden cursor | FETCH by Parse': [
      [encodeQuery(`BEGIN; DECLARE c CURSOR FOR ${secret}`)],
      [...run('FETCH ALL c'), sync],
    ],
    'a cursor WITH HOLD | FETCH': [
      [encodeQuery(`DECLARE c CURSOR WITH HOLD FOR ${secret}`)],
      [encodeQuery('FETCH ALL c')],
    ],
    'a cursor WITH HOLD | Execute': [
      [encodeQuery(`DECLARE c CURSOR WITH HOLD FOR ${secret}`)],
      [encodeExecute('c'), sync],
    ],
    'a cursor WITH HOLD | FETCH parsed before': [
      [encodeQuery(`DECLARE c CURSOR WITH HOLD FOR ${secret}`), encodeParse('f', 'FETCH ALL c'), sync],
      [encodeBind({ statement: 'f' }), execute, sync],
    ],
    'a suspended portal | Execute': [
      [
        encodeQuery('BEGIN'),
        encodeParse('', `${secret} UNION ALL ${secret}`),
        encodeBind({ portal: 'p' }),
        encodeExecute('p', 1),
        sync,
      ],
      [encodeExecute('p', 1), sync],
    ],
    'a suspended portal | FETCH': [
      [encodeQuery('BEGIN'), encodeParse('', secret), encodeBind({ portal: 'p' }), encodeExecute('p', 1), sync],
      [encodeQuery('FETCH p')],
    ],
    'a cursor with a long name': [
      [encodeQuery(`BEGIN; DECLARE ${long}9 CURSOR FOR ${secret}`)],
      [encodeExecute(long), sync],
    ],
    'a cursor with a long name, FETCH': [
      [encodeQuery(`BEGIN; DECLARE ${long}9 CURSOR FOR ${secret}`)],
      [encodeQuery(`FETCH ALL ${long}8`)],
    ],
    'a long portal, read in its other name': [
      [
        encodeQuery('BEGIN'),
        encodeParse('s', 'SELECT 1'),
        encodeBind({ portal: `${long}1`, statement: 's' }),
        encodeClose('Portal', `${long}2`),
        sync,
        encodeQuery(`DECLARE ${long} CURSOR FOR ${secret}`),
      ],
      [encodeExecute(`${long}1`), sync],
    ],
    'a temporary view that shadows': [
      [encodeQuery('CREATE TEMP VIEW customers AS SELECT 1 AS id, secret AS name FROM api_keys')],
      [encodeQuery('SELECT name FROM customers')],
    ],
    'a temporary view that shadows, in pg_temp': [
      [encodeQuery('CREATE TEMP VIEW k AS SELECT secret FROM api_keys')],
      [encodeQuery('SELECT * FROM pg_temp.k')],
    ],
    'a temporary copy': [
      [encodeQuery('CREATE TEMP TABLE animals AS SELECT secret AS name FROM api_keys')],
      [encodeQuery('SELECT name FROM animals')],
    ],
    'EXECUTE into a row': [[encodeQuery(`PREPARE p AS ${secret}`)], [encodeQuery('EXECUTE p')]],
    'EXECUTE | COPY is no way': [
      [encodeQuery(`PREPARE p AS ${secret}`)],
      [encodeQuery('EXPLAIN (ANALYZE, VERBOSE) EXECUTE p'), encodeQuery('EXECUTE p')],
    ],
    'Parse of a denied table | Bind': [
      [encodeParse('s', secret), sync],
      [encodeBind({ statement: 's' }), execute, sync],
    ],
    'Parse of an evil path | Bind': [
      [encodeQuery('SET search_path = evil, public'), encodeParse('s', 'SELECT name FROM customers'), sync],
      [encodeBind({ statement: 's' }), execute, sync],
    ],
  }),
]

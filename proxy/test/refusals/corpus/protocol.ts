/** Games with messages: pipelines, names, portals, chunks, startup packets. */

import { Writer } from '../../../src/wire/bytes.ts'
import {
  encodeBind,
  encodeClose,
  encodeCopyData,
  encodeCopyDone,
  encodeDescribe,
  encodeExecute,
  encodeFlush,
  encodeParse,
  encodeQuery,
  encodeSync,
} from '../../../src/wire/frontend.ts'
import type { Attack, Effect } from '../attack.ts'
import { pause, send } from '../talk.ts'

export const remove = 'DELETE FROM orders'
export const secret = 'SELECT secret FROM api_keys'
export const sync = encodeSync()
export const execute = encodeExecute('')
/** As many bytes as PostgreSQL keeps of a name; it forgets what comes after. */
export const long = 'n'.repeat(63)

/** Parse, Bind, Execute of one text. */
export function run(text: string): readonly Buffer[] {
  return [encodeParse('', text), encodeBind({}), execute]
}

function plays(
  effect: Effect,
  table: Readonly<Record<string, readonly Buffer[] | NonNullable<Attack['play']>>>,
): readonly Attack[] {
  return Object.entries(table).map(([name, entry]) => ({
    name,
    effect,
    sql: [],
    play: typeof entry === 'function' ? entry : async client => void (await send(client, ...entry)),
  }))
}

const pipelines = plays('rows', {
  'a DELETE in the extended protocol': [...run(remove), sync],
  'a DELETE behind a SELECT of one pipeline': [...run('SELECT 1'), ...run(remove), sync],
  'a DELETE before a COMMIT of one pipeline': [...run('BEGIN'), ...run(remove), ...run('COMMIT'), sync],
  'a DELETE between two Syncs': [...run('SELECT 1'), sync, ...run(remove), sync, ...run('SELECT 2'), sync],
  'a DELETE after an error and its Sync': [...run('SELECT 1/0'), ...run('SELECT 2'), sync, ...run(remove), sync],
  'a DELETE with Flush': [...run(remove), encodeFlush(), sync],
  'a DELETE with a parameter': [
    encodeParse('', 'DELETE FROM orders WHERE id > $1', [23]),
    encodeBind({ parameters: [Buffer.from('0')] }),
    execute,
    sync,
  ],
  'a DELETE with a binary parameter': [
    encodeParse('s', 'DELETE FROM orders WHERE id > $1', [20]),
    encodeBind({ statement: 's', parameterFormats: [1], parameters: [Buffer.alloc(8)] }),
    execute,
    sync,
  ],
  'a DELETE in a named portal': [
    encodeParse('s', remove),
    encodeBind({ portal: 'p', statement: 's' }),
    encodeDescribe('Portal', 'p'),
    encodeExecute('p', 1),
    sync,
  ],
  'a statement parsed first, run later': async client => {
    await send(client, encodeParse('s', remove), sync)
    await send(client, encodeBind({ statement: 's' }), execute, sync)
    return undefined
  },
  'the same name after Close': [
    encodeParse('s', 'SELECT 1'),
    encodeClose('Statement', 's'),
    encodeParse('s', remove),
    encodeBind({ statement: 's' }),
    execute,
    sync,
  ],
  'the unnamed statement replaced': [
    encodeParse('', 'SELECT 1'),
    encodeParse('', remove),
    encodeBind({}),
    execute,
    sync,
  ],
  'names that differ in case': [
    encodeParse('S', 'SELECT 1'),
    encodeParse('s', remove),
    encodeBind({ statement: 's' }),
    execute,
    sync,
  ],
  'Parse, then SQL EXECUTE': async client => {
    await send(client, encodeParse('d', remove), sync)
    await send(client, encodeQuery('EXECUTE d'))
    return undefined
  },
  'Parse, then SQL EXECUTE, quoted': async client => {
    await send(client, encodeParse('D "q"', remove), sync)
    await send(client, encodeQuery('EXECUTE "D ""q"""'))
    return undefined
  },
  'PREPARE, then Bind': async client => {
    await send(client, encodeQuery(`PREPARE d AS ${remove}`))
    await send(client, encodeBind({ statement: 'd' }), execute, sync)
    return undefined
  },
  'PREPARE and DEALLOCATE, then a Parse of that name': async client => {
    await send(
      client,
      encodeQuery('PREPARE d AS SELECT 1; DEALLOCATE d'),
      encodeParse('d', remove),
      encodeBind({ statement: 'd' }),
      execute,
      sync,
    )
    return undefined
  },
  'a Query inside an open pipeline': [encodeParse('s', 'SELECT 1'), encodeQuery(remove)],
  'a Query between Parse and Bind': async client => {
    client.send(Buffer.concat([encodeParse('s', remove), encodeQuery('SELECT 1')]))
    await client.until('ReadyForQuery', 300)
    await send(client, encodeBind({ statement: 's' }), execute, sync)
    return undefined
  },
  'byte by byte': async client => {
    for (const byte of Buffer.concat([encodeQuery('SELECT 1'), encodeQuery(remove)])) client.send(Buffer.from([byte]))
    await client.until('ReadyForQuery', 3_000, 2)
    return undefined
  },
  'in chunks that cut messages': async client => {
    const bytes = Buffer.concat([...run('SELECT 1'), sync, ...run(remove), sync])
    for (let at = 0; at < bytes.length; at += 7) {
      client.send(bytes.subarray(at, at + 7))
      await pause(0)
    }
    await client.until('ReadyForQuery', 3_000, 2)
    return undefined
  },
  'behind 60 kB of comment': [encodeQuery(`/*${'x'.repeat(60_000)}*/ ${remove}`)],
  'behind 100 kB of comment': [encodeQuery(`/*${'x'.repeat(100_000)}*/ ${remove}`)],
  'behind 9 MB of comment': [encodeQuery(`--${'x'.repeat(9_000_000)}\n ${remove}`)],
  'behind 9 MB in a Parse': [encodeParse('', `--${'x'.repeat(9_000_000)}\n ${remove}`), encodeBind({}), execute, sync],
  'with 9 MB of a parameter': [
    encodeParse('', `DELETE FROM orders WHERE note IS DISTINCT FROM $1`),
    encodeBind({ parameters: [Buffer.alloc(9_000_000, 'x')] }),
    execute,
    sync,
  ],
  'with half of 9 MB, then the rest': async client => {
    const bind = encodeBind({ parameters: [Buffer.alloc(9_000_000, 'x')] })
    await send(client, encodeParse('', 'DELETE FROM orders WHERE note IS DISTINCT FROM $1'))
    client.send(bind.subarray(0, 5_000_000))
    await pause(20)
    await send(client, bind.subarray(5_000_000), execute, sync)
    return undefined
  },
  'a thousand statements, then one more': async client => {
    const many = Array.from({ length: 1_000 }, (_, n) => encodeParse(`s${n}`, 'SELECT 1'))
    await send(client, ...many, sync)
    await send(client, encodeParse('one more', remove), encodeBind({ statement: 'one more' }), execute, sync)
    return undefined
  },
  'COPY FROM STDIN': async client => {
    client.send(encodeQuery('COPY scratch FROM STDIN'))
    await pause(50)
    await send(client, encodeCopyData(Buffer.from('1\n2\n')), encodeCopyDone(), encodeQuery('SELECT 1'))
    return undefined
  },
  'COPY FROM STDIN, extended': async client => {
    client.send(Buffer.concat([...run('COPY victim (id) FROM STDIN (FORMAT csv)'), encodeFlush()]))
    await pause(50)
    await send(client, encodeCopyData(Buffer.from('41\n42\n')), encodeCopyDone(), sync)
    return undefined
  },
  'a FunctionCall message': async (client, stage) => {
    const { rows } = await stage.spy.query(`SELECT 'public.wipe'::regproc::oid AS oid`)
    const call = new Writer(0x46).uint32(Number(rows[0].oid)).int16(0).int16(0).int16(0).finish()
    client.send(call)
    await client.until('ReadyForQuery', 3_000)
    return undefined
  },
  'a FunctionCall of lo_unlink': async (client, stage) => {
    const { rows } = await stage.spy.query(`SELECT 'lo_unlink'::regproc::oid AS oid`)
    const call = new Writer(0x46).uint32(Number(rows[0].oid)).int16(0).int16(1).int32(4).int32(0).int16(0).finish()
    call.write('4711', call.length - 6)
    client.send(call)
    await client.until('ReadyForQuery', 3_000)
    return undefined
  },
})

/** What search_path moves under a statement that was judged before it moved. */
const paths = plays('rows', {
  'lower() captured in one pipeline': [...run('SET search_path = evil, pg_catalog'), ...run(`SELECT lower('A')`), sync],
  'lower() captured in one pipeline by set_config': [
    ...run(`SELECT set_config('search_path', 'evil, pg_catalog', false)`),
    ...run(`SELECT lower('A')`),
    sync,
  ],
  'lower() captured, its statement older than the pipeline': async client => {
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(client, ...run('SET search_path = evil, pg_catalog'), encodeBind({ statement: 's' }), execute, sync)
    return undefined
  },
  'lower() captured, its statement bound in the next unit': async client => {
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(
      client,
      ...run('SET search_path = evil, pg_catalog'),
      sync,
      encodeBind({ statement: 's' }),
      execute,
      sync,
    )
    return undefined
  },
  'lower() captured behind a Query': async client => {
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(client, encodeQuery('SET search_path = evil, pg_catalog'), encodeBind({ statement: 's' }), execute, sync)
    return undefined
  },
  'lower() captured by EXECUTE in a pipeline': async client => {
    await send(client, encodeQuery(`PREPARE s AS SELECT lower('A')`))
    await send(client, ...run('SET search_path = evil, pg_catalog'), ...run('EXECUTE s'), sync)
    return undefined
  },
  'lower() captured by EXECUTE of a Parse': async client => {
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(client, encodeQuery('SET search_path = evil, pg_catalog; EXECUTE s'))
    return undefined
  },
  'lower() captured by EXPLAIN ANALYZE EXECUTE': async client => {
    await send(client, encodeParse('s', `SELECT lower(name) FROM public.customers`), sync)
    await send(client, encodeQuery('SET search_path = evil, pg_catalog; EXPLAIN ANALYZE EXECUTE s'))
    return undefined
  },
  'lower() captured after Flush': async client => {
    client.send(Buffer.concat([...run('SET search_path = evil, pg_catalog'), encodeFlush()]))
    await client.until('CommandComplete', 2_000)
    await send(client, ...run(`SELECT lower('A')`), sync)
    return undefined
  },
  'lower() captured for a transaction': async client => {
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(
      client,
      ...run('BEGIN'),
      ...run('SET LOCAL search_path = evil, pg_catalog'),
      encodeBind({ statement: 's' }),
      execute,
      ...run('COMMIT'),
      sync,
    )
    return undefined
  },
  'lower() captured by the path that RESET brings back': async (_, stage) => {
    const client = await stage.connect({ parameters: { options: '-c search_path=evil,pg_catalog' } })
    await send(client, encodeQuery('SET search_path = public'))
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(client, encodeQuery('RESET search_path; EXECUTE s'))
    return client
  },
  'lower() captured by the startup packet': async (_, stage) => {
    const client = await stage.connect({ parameters: { options: '-c search_path=evil,pg_catalog' } })
    await send(client, encodeQuery(`SELECT lower('A')`))
    return client
  },
  'lower() captured after ROLLBACK TO': async client => {
    await send(
      client,
      encodeQuery('SET search_path = evil, pg_catalog'),
      encodeQuery('BEGIN; SAVEPOINT a; SET search_path = public'),
    )
    await send(client, encodeParse('s', `SELECT lower('A')`), sync)
    await send(client, encodeQuery('ROLLBACK TO a; EXECUTE s; COMMIT'))
    return undefined
  },
  'lower() captured after DISCARD ALL': async (_, stage) => {
    const client = await stage.connect({ parameters: { search_path: 'evil, pg_catalog' } })
    await send(client, encodeQuery('SET search_path = public'))
    await send(client, encodeQuery('DISCARD ALL'), encodeQuery(`SELECT lower('A')`))
    return client
  },
})

const values = plays('told', {
  'keys by Parse, Bind, Execute': [...run(secret), sync],
  'keys in binary': [encodeParse('', secret), encodeBind({ resultFormats: [1] }), execute, sync],
  'keys row by row': [
    encodeParse('', secret),
    encodeBind({ portal: 'p' }),
    encodeExecute('p', 1),
    encodeExecute('p', 1),
    sync,
  ],
  'keys by COPY, extended': [...run('COPY api_keys TO STDOUT'), sync],
  'keys by a cursor and Execute': async client => {
    await send(client, encodeQuery(`BEGIN; DECLARE c CURSOR FOR ${secret}`))
    await send(client, encodeExecute('c'), sync)
    return undefined
  },
  'keys by a portal and FETCH': async client => {
    await send(client, encodeQuery('BEGIN'))
    await send(client, encodeParse('', secret), encodeBind({ portal: 'Hidden' }), encodeSync())
    await send(client, encodeQuery('FETCH ALL "Hidden"'))
    return undefined
  },
  'keys by a view in the way, in one pipeline': [
    ...run('SET search_path = evil, public'),
    ...run('SELECT name FROM customers'),
    sync,
  ],
  'keys by a view in the way, bound later': async client => {
    await send(client, encodeParse('s', 'SELECT name FROM customers'), sync)
    await send(client, ...run('SET search_path = evil, public'), encodeBind({ statement: 's' }), execute, sync)
    return undefined
  },
  'keys by a view in the way, EXECUTE in one text': async client => {
    await send(client, encodeParse('s', 'SELECT name FROM customers'), sync)
    await send(client, encodeQuery('SET search_path = evil, public; EXECUTE s'))
    return undefined
  },
})

export const protocol: readonly Attack[] = [...pipelines, ...paths, ...values]

/** What no person wants to write: every harmless function, every setting that may be read or changed, from their lists. */
import { harmlessFunction, listedFunctions } from '../../src/sql/lists/functions.ts'
import { listedSettings, settingRule } from '../../src/sql/lists/settings-list.ts'
import type { Major, Postgres } from '../servers.ts'
import type { Request } from './corpus.ts'

/** Calls of all harmless functions that the server has, and those of the list that it has not. */
export async function functionRequests(
  server: Postgres,
): Promise<{ readonly requests: readonly Request[]; readonly missing: readonly string[] }> {
  const rows = (await server.sql(functionsSql)).map(row => row.map(value => value ?? ''))
  const harmless = rows.filter(([signature = '']) => harmlessFunction(server.major, signature) === true)
  const seen = new Set(rows.map(([signature = '']) => signature))
  const listed = listedFunctions(server.major).filter(signature => harmlessFunction(server.major, signature) === true)
  return {
    requests: harmless.map(row => request(callOf(row))),
    missing: listed.filter(signature => !seen.has(signature)),
  }
}

/** Signatures as the list writes them: the element type for a VARIADIC argument. */
const functionsSql = `
SELECT CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || p.proname || '(' || coalesce(a.args, '') || ')',
  n.nspname || '.' || quote_ident(p.proname), coalesce(a.args, ''), p.prokind, p.proretset::text, p.provolatile,
  coalesce(g.aggkind, ''), coalesce(g.aggnumdirectargs, 0)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid,
LATERAL (SELECT string_agg(format_type(CASE WHEN p.provariadic <> 0 AND i = p.pronargs THEN p.provariadic ELSE t END, NULL), ', ' ORDER BY i) AS args
  FROM unnest(p.proargtypes) WITH ORDINALITY AS u(t, i)) a
WHERE n.nspname IN ('pg_catalog', 'information_schema') AND p.prokind <> 'p'
ORDER BY 1`

/** What depends on the server, the session or the time is only asked whether it is there. */
function callOf(row: readonly string[]): string {
  const [, name, types = '', kind, returnsSet, volatility, aggregateKind, direct = '0'] = row
  const args = types === '' ? [] : types.split(', ').map(sampleOf)
  const isFixed = volatility === 'i'
  if (kind === 'a') return aggregateCall(name ?? '', args, aggregateKind ?? '', Number(direct))
  if (kind === 'w') return `SELECT ${name}(${args}) OVER (ORDER BY n) FROM generate_series(1, 2) n`
  if (returnsSet === 'true')
    return isFixed ? `SELECT * FROM ${name}(${args}) LIMIT 5` : `SELECT count(*) >= 0 FROM ${name}(${args})`
  return isFixed ? `SELECT ${name}(${args})` : `SELECT pg_typeof(${name}(${args}))`
}

function aggregateCall(name: string, args: readonly string[], kind: string, direct: number): string {
  if (kind === 'n') return args.length === 0 ? `SELECT ${name}(*)` : `SELECT ${name}(${args})`
  const ordered = args.slice(direct)
  return `SELECT ${name}(${args.slice(0, direct)}) WITHIN GROUP (ORDER BY ${ordered.length === 0 ? '1' : ordered})`
}

/** A value of the type; where nobody can write one (internal, pg_node_tree …), PostgreSQL's refusal is compared. */
function sampleOf(type: string): string {
  if (Object.hasOwn(polymorphic, type)) return polymorphic[type] ?? ''
  if (!Object.hasOwn(samples, type)) return `NULL::${type}`
  return `'${samples[type]}'::${type}`
}

const polymorphic: Readonly<Record<string, string>> = {
  '"any"': '1',
  anyelement: '1',
  anynonarray: '1',
  anycompatible: '1',
  anycompatiblenonarray: '1',
  anyarray: 'ARRAY[1, 2]',
  anycompatiblearray: 'ARRAY[1, 2]',
  anyrange: 'int4range(1, 5)',
  anycompatiblerange: 'int4range(1, 5)',
  anymultirange: "'{[1,5)}'::int4multirange",
  anycompatiblemultirange: "'{[1,5)}'::int4multirange",
  anyenum: "'paid'::public.order_status",
  record: 'ROW(1, 2)',
  cstring: "'1'",
  unknown: "'1'",
}

const samples: Readonly<Record<string, string>> = {
  text: '1',
  integer: '1',
  oid: '1',
  bigint: '1',
  smallint: '1',
  'double precision': '0.5',
  real: '0.5',
  numeric: '1.5',
  boolean: 't',
  'timestamp with time zone': '2026-01-02 03:04:05+00',
  'timestamp without time zone': '2026-01-02 03:04:05',
  date: '2026-01-02',
  'time without time zone': '03:04:05',
  'time with time zone': '03:04:05+00',
  interval: '1 day 2 hours',
  jsonb: '{"a": [1, null]}',
  json: '{"a": [1, null]}',
  jsonpath: '$.a',
  name: 'a_name',
  bytea: '\\x0102',
  'character varying': 'x',
  character: 'x',
  '"char"': 'x',
  point: '(1,2)',
  box: '((0,0),(1,1))',
  circle: '<(0,0),1>',
  lseg: '[(0,0),(1,1)]',
  path: '((0,0),(1,1),(2,0))',
  polygon: '((0,0),(1,1),(2,0))',
  line: '{1,2,3}',
  inet: '10.0.0.1/8',
  cidr: '10.0.0.0/8',
  macaddr: '08:00:2b:01:02:03',
  macaddr8: '08:00:2b:01:02:03:04:05',
  money: '12.34',
  bit: '1',
  'bit varying': '101',
  tsquery: 'fat & cat',
  tsvector: 'a fat cat',
  pg_lsn: '0/16AE7F8',
  xid: '7',
  xid8: '7',
  cid: '0',
  tid: '(0,1)',
  uuid: '00000000-0000-4000-8000-000000000001',
  xml: '<a/>',
  regclass: 'pg_class',
  regtype: 'int4',
  regconfig: 'english',
  regdictionary: 'simple',
  regproc: 'now',
  regprocedure: 'upper(text)',
  regoper: '||/',
  regoperator: '+(int4,int4)',
  regnamespace: 'public',
  regrole: 'postgres',
  regcollation: '"C"',
  'text[]': '{a,b}',
  'integer[]': '{1,2}',
  'bigint[]': '{1,2}',
  'real[]': '{1,2}',
  'double precision[]': '{0,1}',
  'cstring[]': '{1,2}',
  oidvector: '1 2',
  int2vector: '1 2',
  int4range: '[1,5)',
  int8range: '[1,5)',
  numrange: '[1,5)',
  daterange: '[2026-01-01,2026-02-01)',
  pg_snapshot: '10:20:10,14,15',
  txid_snapshot: '10:20:10,14,15',
  aclitem: 'postgres=r/postgres',
}

/** Every setting that may be read is shown; every one that may be changed is set to values of its kind, and reset. */
export function settingRequests(major: Major): readonly Request[] {
  return listedSettings(major).flatMap(name => {
    const { read, write } = settingRule(major, name)
    const isTwinsOwn = name === 'port' || name === 'application_name'
    const tried = name.endsWith('_timeout') ? ['10min', '0'] : candidates // a short one would end the session
    const values = write === false ? [] : tried.filter(value => write([value]) === true).slice(0, 2)
    const shows = isTwinsOwn ? [`SELECT current_setting('${name}') IS NOT NULL`] : [`SHOW ${name}`]
    const sets = values.flatMap(value => [
      `SET ${name} TO '${value}'`,
      `SELECT set_config('${name}', '${value}', false)`,
    ])
    const resets = write === false ? [] : [`SET ${name} TO DEFAULT`, `RESET ${name}`]
    const again = isTwinsOwn ? [] : [`SELECT current_setting('${name}')`]
    // an extension's setting is unknown to a server without it, until it is set
    return [
      ...(read && !name.includes('.') ? shows : []),
      ...sets,
      ...(read && sets.length > 0 ? again : []),
      ...resets,
    ].map(request)
  })
}

const candidates = [
  ...[
    'off',
    'on',
    '1',
    '2',
    '0.5',
    '100',
    '10000',
    '1MB',
    '10s',
    'iso',
    'postgres',
    'UTC',
    'C',
    'hex',
    'base64',
    'content',
  ],
  ...[
    'read committed',
    'pglz',
    'heap',
    'auto',
    'notice',
    'UTF8',
    'default',
    'english',
    'cache',
    'strict_order',
    'public',
    '',
  ],
]

function request(text: string): Request {
  return { line: 0, text, since: 0, until: 99, isSimpleOnly: false }
}

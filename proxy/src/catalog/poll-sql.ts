/**
 * How a change is seen without any privilege.
 *
 * 1. *Gate*: the set of transactions that a new snapshot sees as committed. Where it is the one of the last poll, nothing
 *    changed, and nothing else is asked. On a replica, where a snapshot does not list what runs, the position of the
 *    replay stands in for it, taken before the snapshot that reads.
 * 2. *Young rows*: a row version that an earlier snapshot did not see was made by a transaction at or after that
 *    snapshot's xmin (subtransactions come after their parents). So rows with `age(xmin)` between 0 and the age of that
 *    xmin are all that can be new; those already known by (oid, xmin) are passed over. Frozen rows keep an xmin that
 *    may have wrapped: at worst it looks young, and a row is read once too often.
 * 3. *Deletions*: after the young rows are in, a shelf is as long as its catalog, or something was deleted.
 *    pg_attribute is not counted: its rows go only with their relation (a dropped column stays as a row).
 */
import { temporarySchemas } from './definitions.ts'
import { linkGroupNames, linkGroups, sourceNames, sources, touches } from './sources.ts'

export const gateSql = `SELECT pg_catalog.concat(pg_catalog.pg_current_snapshot(), ' ',
  CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() END)`

export const settingsSql = `SELECT pg_catalog.set_config('search_path', 'pg_catalog', false),
  pg_catalog.set_config('jit', 'off', false), pg_catalog.set_config('max_parallel_workers_per_gather', '0', false),
  pg_catalog.current_setting('server_version_num')`

export const horizonSql = 'SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())'

/** Rows of (what, count, young) for each source and for sequences; `young` as `oid xmin,oid xmin`. `since`: a 64-bit id. */
export function youngSql(since: string): string {
  const counted = sourceNames.map(
    name =>
      `SELECT '${name}', count(*), ${youngList('t.oid', since)} FROM ${sources[name].from} WHERE ${sources[name].where}`,
  )
  return [...counted, touchedSql('sequences', since)].join('\nUNION ALL ')
}

/** Which attributes to look at: of all relations, or of those that are in use. */
export type AttributeScope = 'All' | readonly number[]

/** One row like those of `youngSql`. Of all relations it is the dearest question here: 40 ms where there are 20,000. */
export function attributesSql(since: string, scope: AttributeScope): string {
  const only = scope === 'All' ? '' : ` AND t.attrelid = ANY ('{${scope.join(',')}}'::pg_catalog.oid[])`
  return touchedSql('attributes', since, only)
}

function touchedSql(name: keyof typeof touches, since: string, only = ''): string {
  const { relation, from, where } = touches[name]
  return `SELECT '${name}', 0, ${youngList(`t.${relation}`, since)} FROM ${from} WHERE ${where}${only} AND ${isYoung(since)}`
}

function youngList(oid: string, since: string): string {
  return `string_agg(DISTINCT pg_catalog.concat(${oid}, ' ', t.xmin), ',') FILTER (WHERE ${isYoung(since)})`
}

// The sub-select is evaluated once. xid8 and xid differ by the epoch, which xmin lacks.
function isYoung(since: string): string {
  const xid = (BigInt(since) & 0xffff_ffffn).toString()
  return `pg_catalog.age(t.xmin) BETWEEN 0 AND (SELECT pg_catalog.age('${xid}'::pg_catalog.xid))`
}

/** Rows of (what, text): a text for each link group, and one for who may use which schema. */
export const linkHashSql = [
  ...linkGroupNames.map(name => `SELECT '${name}', (${linkGroups[name].hash})`),
  // What has_schema_privilege depends on, beside the schemas themselves.
  `SELECT 'rights', pg_catalog.concat(
    (SELECT sum(pg_catalog.hashtextextended(m::pg_catalog.text, 0)) FROM pg_catalog.pg_auth_members m), ' ',
    (SELECT sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', oid, rolsuper, rolinherit, rolname), 0)) FROM pg_catalog.pg_roles), ' ',
    (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))`,
].join('\nUNION ALL ')

/** Rows of (role, schema oid). A role that does not exist has no row. */
export function usableSql(roles: readonly string[], literal: (text: string) => string): string {
  return `SELECT r.rolname, n.oid FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n
    WHERE r.rolname = ANY (ARRAY[${roles.map(literal).join(',')}]::pg_catalog.text[])
      AND n.oid NOT IN ${temporarySchemas} AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')`
}

/**
 * The state of a server that an attack could change, seen by the superuser beside the gateway. Most of it changes only
 * where the server gives out a transaction number, so that a glance at the rest is mostly enough.
 */
import type { Effect } from './attack.ts'

/** `effect` or `effect:part` → what it is now. */
export type World = ReadonlyMap<string, string>

/** One row a part. What moves by itself (counters, the log's position) is left out. */
export function worldSql(loot: string): { readonly glance: string; readonly rest: string; readonly lock: string } {
  const moving = {
    xid: [`SELECT txid_snapshot_xmax(txid_current_snapshot())::text`],
    lock: [
      `SELECT string_agg(DISTINCT locktype || coalesce(relation::regclass::text, classid || '.' || objid) || mode, ',') FROM pg_locks
        WHERE pid <> pg_backend_pid() AND (locktype = 'advisory' OR (relation > 16383 AND mode <> 'AccessShareLock'))`,
    ],
    killed: [`SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'victim'`],
    file: [`SELECT string_agg(f || (pg_stat_file('${loot}/' || f)).size, ',' ORDER BY f) FROM pg_ls_dir('${loot}') f`],
    upkeep: [
      `SELECT string_agg((oid, relfilenode, relpages, reltuples, relallvisible, relfrozenxid)::text, ',' ORDER BY oid) FROM pg_class WHERE relkind IN ('r', 'i', 'm') AND (oid > 16383 OR relname = 'pg_statistic')`,
      `SELECT 'statistics' || count(*) FROM pg_statistic`,
      `SELECT string_agg(stats_reset::text, ',' ORDER BY datname) FROM pg_stat_database`,
      `SELECT stats_reset::text FROM pg_stat_bgwriter`,
    ],
    'rows:sequences': [`SELECT string_agg(s::text, ',' ORDER BY s::text) FROM pg_sequences s`],
    'cluster:files': [
      `SELECT string_agg(gid, ',' ORDER BY gid) FROM pg_prepared_xacts`,
      `SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots`,
      `SELECT md5(pg_read_file('postgresql.auto.conf'))`,
    ],
  }
  const rest = {
    rows: [
      `SELECT string_agg(n.nspname || c.relname || md5(query_to_xml(format('SELECT * FROM %I.%I t ORDER BY t::text', n.nspname, c.relname), true, true, '')::text), ',' ORDER BY n.nspname, c.relname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)'`,
      `SELECT string_agg(md5(l::text), ',' ORDER BY l::text) FROM pg_largeobject l`,
      `SELECT string_agg(l::text, ',' ORDER BY oid) FROM pg_largeobject_metadata l`,
    ],
    objects: [
      ...catalogs.map(name => `SELECT '${name}' || count(*) || ' ' || max(xmin::text::bigint) FROM ${name}`),
      `SELECT md5(string_agg((oid, relname, relnamespace, reloptions, relrowsecurity, relhasrules, relhastriggers, relpersistence, relkind, relreplident, reltablespace, relowner, relacl, relam)::text, ',' ORDER BY oid)) FROM pg_class`,
    ],
    cluster: [
      ...shared.map(name => `SELECT '${name}' || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${name} t`),
      `SELECT string_agg((datname, datdba, datistemplate, datallowconn, datconnlimit, dattablespace, datacl)::text, ',' ORDER BY oid) FROM pg_database WHERE datname !~ '^direct_'`,
    ],
  }
  const { xid, lock } = moving
  return { glance: rowsOf(moving), rest: rowsOf(rest), lock: rowsOf({ xid, lock }) }
}

function rowsOf(parts: Readonly<Record<string, readonly string[]>>): string {
  const rows = Object.entries(parts).map(([part, queries]) => {
    const values = queries.map(query => `coalesce((${query}), '-')`)
    return `SELECT '${part}' AS part, ${values.join(` || E'\\n' || `)} AS value`
  })
  return rows.join('\nUNION ALL\n')
}

/** What of it an attack changed. */
export function changes(before: World, after: World): readonly Effect[] {
  const changed = [...after].filter(([part, value]) => differs(part, before.get(part), value))
  return [...new Set(changed.map(([part]) => part.split(':')[0] as Effect))]
}

/** Locks that are gone are no attack: somebody else's session has ended. */
function differs(part: string, before: string | undefined, after: string): boolean {
  if (part !== 'lock' || before === undefined) return before !== after
  const known = before.split(',')
  return after !== '-' && after.split(',').some(lock => !known.includes(lock))
}

const catalogs = [
  'pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_cast pg_collation pg_constraint pg_conversion',
  'pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_foreign_data_wrapper',
  'pg_foreign_server pg_foreign_table pg_index pg_inherits pg_init_privs pg_language pg_namespace pg_opclass pg_operator',
  'pg_opfamily pg_partitioned_table pg_policy pg_proc pg_publication pg_publication_namespace pg_publication_rel pg_range',
  'pg_rewrite pg_seclabel pg_sequence pg_statistic_ext pg_transform pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict',
  'pg_ts_parser pg_ts_template pg_type pg_user_mapping',
].flatMap(line => line.split(' '))

const shared = [
  'pg_authid',
  'pg_auth_members',
  'pg_db_role_setting',
  'pg_parameter_acl',
  'pg_replication_origin',
  'pg_shdescription',
  'pg_shseclabel',
  'pg_subscription',
  'pg_tablespace',
]

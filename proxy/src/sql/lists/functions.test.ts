import { expect, test } from 'vitest'
import { exclusionClasses } from './exclusions.ts'
import { harmlessFunction, listedFunctions } from './functions.ts'
import { volatileHarmless } from './volatile-harmless.ts'

test('what is not listed is not harmless, of no version and under no name', () => {
  for (const signature of [
    'pg_read_everything()',
    'abs(text)',
    'ABS(integer)',
    '',
    'constructor',
    '__proto__',
    'public.abs(integer)',
  ])
    expect(harmlessFunction(18, signature)).toMatchObject({ class: 'Unlisted' })
  expect(harmlessFunction(17, 'uuidv7()')).toMatchObject({ class: 'Unlisted' })
  expect(harmlessFunction(18, 'uuidv7()')).toBe(true)
})

test('each class excludes something in the versions that have it', () => {
  const classes = [15, 16, 17, 18].flatMap(version =>
    classesOf(version === 15 ? 15 : version === 16 ? 16 : version === 17 ? 17 : 18),
  )
  expect(new Set(classes)).toEqual(new Set(Object.keys(exclusionClasses)))
})

test.each([
  ['query_to_xml(text, boolean, boolean, text)', 'SqlFromText'],
  ['ts_stat(text)', 'SqlFromText'],
  ['ts_rewrite(tsquery, text)', 'SqlFromText'],
  ['cursor_to_xml(refcursor, integer, boolean, boolean, text)', 'SqlFromText'],
  ['table_to_xml(regclass, boolean, boolean, text)', 'RelationFromText'],
  ['database_to_xml(boolean, boolean, text)', 'RelationFromText'],
  ['currtid2(text, tid)', 'RelationFromText'],
  ['pg_read_file(text)', 'Files'],
  ['pg_ls_dir(text)', 'Files'],
  ['lo_export(oid, text)', 'LargeObjects'],
  ['lo_get(oid)', 'LargeObjects'],
  ['loread(integer, integer)', 'LargeObjects'],
  ['pg_stat_get_activity(integer)', 'OtherSessions'],
  ['pg_stat_get_backend_activity(integer)', 'OtherSessions'],
  ['current_query()', 'RewrittenText'],
  ['pg_cursor()', 'RewrittenText'],
  ['pg_terminate_backend(integer, bigint)', 'Signals'],
  ['pg_reload_conf()', 'Signals'],
  ['set_config(text, text, boolean)', 'Settings'],
  ['current_setting(text)', 'Settings'],
  ['current_setting(text, boolean)', 'Settings'],
  ['pg_show_all_settings()', 'Settings'],
  ['pg_advisory_lock(bigint)', 'AdvisoryLocks'],
  ['pg_try_advisory_xact_lock_shared(integer, integer)', 'AdvisoryLocks'],
  ['pg_sleep(double precision)', 'Sleeps'],
  ['nextval(regclass)', 'Sequences'],
  ['setval(regclass, bigint)', 'Sequences'],
  ['pg_notify(text, text)', 'Notifications'],
  ['pg_export_snapshot()', 'Snapshots'],
  ['pg_logical_slot_get_changes(name, pg_lsn, integer, text)', 'Replication'],
  ['pg_stat_get_wal_receiver()', 'Replication'],
  ['pg_switch_wal()', 'Wal'],
  ['pg_promote(boolean, integer)', 'Backup'],
  ['pg_mcv_list_items(pg_mcv_list)', 'Statistics'],
  ['pg_stat_reset()', 'Changes'],
  ['gin_clean_pending_list(regclass)', 'Changes'],
  ['txid_current()', 'Changes'],
  ['pg_hba_file_rules()', 'ServerInternals'],
  ['binary_upgrade_set_next_pg_type_oid(oid)', 'BinaryUpgrade'],
  ['RI_FKey_check_ins()', 'NotCallable'],
  ['int4_avg_combine(bigint[], bigint[])', true],
  ['numeric_avg(internal)', 'NotCallable'],
] as const)('%s: %s', (signature, expected) => {
  const found = harmlessFunction(15, signature)
  expect(found === true ? true : found.class).toBe(expected)
})

test.each([
  'count()',
  'count("any")',
  'percentile_cont(double precision, double precision)',
  'format(text, "any")',
  'json_extract_path_text(json, text)',
  'generate_series(integer, integer)',
  'to_char(timestamp with time zone, text)',
  'lastval()',
  'ts_rewrite(tsquery, tsquery, tsquery)',
  'bernoulli(internal)',
  'pg_get_viewdef(oid)',
  'pg_advisory_unlock_all()',
  'has_table_privilege(text, text)',
  'pg_is_in_recovery()',
  'gen_random_uuid()',
  'information_schema._pg_expandarray(anyarray)',
])('%s is harmless', signature => {
  for (const version of [15, 16, 17, 18] as const) expect(harmlessFunction(version, signature)).toBe(true)
})

test('every volatile function that somebody found harmless is listed as such', () => {
  const everywhere = new Set(
    ([15, 16, 17, 18] as const).flatMap(version =>
      listedFunctions(version).filter(name => harmlessFunction(version, name) === true),
    ),
  )
  for (const signature of Object.values(volatileHarmless).flat()) expect(everywhere).toContain(signature)
})

function classesOf(version: 15 | 16 | 17 | 18): string[] {
  return listedFunctions(version).flatMap(signature => {
    const found = harmlessFunction(version, signature)
    return found === true ? [] : [found.class]
  })
}

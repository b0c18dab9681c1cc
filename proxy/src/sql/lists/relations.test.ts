import { expect, test } from 'vitest'
import { closedExtensionRelation, systemColumns, systemRelations, whyClosed } from './relations.ts'

test('what is not listed is closed', () => {
  for (const [schema, relation] of [
    ['pg_catalog', 'pg_secrets'],
    ['pg_toast', 'pg_toast_2619'],
    ['pg_catalog', 'constructor'],
    ['public', 'pg_class'],
    ['pg_catalog', 'PG_CLASS'],
    ['pg_toast', 'pg_class'],
  ] as const)
    expect(systemColumns(18, schema, relation)).toBe('Closed')
  expect(systemColumns(16, 'pg_catalog', 'pg_wait_events')).toBe('Closed')
  expect(systemColumns(17, 'pg_catalog', 'pg_wait_events')).toMatchObject({ readable: 'All' })
})

test.each(
  'pg_statistic pg_statistic_ext_data pg_stats pg_stats_ext pg_stats_ext_exprs pg_largeobject pg_authid pg_shadow pg_user_mapping pg_db_role_setting pg_prepared_xacts pg_file_settings pg_hba_file_rules pg_ident_file_mappings pg_config pg_replication_origin pg_stat_subscription pg_stat_wal_receiver pg_backend_memory_contexts pg_shmem_allocations'.split(
    ' ',
  ),
)('%s is closed in every version', relation => {
  for (const version of [15, 16, 17, 18] as const) expect(systemColumns(version, 'pg_catalog', relation)).toBe('Closed')
  expect(whyClosed('pg_catalog', relation)).toMatch(/^(holds|shows) /)
})

test.each([
  ['pg_attribute', 'attmissingval', 'attname'],
  ['pg_stat_activity', 'query', 'state'],
  ['pg_stat_activity', 'application_name', 'wait_event'],
  ['pg_stat_ssl', 'client_dn', 'ssl'],
  ['pg_replication_slots', 'slot_name', 'active'],
  ['pg_stat_replication', 'client_addr', 'replay_lsn'],
  ['pg_prepared_statements', 'statement', 'name'],
  ['pg_cursors', 'statement', 'is_holdable'],
  ['pg_roles', 'rolconfig', 'rolname'],
  ['pg_user', 'useconfig', 'usename'],
  ['pg_settings', 'setting', 'name'],
  ['pg_settings', 'reset_val', 'boot_val'],
  ['pg_foreign_server', 'srvoptions', 'srvname'],
  ['pg_user_mappings', 'umoptions', 'usename'],
  ['pg_subscription', 'subconninfo', 'subname'],
])('of %s, %s is closed and %s readable', (relation, closed, readable) => {
  for (const version of [15, 16, 17, 18] as const) {
    const columns = systemColumns(version, 'pg_catalog', relation)
    expect(columns).toMatchObject({
      closed: expect.arrayContaining([closed]),
      readable: expect.arrayContaining([readable]),
    })
    expect(columns).not.toMatchObject({ readable: expect.arrayContaining([closed]) })
  }
  expect(whyClosed('pg_catalog', relation, closed)).not.toMatch(/not among/)
})

test.each(
  'pg_class pg_namespace pg_type pg_proc pg_index pg_constraint pg_attrdef pg_description pg_depend pg_inherits pg_trigger pg_enum pg_range pg_database pg_tables pg_views pg_indexes pg_policies pg_sequences pg_locks pg_extension pg_available_extensions pg_auth_members pg_stat_user_tables pg_statio_user_indexes pg_timezone_names pg_statistic_ext pg_partitioned_table pg_foreign_table pg_event_trigger pg_publication pg_collation pg_am pg_opclass pg_operator pg_cast pg_language pg_rewrite pg_matviews pg_sequence pg_shdescription pg_tablespace'.split(
    ' ',
  ),
)('%s is readable whole: introspection needs it', relation => {
  for (const version of [15, 16, 17, 18] as const)
    expect(systemColumns(version, 'pg_catalog', relation)).toEqual({ readable: 'All', closed: [] })
})

test('of information_schema, all is readable but the options of foreign servers', () => {
  const names = systemRelations(18).filter(name => name.startsWith('information_schema.'))
  const partly = names
    .filter(name => systemColumns(18, 'information_schema', name.slice(19)) !== 'Closed')
    .filter(name => {
      const columns = systemColumns(18, 'information_schema', name.slice(19))
      return columns !== 'Closed' && columns.readable !== 'All'
    })
  expect(names.length).toBeGreaterThan(60)
  expect(partly.every(name => /foreign|user_mapping/.test(name))).toBe(true)
})

test('relations of extensions that show other sessions are closed by extension', () => {
  expect(closedExtensionRelation('pg_stat_statements', 'pg_stat_statements')).toMatch(/statements/)
  expect(closedExtensionRelation(undefined, 'pg_stat_statements')).toMatch(/statements/)
  expect(closedExtensionRelation(undefined, 'orders')).toBeUndefined()
  expect(closedExtensionRelation('postgis', 'geometry_columns')).toBeUndefined()
  expect(closedExtensionRelation('constructor', 'name')).toBeUndefined()
})

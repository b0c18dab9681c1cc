/**
 * System relations and columns that nobody reads through the gateway, and why. Reviewed by hand. What describes the
 * schema is readable by everyone who may connect; what holds values of columns, statements or data of other sessions,
 * secrets, or the server's configuration is closed. A relation that a server's version does not list is closed too.
 *
 * Few single columns are closed where tools read the rest: a star in a SELECT list yields NULL for them (`resolve-stars`);
 * a whole row handed to something means them, and is refused.
 */
export const closedRelations: Readonly<Record<string, string>> = {
  'pg_catalog.pg_statistic': 'holds values of columns',
  'pg_catalog.pg_statistic_ext_data': 'holds values of columns',
  'pg_catalog.pg_stats': 'shows values of columns',
  'pg_catalog.pg_stats_ext': 'shows values of columns',
  'pg_catalog.pg_stats_ext_exprs': 'shows values of expressions over columns',
  'pg_catalog.pg_largeobject': 'holds the data of large objects',
  'pg_catalog.pg_authid': 'holds password hashes: pg_roles shows the roles',
  'pg_catalog.pg_shadow': 'shows password hashes: pg_user shows the users',
  'pg_catalog.pg_user_mapping': 'holds passwords of other servers: pg_user_mappings shows the rest',
  'pg_catalog.pg_db_role_setting': 'holds settings of roles and databases, which may be secrets',
  'pg_catalog.pg_prepared_xacts': 'shows the identifiers that others gave their prepared transactions',
  'pg_catalog.pg_file_settings': 'shows the server’s configuration files',
  'pg_catalog.pg_hba_file_rules': 'shows who may log in from where',
  'pg_catalog.pg_ident_file_mappings': 'shows who may log in as whom',
  'pg_catalog.pg_config': 'shows how and where the server was built',
  'pg_catalog.pg_backend_memory_contexts': 'shows internals, names of prepared statements and cursors among them',
  'pg_catalog.pg_shmem_allocations': 'shows internals',
  'pg_catalog.pg_shmem_allocations_numa': 'shows internals',
  'pg_catalog.pg_aios': 'shows what other sessions read and write',
  'pg_catalog.pg_replication_origin': 'shows replication',
  'pg_catalog.pg_replication_origin_status': 'shows replication',
  'pg_catalog.pg_stat_replication_slots': 'shows replication',
  'pg_catalog.pg_stat_wal_receiver': 'shows replication, and how the standby connects',
  'pg_catalog.pg_stat_subscription': 'shows replication',
  'pg_catalog.pg_stat_subscription_stats': 'shows replication',
}

const otherSessions = 'shows what other sessions do, other agents among them'
const foreignOptions = 'options of foreign servers hold keys and addresses'
const setting = 'shows settings beyond those that may be read: SHOW one, or current_setting()'

export const closedColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'pg_catalog.pg_attribute': { attmissingval: 'holds a value of the column' },
  'pg_catalog.pg_stat_activity': {
    query: otherSessions,
    application_name: otherSessions,
    client_addr: otherSessions,
    client_hostname: otherSessions,
    client_port: otherSessions,
  },
  // Tools count the rows of these two to see what sort of server it is; lag is asked of them everywhere.
  'pg_catalog.pg_replication_slots': { slot_name: 'names who replicates' },
  'pg_catalog.pg_stat_replication': {
    application_name: otherSessions,
    client_addr: otherSessions,
    client_hostname: otherSessions,
    client_port: otherSessions,
  },
  'pg_catalog.pg_stat_ssl': { client_dn: otherSessions, client_serial: otherSessions, issuer_dn: otherSessions },
  'pg_catalog.pg_stat_gssapi': { principal: otherSessions },
  'pg_catalog.pg_cursors': { statement: 'shows statements as the gateway sent them on' },
  'pg_catalog.pg_prepared_statements': { statement: 'shows statements as the gateway sent them on' },
  'pg_catalog.pg_roles': { rolconfig: 'holds settings of roles, which may be secrets' },
  'pg_catalog.pg_user': { useconfig: 'holds settings of roles, which may be secrets' },
  'pg_catalog.pg_settings': { setting, reset_val: setting, sourcefile: setting, sourceline: setting },
  'pg_catalog.pg_foreign_data_wrapper': { fdwoptions: foreignOptions },
  'pg_catalog.pg_foreign_server': { srvoptions: foreignOptions },
  'pg_catalog.pg_user_mappings': { umoptions: 'holds passwords of other servers' },
  'pg_catalog.pg_subscription': { subconninfo: 'holds how the subscription connects, with its password' },
  'information_schema._pg_foreign_data_wrappers': { fdwoptions: foreignOptions },
  'information_schema._pg_foreign_servers': { srvoptions: foreignOptions },
  'information_schema._pg_user_mappings': { umoptions: 'holds passwords of other servers' },
  'information_schema.foreign_data_wrapper_options': { option_value: foreignOptions },
  'information_schema.foreign_server_options': { option_value: foreignOptions },
  'information_schema.user_mapping_options': { option_value: 'holds passwords of other servers' },
}

/**
 * Relations of extensions that are closed wherever the extension is installed, even under `tables: ["public.*"]`.
 * Asked by extension, not by schema: they usually lie in `public`.
 */
export const closedExtensionRelations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pg_stat_statements: {
    pg_stat_statements: 'shows the statements of other sessions',
    pg_stat_statements_info: 'belongs to pg_stat_statements',
  },
  pg_stat_monitor: { pg_stat_monitor: 'shows the statements of other sessions' },
  pg_store_plans: { pg_store_plans: 'shows the plans of other sessions' },
  pg_qualstats: {
    pg_qualstats: 'shows values that others compared with',
    pg_qualstats_all: 'shows values that others compared with',
    pg_qualstats_by_query: 'shows values that others compared with',
    pg_qualstats_pretty: 'shows values that others compared with',
  },
  supabase_vault: { decrypted_secrets: 'shows secrets' },
  pg_buffercache: {
    pg_buffercache: 'shows what other sessions read',
    pg_buffercache_numa: 'shows what other sessions read',
  },
}

/**
 * Which functions of PostgreSQL are not harmless, and why. Reviewed by hand; `tools/lists/functions.ts` applies it to
 * what real servers have and writes `functions.generated.json`. A rule names functions by whole name, or by
 * signature where only one of several is meant; the generator fails on a rule that meets no function any more.
 *
 * Harmless means: it reads only its arguments and what describes the schema, changes nothing outside its own statement,
 * and gives no access to another session, a file, a setting or a relation that the policy has not seen named.
 * Costly is not the same as harmful: repeat(), generate_series() and crypt() are bounded by the statement's time.
 */
export const exclusionClasses = {
  SqlFromText: 'runs SQL that is given as text, which no policy has seen',
  RelationFromText: 'reads a relation that is named by text or by OID',
  Files: 'reads, lists or writes files of the server',
  LargeObjects: 'reads or writes large objects, which belong to no table',
  OtherSessions: 'shows what other sessions do',
  RewrittenText: 'shows statements as the gateway sent them on',
  Signals: 'signals or ends other server processes',
  Settings: 'reads or changes settings: judged by the name of the setting, which must be a literal',
  AdvisoryLocks: 'takes advisory locks, which other sessions wait for',
  Sleeps: 'sleeps, holding what the transaction holds',
  Sequences: 'moves a sequence, which no rollback undoes',
  Notifications: 'sends a notification to other sessions',
  Snapshots: 'exports a snapshot to other sessions',
  Replication: 'reads or steers replication',
  Wal: 'writes, switches or summarises the write-ahead log',
  Backup: 'steers backups and recovery',
  Statistics: 'shows values of columns as statistics hold them',
  Changes: 'changes statistics, catalogs, indexes or the transaction',
  ServerInternals: 'shows memory, configuration or internals of the server',
  BinaryUpgrade: 'is for pg_upgrade alone',
  NotCallable: 'is called by the server alone: as a trigger, handler, validator, or with an argument of type internal',
} as const

export type ExclusionClass = keyof typeof exclusionClasses

export interface ExclusionRule {
  readonly class: ExclusionClass
  /** Whole names, signatures, or patterns over the name. */
  readonly functions: readonly (string | RegExp)[]
  /** Only where it says more than the class does. */
  readonly reason?: string
}

export const exclusions: readonly ExclusionRule[] = [
  { class: 'SqlFromText', functions: [/^query_to_xml/], reason: 'runs the query that is its argument' },
  { class: 'SqlFromText', functions: [/^cursor_to_xml/], reason: 'fetches from a cursor that is named by text' },
  { class: 'SqlFromText', functions: ['ts_stat'], reason: 'runs the query that is its argument' },
  {
    class: 'SqlFromText',
    functions: ['ts_rewrite(tsquery, text)'],
    reason: 'runs the query that is its second argument',
  },
  {
    class: 'RelationFromText',
    functions: [/^(table|schema|database)_to_xml/],
    reason: 'reads whole tables that are named by its arguments',
  },
  {
    class: 'RelationFromText',
    functions: [/^currtid/],
    reason: 'reads a row’s place in a relation that is named by text',
  },

  { class: 'Files', functions: [/^pg_read_(binary_)?file/, /^pg_ls_/, 'pg_stat_file', /^pg_current_logfile$/] },
  { class: 'LargeObjects', functions: [/^lo_/, 'loread', 'lowrite'] },

  {
    class: 'OtherSessions',
    functions: ['pg_stat_get_activity', 'pg_stat_get_backend_activity'],
    reason: 'shows the statements of other sessions',
  },
  {
    class: 'OtherSessions',
    functions: ['pg_stat_get_backend_client_addr', 'pg_stat_get_backend_client_port'],
    reason: 'shows where other sessions come from',
  },
  {
    class: 'OtherSessions',
    functions: ['pg_prepared_xact'],
    reason: 'shows the identifiers that others gave their prepared transactions',
  },
  { class: 'RewrittenText', functions: ['current_query', 'pg_cursor', 'pg_prepared_statement'] },
  {
    class: 'Signals',
    functions: [
      'pg_cancel_backend',
      'pg_terminate_backend',
      'pg_reload_conf',
      /^pg_rotate_logfile/,
      'pg_log_backend_memory_contexts',
    ],
  },

  { class: 'Settings', functions: ['set_config', 'current_setting'] },
  {
    class: 'Settings',
    functions: ['pg_show_all_settings'],
    reason: 'shows every setting: read pg_settings with a name, or SHOW one',
  },
  { class: 'AdvisoryLocks', functions: [/^pg_(try_)?advisory_(xact_)?lock/] },
  { class: 'Sleeps', functions: [/^pg_sleep/] },
  { class: 'Sequences', functions: ['nextval', 'setval'] },
  { class: 'Notifications', functions: ['pg_notify'] },
  { class: 'Snapshots', functions: ['pg_export_snapshot'] },

  {
    class: 'Replication',
    functions: [
      /^pg_replication_(origin|slot)_/,
      /^pg_(create|copy)_(logical|physical)_replication_slot$/,
      'pg_drop_replication_slot',
      'pg_sync_replication_slots',
    ],
  },
  {
    class: 'Replication',
    functions: [/^pg_logical_/],
    reason: 'reads changes of all tables from the log, or writes to it',
  },
  { class: 'Replication', functions: ['pg_get_replication_slots', 'pg_show_replication_origin_status'] },
  {
    class: 'Replication',
    functions: [
      'pg_stat_get_replication_slot',
      'pg_stat_get_subscription',
      'pg_stat_get_subscription_stats',
      'pg_stat_get_wal_receiver',
      'pg_stat_get_wal_senders',
    ],
  },
  {
    class: 'Wal',
    functions: [
      'pg_create_restore_point',
      'pg_switch_wal',
      'pg_log_standby_snapshot',
      'pg_available_wal_summaries',
      'pg_wal_summary_contents',
      'pg_get_wal_summarizer_state',
    ],
  },
  { class: 'Backup', functions: [/^pg_backup_/, 'pg_promote', 'pg_wal_replay_pause', 'pg_wal_replay_resume'] },

  { class: 'Statistics', functions: [/^pg_mcv_list_/, /^pg_(dependencies|ndistinct)_/] },
  {
    class: 'Changes',
    functions: [/^pg_stat_reset/, 'pg_stat_force_next_flush', /^pg_(restore|clear)_(relation|attribute)_stats$/],
    reason: 'changes what the server knows of its tables and of its work',
  },
  {
    class: 'Changes',
    functions: [/^brin_(summarize|desummarize)_/, 'gin_clean_pending_list'],
    reason: 'changes an index',
  },
  {
    class: 'Changes',
    functions: ['pg_current_xact_id', 'txid_current'],
    reason: 'gives the transaction a number, as a write does: pg_current_xact_id_if_assigned() does not',
  },
  {
    class: 'Changes',
    functions: [
      'pg_import_system_collations',
      'pg_extension_config_dump',
      'pg_nextoid',
      'pg_stop_making_pinned_objects',
    ],
    reason: 'changes catalogs',
  },

  {
    class: 'ServerInternals',
    functions: [
      /^pg_control_/,
      'pg_config',
      'pg_hba_file_rules',
      'pg_ident_file_mappings',
      'pg_show_all_file_settings',
    ],
  },
  {
    class: 'ServerInternals',
    functions: [
      /^pg_get_shmem_allocations/,
      'pg_get_backend_memory_contexts',
      'pg_get_loaded_modules',
      'pg_stat_have_stats',
      'pg_get_aios',
    ],
  },
  { class: 'BinaryUpgrade', functions: [/^binary_upgrade_/] },
  { class: 'NotCallable', functions: [/^fmgr_(c|internal|sql)_validator$/, 'postgresql_fdw_validator', /^plpgsql_/] },
]

/** Result types of functions that no expression can call. */
export const notCallableResults: readonly string[] = [
  'trigger',
  'event_trigger',
  'internal',
  'language_handler',
  'fdw_handler',
  'index_am_handler',
  'table_am_handler',
  'tsm_handler',
]

/** Named by statements although the rule for results or for `internal` would exclude them. */
export const harmlessAlthoughInternal: Readonly<Record<string, string>> = {
  'bernoulli(internal)': 'TABLESAMPLE names it',
  'system(internal)': 'TABLESAMPLE names it',
  'suppress_redundant_updates_trigger()': 'a trigger that only skips updates without effect',
}

/** The rule that meets a function, if one does. */
export function exclusionRule(signature: string): ExclusionRule | undefined {
  const name = signature.slice(0, signature.indexOf('('))
  return exclusions.find(rule => rule.functions.some(entry => meets(entry, name, signature)))
}

export function meets(entry: string | RegExp, name: string, signature: string): boolean {
  if (entry instanceof RegExp) return entry.test(name)
  return entry === (entry.includes('(') ? signature : name)
}

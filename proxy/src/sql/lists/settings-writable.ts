/**
 * Settings that a session may change through the gateway, with the values that it may give them. Everything else is
 * read only at best. Reviewed by hand. A setting is here if no value that its rule accepts
 * makes the server log or send statements as the gateway wrote them, changes how text is read (`standard_conforming_strings`,
 * `client_encoding`), what row-level security sees, who somebody is, what code is loaded, or a limit that a policy sets.
 */
import { settings as limits } from '../../settings.ts'
import {
  anything,
  boolean,
  byServer,
  duration,
  matching,
  memory,
  number,
  oneOf,
  only,
  someOf,
  type ValueRule,
} from './settings-values.ts'

export interface WritableSetting {
  readonly write: ValueRule
  readonly note: string
  /** The policy's own limit holds besides: `durationMs(value)` must not be 0 nor above it. */
  readonly boundedBy?: 'statementTimeout'
}

/** A terabyte: what only steers the planner needs a bound for the rule's sake alone. */
const enormous = 1_099_511_627_776

const name = matching(/^[A-Za-z0-9_.@-]{0,63}$/, 'may be a name')

export const writableSettings: Readonly<Record<string, WritableSetting>> = {
  ...row('how values look', {
    datestyle: byServer,
    intervalstyle: byServer,
    timezone: matching(
      /^((?!.*\.\.)[A-Za-z0-9_+:.,<> -][A-Za-z0-9_+:/.,<> -]{0,99}|INTERVAL '[A-Z0-9 :.+-]{0,50}')$/,
      'may be the name of a time zone',
    ),
    timezone_abbreviations: oneOf('default', 'australia', 'india'),
    extra_float_digits: byServer,
    bytea_output: byServer,
    xmlbinary: byServer,
    xmloption: byServer,
    lc_monetary: name,
    lc_numeric: name,
    lc_time: name,
    quote_all_identifiers: byServer,
  }),
  ...row('how text is read: one way only, so that the gateway reads it as the server does', {
    // Servers drop what is no letter or digit before they compare; asyncpg sends 'utf-8' with its quotes.
    client_encoding: matching(/^[^a-z0-9]*(utf[^a-z0-9]*8|unicode)[^a-z0-9]*$/i, 'may only be UTF8'),
    standard_conforming_strings: only('on'),
    array_nulls: only('on'),
    transform_null_equals: only('off'),
    escape_string_warning: boolean,
    default_text_search_config: matching(/^[A-Za-z0-9_.]{1,127}$/, 'may be the name of a text search configuration'),
  }),
  ...row('names the session', { application_name: anything }),
  ...row('names are resolved by the gateway, whatever the path', { search_path: anything }),
  ...row('log and debug would send statements as the gateway wrote them', {
    client_min_messages: oneOf('notice', 'warning', 'error'),
  }),
  ...row('is the session’s own identity, which comes with its login', {
    session_authorization: () => 'may only be DEFAULT',
  }),
  ...row('off only raises an error, but tells which rows there are', { row_security: only('on') }),
  statement_timeout: { write: duration, note: 'up to the limit of the policy', boundedBy: 'statementTimeout' },
  ...row('the gateway has limits of its own besides', {
    lock_timeout: duration,
    idle_in_transaction_session_timeout: duration,
    idle_session_timeout: duration,
    transaction_timeout: duration,
  }),
  ...row('what a session may do is for the policy and the role, never for the transaction’s mode', {
    default_transaction_isolation: byServer,
    default_transaction_read_only: byServer,
    default_transaction_deferrable: byServer,
    transaction_isolation: byServer,
    transaction_read_only: byServer,
    transaction_deferrable: byServer,
  }),
  ...row('concerns only what the session itself commits', {
    synchronous_commit: oneOf('on', 'off', 'local', 'remote_write', 'remote_apply', 'true', 'false'),
  }),
  ...row('where what the session makes is put', {
    default_tablespace: name,
    temp_tablespaces: anything,
    default_table_access_method: name,
    default_toast_compression: oneOf('pglz', 'lz4'),
  }),
  ...row('checks of the session’s own statements', {
    check_function_bodies: boolean,
    restrict_nonsystem_relation_kind: someOf('view', 'foreign-table', ''),
  }),
  ...row('memory, bounded because a session has it several times over', {
    work_mem: memory('kB', limits.maxWorkMemBytes),
    maintenance_work_mem: memory('kB', limits.maxMaintenanceWorkMemBytes),
    temp_buffers: memory('8kB', limits.maxWorkMemBytes),
    hash_mem_multiplier: number(1, 2),
  }),
  ...row('choices of the planner', planner()),
  ...row('how much of the planner’s search is done: bounded, since planning takes memory that no timeout frees', {
    geqo: only('on'),
    geqo_threshold: number(2, 12),
    geqo_effort: number(1, 10),
    geqo_seed: number(0, 1),
    join_collapse_limit: number(1, 12),
    from_collapse_limit: number(1, 12),
  }),
  ...row('the session’s own random numbers', { seed: number(-1, 1) }),
  ...row('search settings of pgvector', {
    'hnsw.ef_search': number(1, 1_000),
    'hnsw.iterative_scan': oneOf('off', 'relaxed_order', 'strict_order'),
    'hnsw.max_scan_tuples': number(1, 2_147_483_647),
    'hnsw.scan_mem_multiplier': number(1, 10),
    'ivfflat.probes': number(1, 32_768),
    'ivfflat.iterative_scan': oneOf('off', 'relaxed_order'),
    'ivfflat.max_probes': number(1, 32_768),
  }),
  ...row('thresholds of pg_trgm', {
    'pg_trgm.similarity_threshold': number(0, 1),
    'pg_trgm.word_similarity_threshold': number(0, 1),
    'pg_trgm.strict_word_similarity_threshold': number(0, 1),
  }),
}

function planner(): Record<string, ValueRule> {
  const switches =
    'async_append bitmapscan distinct_reordering gathermerge group_by_reordering hashagg hashjoin incremental_sort indexonlyscan indexscan material memoize mergejoin nestloop parallel_append parallel_hash partition_pruning partitionwise_aggregate partitionwise_join presorted_aggregate self_join_elimination seqscan sort tidscan'
  const costs =
    'cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost parallel_setup_cost parallel_tuple_cost random_page_cost seq_page_cost jit_above_cost jit_inline_above_cost jit_optimize_above_cost'
  return {
    ...Object.fromEntries(switches.split(' ').map(word => [`enable_${word}`, byServer])),
    ...Object.fromEntries(costs.split(' ').map(word => [word, number(-1, 1e12)])),
    jit: byServer,
    jit_expressions: byServer,
    jit_tuple_deforming: byServer,
    plan_cache_mode: byServer,
    constraint_exclusion: byServer,
    cursor_tuple_fraction: number(0, 1),
    recursive_worktable_factor: number(0.001, 1e6),
    default_statistics_target: number(1, 10_000),
    effective_cache_size: memory('8kB', enormous),
    effective_io_concurrency: number(0, 1_000),
    max_parallel_workers: number(0, limits.maxParallelWorkers),
    max_parallel_workers_per_gather: number(0, limits.maxParallelWorkers),
    max_parallel_maintenance_workers: number(0, limits.maxParallelWorkers),
    parallel_leader_participation: boolean,
    min_parallel_index_scan_size: memory('8kB', enormous),
    min_parallel_table_scan_size: memory('8kB', enormous),
    synchronize_seqscans: boolean,
    stats_fetch_consistency: oneOf('none', 'cache', 'snapshot'),
    gin_fuzzy_search_limit: number(0, 2_147_483_647),
  }
}

function row(note: string, rules: Readonly<Record<string, ValueRule>>): Record<string, WritableSetting> {
  return Object.fromEntries(Object.entries(rules).map(([setting, write]) => [setting, { write, note }]))
}

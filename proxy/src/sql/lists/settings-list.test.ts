import { expect, test } from 'vitest'
import { isNoSetting, listedSettings, settingRule } from './settings-list.ts'
import { durationMs, memoryBytes } from './settings-values.ts'
import { writableSettings } from './settings-writable.ts'

function set(name: string, value: string | readonly string[]): true | string {
  const { write } = settingRule(18, name)
  return write === false ? 'never' : write(typeof value === 'string' ? [value] : value)
}

test.each([
  ['role', 'postgres'],
  ['session_authorization', 'postgres'],
  ['request.jwt.claims', '{}'],
  ['sallyport.username', 'x'],
  ['app.tenant_id', '2'],
  ['no_such_setting', 'x'],
  ['constructor', 'x'],
  ['client_min_messages', 'log'],
  ['client_min_messages', 'debug1'],
  ['client_min_messages', 'info'],
  ['client_encoding', 'SJIS'],
  ['client_encoding', 'SQL_ASCII'],
  ['standard_conforming_strings', 'off'],
  ['standard_conforming_strings', '0'],
  ['standard_conforming_strings', 'o'],
  ['backslash_quote', 'on'],
  ['row_security', 'off'],
  ['debug_print_plan', 'on'],
  ['log_statement', 'all'],
  ['log_parameter_max_length_on_error', '10'],
  ['session_replication_role', 'replica'],
  ['session_preload_libraries', 'x'],
  ['local_preload_libraries', 'x'],
  ['dynamic_library_path', '/tmp'],
  ['allow_system_table_mods', 'on'],
  ['zero_damaged_pages', 'on'],
  ['createrole_self_grant', 'set'],
  ['password_encryption', 'md5'],
  ['transform_null_equals', 'on'],
  ['work_mem', '1GB'],
  ['work_mem', '65537'],
  ['work_mem', '0x7fffffff'],
  ['geqo', 'off'],
  ['join_collapse_limit', '100'],
  ['timezone', '../../etc/passwd'],
  ['timezone', '/etc/localtime'],
  ['timezone', "INTERVAL '1' || 'x'"],
  ['timezone', "INTERVAL '/etc'"],
])('SET %s = %s is refused', (name, value) => {
  expect(set(name, value)).toEqual(expect.any(String))
})

test.each([
  ['TimeZone', 'UTC'],
  ['TIME ZONE', 'Europe/Berlin'],
  ['timezone', '+05:30'],
  ['timezone', '<+03>-03'],
  ['timezone', "INTERVAL '+01:30'"],
  ['datestyle', 'ISO, nosuch'], // the server refuses it
  ['DateStyle', 'ISO, DMY'],
  ['DateStyle', ['ISO', 'MDY']],
  ['IntervalStyle', 'iso_8601'],
  ['application_name', 'anything; at all'],
  ['search_path', ['app', 'public']],
  ['client_encoding', 'utf8'],
  ['client_encoding', 'UTF-8'],
  ['client_encoding', 'UNICODE'],
  ['client_min_messages', 'WARNING'],
  ['standard_conforming_strings', 'on'],
  ['extra_float_digits', '3'],
  ['extra_float_digits', '-15'],
  ['jit', 'off'],
  ['bytea_output', 'hex'],
  ['work_mem', '64MB'],
  ['enable_seqscan', 'off'],
  ['plan_cache_mode', 'force_custom_plan'],
  ['default_transaction_isolation', 'serializable'],
  ['synchronous_commit', 'off'],
  ['idle_in_transaction_session_timeout', '0'],
  ['check_function_bodies', 'false'],
  ['row_security', 'on'],
  ['hnsw.ef_search', '100'],
  ['statement_timeout', '0'],
] as const)('SET %s = %s is harmless', (name, value) => {
  expect(set(name, value)).toBe(true)
})

test('a time that the server would round to none is refused, and what is no time', () => {
  for (const value of ['0.4', '0.4ms', '300us', '-1', '', 'x', '0x10', '1e3', '2147483648'])
    expect([value, set('statement_timeout', value)]).toEqual([value, expect.any(String)])
  expect(set('statement_timeout', ['1', '2'])).toEqual(expect.any(String))
  expect(settingRule(18, 'statement_timeout').boundedBy).toBe('statementTimeout')
})

test('RESET ALL is harmless, SHOW ALL is not', () => {
  expect(settingRule(15, 'ALL')).toMatchObject({ read: false, write: expect.any(Function) })
})

test.each(
  'all data_directory config_file hba_file archive_command restore_command primary_conninfo ssl_key_file ssl_ca_file log_statement log_line_prefix listen_addresses unix_socket_directories shared_preload_libraries local_preload_libraries dynamic_library_path krb_server_keyfile synchronous_standby_names debug_print_plan sallyport.hash_key app.tenant_id'.split(
    ' ',
  ),
)('SHOW %s is refused', name => {
  expect(settingRule(18, name).read).toBe(false)
})

test.each(
  'server_version server_version_num server_encoding max_identifier_length max_index_keys integer_datetimes transaction_isolation TimeZone search_path is_superuser session_authorization in_hot_standby default_transaction_read_only standard_conforming_strings block_size lc_messages max_connections shared_buffers wal_level ssl port password_encryption request.jwt.claims'.split(
    ' ',
  ),
)('SHOW %s is harmless', name => {
  expect(settingRule(18, name).read).toBe(true)
})

test('a setting belongs to the versions that have it', () => {
  expect(settingRule(16, 'transaction_timeout')).toMatchObject({ read: false, write: false })
  expect(settingRule(17, 'transaction_timeout').read).toBe(true)
  expect(settingRule(15, 'lc_collate').read).toBe(true)
  expect(settingRule(16, 'lc_collate').read).toBe(false)
  for (const version of [15, 16, 17, 18] as const) expect(listedSettings(version).length).toBeGreaterThan(340)
})

test('what has no dot and is in no list is no setting', () => {
  for (const name of ['nosuch', 'NoSuch', 'no such', 'constructor', 'transaction_timeout'])
    expect([name, isNoSetting(15, name)]).toEqual([name, true])
  for (const name of [
    'app.tenant',
    'all',
    'TIME ZONE',
    'sort_mem',
    'Work_Mem',
    'role',
    'seed',
    'data_directory',
    'default_with_oids',
    'hnsw.ef_search',
  ])
    expect([name, isNoSetting(15, name)]).toEqual([name, false])
})

test('every writable setting exists in some version', () => {
  const somewhere = new Set(([15, 16, 17, 18] as const).flatMap(version => listedSettings(version)))
  expect(Object.keys(writableSettings).filter(name => !somewhere.has(name))).toEqual([])
})

test('times and memory are read as PostgreSQL reads them', () => {
  expect(['5000', '5s', '1.5 min', '1h', '0', '1us', '5 S', '1m'].map(value => durationMs(value, 'ms'))).toEqual([
    5000,
    5000,
    90_000,
    3_600_000,
    0,
    undefined,
    undefined,
    undefined,
  ])
  expect(['4096', '4MB', '4 kB', '1GB', '4mb'].map(value => memoryBytes(value, 'kB'))).toEqual([
    4_194_304,
    4_194_304,
    4096,
    1_073_741_824,
    undefined,
  ])
})

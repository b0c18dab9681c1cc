import { expect, test } from 'vitest'
import { harmlessExtensionFunction } from './extensions.ts'

test.each([
  ['somebodys_own', 'f()', 'Unlisted'],
  ['constructor', 'f()', 'Unlisted'],
  ['dblink', 'dblink(text, text)', 'SqlFromText'],
  ['tablefunc', 'crosstab(text)', 'SqlFromText'],
  ['xml2', 'xpath_table(text, text, text, text, text)', 'SqlFromText'],
  ['adminpack', 'pg_file_write(text, text, boolean)', 'Files'],
  ['pageinspect', 'get_raw_page(text, integer)', 'RelationFromText'],
  ['pg_stat_statements', 'pg_stat_statements(boolean)', 'OtherSessions'],
  [
    'postgis',
    'addgeometrycolumn(character varying, character varying, integer, character varying, integer, boolean)',
    'Changes',
  ],
  ['postgis', 'dropgeometrytable(character varying)', 'Changes'],
  ['postgis', 'postgis_extensions_upgrade()', 'Changes'],
  ['postgis', 'st_estimatedextent(text, text)', 'RelationFromText'],
  ['postgis', 'st_findextent(text, text)', 'RelationFromText'],
  ['postgis', '_postgis_stats(regclass, text, text)', 'Changes'],
  ['postgis', 'lockrow(text, text, text)', 'Changes'],
  ['postgis', 'disablelongtransactions()', 'Changes'],
  ['postgis', 'st_transform(public.geometry, text)', 'Files'],
  ['postgis', 'st_transformpipeline(public.geometry, text, integer)', 'Files'],
  ['timescaledb', 'drop_chunks(regclass)', 'Changes'],
] as const)('%s.%s is not harmless: %s', (extension, signature, expected) => {
  expect(harmlessExtensionFunction(extension, signature)).toMatchObject({ class: expected })
})

test.each([
  ['vector', 'cosine_distance(vector, vector)'],
  ['pg_trgm', 'similarity(text, text)'],
  ['pg_trgm', 'set_limit(real)'],
  ['citext', 'citext_eq(citext, citext)'],
  ['hstore', 'populate_record(anyelement, hstore)'],
  ['ltree', 'nlevel(ltree)'],
  ['unaccent', 'unaccent(text)'],
  ['uuid-ossp', 'uuid_generate_v4()'],
  ['pgcrypto', 'digest(text, text)'],
  ['tablefunc', 'normal_rand(integer, double precision, double precision)'],
  ['tsm_system_rows', 'system_rows(internal)'],
  ['timescaledb', 'time_bucket(interval, timestamp with time zone)'],
  ['postgis', 'st_transform(public.geometry, integer)'],
  ['postgis', 'st_asmvt(anyelement)'],
  ['postgis', 'st_dwithin(public.geometry, public.geometry, double precision)'],
  ['postgis', 'find_srid(character varying, character varying, character varying)'],
] as const)('%s.%s is harmless', (extension, signature) => {
  expect(harmlessExtensionFunction(extension, signature)).toBe(true)
})

/**
 * Members of known extensions, and which of them are harmless. What is not here is not harmless: a policy may allow it by name.
 * "All but" is said only of extensions whose functions were looked at whole.
 */
import type { ExclusionClass } from './exclusions.ts'
import { exclusionClasses } from './exclusions.ts'
import type { ExclusionReason } from './functions.ts'

interface KnownExtension {
  /** 'All', the only names that are harmless, or 'None'. */
  readonly harmless: 'All' | readonly (string | RegExp)[] | 'None'
  /** Exceptions from `harmless`. */
  readonly but?: readonly { readonly class: ExclusionClass; readonly names: readonly (string | RegExp)[] }[]
  readonly class?: ExclusionClass
  readonly note: string
}

const types = { harmless: 'All', note: 'types and their operators' } as const
const access = { harmless: 'All', note: 'operator classes for indexes' } as const
const text = { harmless: 'All', note: 'functions over text' } as const

function none(because: ExclusionClass, note: string): KnownExtension {
  return { harmless: 'None', class: because, note }
}

export const knownExtensions: Readonly<Record<string, KnownExtension>> = {
  vector: { harmless: 'All', note: 'pgvector: types, distances, indexes' },
  citext: types,
  cube: types,
  hstore: types,
  isn: { harmless: 'All', note: 'types; isn_weak() changes only what the session itself accepts' },
  ltree: types,
  seg: types,
  earthdistance: { harmless: 'All', note: 'distances' },
  intarray: { harmless: 'All', note: 'functions over arrays' },
  intagg: { harmless: 'All', note: 'functions over arrays' },
  btree_gin: access,
  btree_gist: access,
  bloom: access,
  pg_trgm: { harmless: 'All', note: 'similarity; set_limit() changes only the session’s own threshold' },
  fuzzystrmatch: text,
  unaccent: text,
  dict_int: text,
  dict_xsyn: text,
  'uuid-ossp': {
    harmless: 'All',
    note: 'random and time-based values; uuid_generate_v1() shows the server’s network address',
  },
  pgcrypto: { harmless: 'All', note: 'changes nothing; keys stand in statements, and so in recordings' },
  tsm_system_rows: { harmless: 'All', note: 'TABLESAMPLE names it' },
  tsm_system_time: { harmless: 'All', note: 'TABLESAMPLE names it; its time is bounded by the statement’s' },
  tablefunc: {
    harmless: ['normal_rand'],
    class: 'SqlFromText',
    note: 'crosstab() and connectby() run SQL that is given as text',
  },
  timescaledb: {
    harmless: [/^time_bucket(_gapfill)?$/, 'first', 'last', 'histogram', 'locf', 'interpolate', 'to_epoch_ms'],
    class: 'Changes',
    note: 'the rest changes tables, jobs and policies',
  },
  postgis: {
    harmless: [
      /^_?st_/,
      /^(geometry|geography|geom|geog|box|spheroid|gidx|gserialized|pgis_)/,
      /^(overlaps|contains|is_contained)_/,
      /^postgis_(.*version|full_version|lib_.*|scripts_.*|noop|geos_noop|typmod_.*|constraint_.*|type_name|srs.*|(add|drop|get|has|cache)_?bbox|index_supportfn)$/,
      ...[
        '_postgis_deprecate',
        '_postgis_pgsql_version',
        '_postgis_scripts_pgsql_version',
        'find_srid',
        'get_proj4_from_srid',
      ],
      ...['bytea', 'equals', 'json', 'jsonb', 'path', 'point', 'polygon', 'text'],
    ],
    class: 'Changes',
    note: 'geometry and geography; the rest changes tables, locks rows, or reads statistics',
    but: [
      { class: 'Changes', names: ['st_fromflatgeobuftotable'] },
      {
        class: 'RelationFromText',
        names: ['st_estimatedextent', 'st_estimated_extent', 'st_findextent', 'st_find_extent'],
      },
      // PROJ opens the files that its definitions name: one given as text tells which files there are.
      { class: 'Files', names: [/^st_transform\(.*\btext\b/, 'st_transformpipeline', 'st_inversetransformpipeline'] },
    ],
  },
  postgis_sfcgal: { harmless: 'All', note: 'geometry' },
  address_standardizer: none('RelationFromText', 'reads tables that are named by text'),
  postgis_raster: none('SqlFromText', 'map algebra runs expressions that are given as text, rasters may lie in files'),
  postgis_tiger_geocoder: none('SqlFromText', 'makes and runs statements'),
  postgis_topology: none('SqlFromText', 'makes and runs statements'),
  xml2: none('SqlFromText', 'xpath_table() runs a query made of its arguments'),
  pg_stat_statements: none('OtherSessions', 'shows the statements of other sessions'),
  dblink: none('SqlFromText', 'sends SQL that is given as text to other servers'),
  postgres_fdw: none('SqlFromText', 'reaches other servers'),
  file_fdw: none('Files', 'reads files and programs of the server'),
  adminpack: none('Files', 'reads and writes files of the server'),
  pageinspect: none('RelationFromText', 'reads pages of relations'),
  pg_walinspect: none('Wal', 'reads changes of all tables from the log'),
  pg_logicalinspect: none('Replication', 'reads snapshots of logical decoding'),
  pg_visibility: none('RelationFromText', 'reads and changes the visibility of rows'),
  pg_surgery: none('Changes', 'changes rows past all rules'),
  pg_freespacemap: none('ServerInternals', 'reads the map of free space'),
  pg_buffercache: none('ServerInternals', 'shows and empties the server’s cache'),
  pg_prewarm: none('ServerInternals', 'fills the server’s cache'),
  pgrowlocks: none('RelationFromText', 'reads a relation that is named by text'),
  pgstattuple: none('RelationFromText', 'reads a relation that is named by text'),
  amcheck: none('RelationFromText', 'reads relations and indexes that are named by OID'),
  old_snapshot: none('ServerInternals', 'shows internals'),
  sslinfo: none('ServerInternals', 'shows the gateway’s own certificate'),
  lo: none('LargeObjects', 'manages large objects'),
  autoinc: none('Changes', 'triggers that change rows'),
  insert_username: none('Changes', 'triggers that change rows'),
  moddatetime: none('Changes', 'triggers that change rows'),
  refint: none('Changes', 'triggers that change rows'),
  tcn: none('Notifications', 'a trigger that sends notifications'),
  plpgsql: none('NotCallable', 'the handlers of a language'),
  plperl: none('NotCallable', 'the handlers of a language'),
  plperlu: none('NotCallable', 'the handlers of a language'),
  pltcl: none('NotCallable', 'the handlers of a language'),
  pltclu: none('NotCallable', 'the handlers of a language'),
  plpython3u: none('NotCallable', 'the handlers of a language'),
  plv8: none('SqlFromText', 'runs code that is given as text'),
  http: none('SqlFromText', 'reaches other servers'),
  pg_net: none('SqlFromText', 'reaches other servers'),
  pg_cron: none('SqlFromText', 'runs SQL that is given as text, later'),
  pg_background: none('SqlFromText', 'runs SQL that is given as text'),
  aws_s3: none('SqlFromText', 'runs SQL that is given as text, and reaches S3'),
  aws_lambda: none('SqlFromText', 'reaches other servers'),
  age: none('SqlFromText', 'cypher() runs statements that are given as text'),
  orafce: none('SqlFromText', 'has packages for dynamic SQL, files and pipes'),
}

/** `signature` as for `harmlessFunction`, without a schema: extensions are put into any. */
export function harmlessExtensionFunction(extension: string, signature: string): true | ExclusionReason {
  const known = Object.hasOwn(knownExtensions, extension) ? knownExtensions[extension] : undefined
  if (known === undefined)
    return { class: 'Unlisted', text: `belongs to the extension ${extension}, which was not looked at` }
  const name = signature.slice(0, signature.indexOf('('))
  const exception = known.but?.find(entry => has(entry.names, name, signature))
  if (exception !== undefined) return { class: exception.class, text: exclusionClasses[exception.class] }
  if (known.harmless === 'All' || (known.harmless !== 'None' && has(known.harmless, name, signature))) return true
  return { class: known.class ?? 'Unlisted', text: `belongs to the extension ${extension}: ${known.note}` }
}

function has(names: readonly (string | RegExp)[], name: string, signature: string): boolean {
  return names.some(entry => (entry instanceof RegExp ? entry.test(name) || entry.test(signature) : entry === name))
}

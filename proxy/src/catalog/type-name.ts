/** Prints a type as `format_type(oid, NULL)` does under `search_path = pg_catalog`, without asking a session that has its own. */
export function typeName(schema: string, name: string, isArray: boolean): string {
  const plain = schema === 'pg_catalog' ? (sqlNames.get(name) ?? quoted(name)) : `${quoted(schema)}.${quoted(name)}`
  return isArray ? `${plain}[]` : plain
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** The names of the SQL standard that format_type gives to built-in types. */
const sqlNames: ReadonlyMap<string, string> = new Map([
  ['any', '"any"'],
  ['bit', 'bit'],
  ['bool', 'boolean'],
  ['bpchar', 'character'],
  ['char', '"char"'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['time', 'time without time zone'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['timetz', 'time with time zone'],
  ['varbit', 'bit varying'],
  ['varchar', 'character varying'],
])

/**
 * What the database says of itself, as far as names need it. The room `catalog` fills it, `resolve` reads it. A
 * `Catalog` value never changes: a refresh makes a new one that shares what stayed, with another `version`.
 */

export type ServerMajor = 15 | 16 | 17 | 18

/** FirstNormalObjectId: smaller oids were made by initdb, the same in every database of a version. */
export const firstUserOid = 16_384

export interface Catalog {
  /** Differs whenever anything in here does. A cache key. */
  readonly version: number
  readonly database: string
  /** `server_version_num / 10000`. */
  readonly server: ServerMajor
  /** Whether a schema exists, and whether `role` has USAGE on it (search_path skips it otherwise). */
  schema(name: string): SchemaEntry | undefined
  relation(schema: string, name: string): RelationEntry | undefined
  relationByOid(oid: number): RelationEntry | undefined
  /** What DROP SCHEMA … CASCADE takes along. */
  contents(schema: string): SchemaContents
  /** All functions, procedures, aggregates and window functions of that name in that schema. */
  functions(schema: string, name: string): readonly FunctionEntry[]
  /** All functions of that name in any schema: for errors' hints, and where no path bounds the search. */
  operators(schema: string, name: string): readonly OperatorEntry[]
  type(schema: string, name: string): TypeEntry | undefined
  typeByOid(oid: number): TypeEntry | undefined
  /** Casts whose target is that type. */
  castsTo(typeOid: number): readonly CastEntry[]
  functionByOid(oid: number): FunctionEntry | undefined
}

export interface SchemaEntry {
  readonly oid: number
  readonly name: string
  /** Roles (by name) with USAGE are not listed: this says whether the given role has it. */
  usableBy(role: string): boolean
}

export interface SchemaContents {
  readonly relations: readonly RelationEntry[]
  /** Whether there are functions, operators or types too (row and array types not counted): anything may depend on those. */
  readonly definitions: boolean
}

export type RelationSort =
  | 'Table'
  | 'Partitioned'
  | 'View'
  | 'MaterializedView'
  | 'Index'
  | 'Sequence'
  | 'ForeignTable'
  | 'CompositeType'
  | 'Toast'

export interface RelationEntry {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly sort: RelationSort
  readonly persistence: 'Permanent' | 'Temporary' | 'Unlogged'
  /** In attribute order, dropped ones left out, system columns left out. */
  readonly columns: readonly ColumnEntry[]
  /** Direct children by inheritance or partitioning. */
  readonly children: readonly number[]
  readonly parents: readonly number[]
  /** Views and materialised views: oids of relations that the definition reads (from pg_depend by way of pg_rewrite). */
  readonly reads: readonly number[]
  /** Views: oids of relations whose rules or views read this one (DROP CASCADE). */
  readonly readBy: readonly number[]
  /** Relations with a foreign key to this one, with what DELETE and UPDATE of this one do to them. */
  readonly referencedBy: readonly {
    readonly oid: number
    readonly onDelete: ForeignKeyAction
    readonly onUpdate: ForeignKeyAction
  }[]
  /** For an index: its table. For a sequence owned by a column: that table. For a TOAST table: its owner. */
  readonly owner?: number
  /** Whether the relation carries rewrite rules other than a view's own SELECT, by event. */
  readonly rules: readonly ('Insert' | 'Update' | 'Delete')[]
  readonly isSystem: boolean
}

export type ForeignKeyAction = 'NoAction' | 'Restrict' | 'Cascade' | 'SetNull' | 'SetDefault'

export interface ColumnEntry {
  readonly name: string
  readonly type: number
}

export interface FunctionEntry {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly sort: 'Function' | 'Procedure' | 'Aggregate' | 'Window'
  /** Input argument types, as `format_type` prints them without a typmod; the last one is the element type of VARIADIC. */
  readonly args: readonly string[]
  /** How many of the last arguments have defaults. */
  readonly defaults: number
  readonly variadic: boolean
  /** The extension that owns it, if any. */
  readonly extension?: string
}

export interface OperatorEntry {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** Type names; `left` is undefined for a prefix operator. */
  readonly left?: string
  readonly right: string
  /** The function behind it. */
  readonly function: number
  readonly extension?: string
}

export interface TypeEntry {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly sort: 'Base' | 'Composite' | 'Domain' | 'Enum' | 'Range' | 'Multirange' | 'Pseudo'
  /** The relation of a composite type. */
  readonly relation?: number
  /** Array types: the element. Domains: the base type. */
  readonly element?: number
  readonly extension?: string
}

export interface CastEntry {
  readonly source: number
  readonly target: number
  /** 0 for binary-coercible and I/O casts. */
  readonly function: number
  readonly context: 'Explicit' | 'Assignment' | 'Implicit'
}

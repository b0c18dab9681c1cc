/**
 * Facts: what one statement says, read off PostgreSQL's own parse tree and nothing else. No catalog has been asked:
 * names are as written (after PostgreSQL's case folding), and which relation, function or type they mean is the work of
 * `resolve`. Everything that a statement could do must appear here, or the statement is refused.
 */
import type { Kind } from './kinds.ts'

/** Bytes [start, end) of the message's text in UTF-8: the parser's own unit. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A possibly qualified name, outermost part first: `['public', 'orders']`, `['orders']`. */
export type Name = readonly string[]

export interface StatementFacts {
  /** The statement's text, without surrounding space, comments kept, and without its semicolon. */
  readonly span: Span
  /** The kind of the statement as a whole. For EXPLAIN, PREPARE, DECLARE and COPY (query) see `carries`. */
  readonly kind: Kind
  /** Where accesses are made: `parts[0]` is the top level; CTEs and MERGE actions follow. `when` in a rule sees one part. */
  readonly parts: readonly Part[]
  /** Every relation named, CTE names excluded, with the access made of it. One entry a mention and access. */
  readonly relations: readonly RelationAccess[]
  /** Objects named that are no relations: schemas, types, functions to be dropped, roles, publications … */
  readonly objects: readonly ObjectAccess[]
  /** Everything that runs code: functions, aggregates, operators, casts, also those that syntax implies. */
  readonly calls: readonly Call[]
  /** Every type name written (casts, column definitions, PREPARE's parameters …). */
  readonly types: readonly TypeMention[]
  /** Every column reference, with the scope that it is written in. */
  readonly columns: readonly ColumnMention[]
  /** `(x).f` on an expression: a field of a composite value, or the call `f(x)`. `t.f` is a ColumnMention. */
  readonly selections: readonly FieldSelection[]
  /** Scopes that `ColumnMention.scope` points into; `parent` is where an outer reference may lead. */
  readonly scopes: readonly Scope[]
  /** Settings read or changed: SET, RESET, SHOW, set_config, current_setting, SET clauses. */
  readonly settings: readonly SettingAccess[]
  /** `current_setting($n)`: which setting is read comes with Bind, and is judged there. */
  readonly boundSettings?: readonly { readonly parameter: number; readonly span: Span }[]
  /** What the statement does to the session rather than to data. */
  readonly control?: Control
  /** What EXPLAIN, PREPARE, DECLARE, COPY (query) and CREATE … AS carry; its facts are merged into this statement's own. */
  readonly carries?: {
    readonly by: 'Explain' | 'ExplainAnalyze' | 'Prepare' | 'Declare' | 'Copy' | 'CreateAs'
    readonly kind: Kind
  }
  /** Set for COPY … FROM STDIN and COPY … TO STDOUT. Files and programs are in `forbidden`. */
  readonly copy?: { readonly direction: 'In' | 'Out' }
  /** Nodes, keywords and options that only a newer server's grammar knows. */
  readonly newer: readonly { readonly what: string; readonly since: 16 | 17 | 18; readonly span: Span }[]
  /** What no policy can allow (DESIGN §2 "Refused always"), as far as the tree shows it. */
  readonly forbidden: readonly { readonly code: ForbiddenCode; readonly what: string; readonly span: Span }[]
  /** Relations read where WHERE leaves only rows with literal values in a column. See `pins.ts`. */
  readonly pins: readonly Pin[]
  /** Calls of nextval and setval whose sequence is named by a literal: an access in `relations` stands for each. */
  readonly sequences: readonly SequenceCall[]
  /** CASCADE is written in DROP or ALTER: what depends on what is dropped goes, too. */
  readonly cascades?: true
  /** The highest `$n`; 0 if none. */
  readonly parameters: number
  /** Whether it sends rows: SELECT, VALUES, RETURNING, SHOW, FETCH, EXPLAIN, CALL … True where it cannot be told. */
  readonly returnsRows: boolean
  /** True for what PostgreSQL refuses inside a transaction block or cannot roll back: VACUUM, CREATE DATABASE … */
  readonly cannotRollBack: boolean
}

export type ForbiddenCode =
  | 'NotUnderstood' //        a node type, enum or shape that we do not know
  | 'SetRole' //              SET ROLE, RESET ROLE, SET SESSION AUTHORIZATION but for DEFAULT
  | 'ServerFile' //           COPY to or from a file
  | 'ServerProgram' //        COPY … PROGRAM
  | 'DynamicSetting' //       set_config or current_setting with a name that is no literal

/** A part of a statement that makes accesses of its own. */
export interface Part {
  readonly kind: Kind
  readonly hasWhere: boolean
  readonly hasLimit: boolean
}

export interface RelationAccess {
  readonly name: Name
  /** From the first byte of the schema (or name) to the last of the relation's name: what is replaced to qualify it. */
  readonly span: Span
  /** The access made: Select, Insert, Update, Delete, Truncate, Lock, CreateTable, DropTable, AlterTable … */
  readonly kind: Kind
  readonly part: number
  /** `ONLY t`: children are not meant. */
  readonly only: boolean
  /** 'Exists': must be there. 'Maybe': IF EXISTS. 'Made': the statement creates it under this name. */
  readonly presence: 'Exists' | 'Maybe' | 'Made'
  /** TEMP or UNLOGGED of what is made; permanent otherwise. */
  readonly persistence: 'Permanent' | 'Temporary' | 'Unlogged'
  /** TRUNCATE … CASCADE, DROP … CASCADE. */
  readonly cascade: boolean
  /** What sort of relation the syntax names; `Relation` where any will do. */
  readonly sort:
    | 'Relation'
    | 'Table'
    | 'View'
    | 'MaterializedView'
    | 'Index'
    | 'Sequence'
    | 'ForeignTable'
    | 'CompositeType'
  /** Columns that the syntax itself lists (INSERT (a, b), UPDATE SET a, COPY t (a), GRANT (a)); undefined: not listed. */
  readonly listedColumns?: readonly string[]
  /** The alias; the name itself where none is written. */
  readonly alias: string
  /** A WITH clause around has an item of that name that cannot be meant here: itself, or one that follows. */
  readonly laterItem?: true
  /**
   * PostgreSQL asks for this access only if a column is read: the Select on the target of UPDATE, DELETE or INSERT (WHERE,
   * SET, RETURNING, ON CONFLICT). Where no ColumnMention can mean the target it falls away; keeping it is strict, not wrong.
   */
  readonly onlyIfRead?: true
}

export interface ObjectAccess {
  /** The manual's word: `schema`, `type`, `domain`, `function`, `procedure`, `aggregate`, `role`, `extension` … */
  readonly sort: string
  readonly name: Name
  readonly span: Span
  readonly act: 'Create' | 'Alter' | 'Drop' | 'Comment' | 'Grant' | 'Use'
}

export interface Call {
  readonly form: 'Function' | 'Operator' | 'Cast'
  /** For a cast, the target type's name. Operators: the operator's name, qualified where OPERATOR(…) says so. */
  readonly name: Name
  /** Arguments as written. For `Operator`, 1 (prefix) or 2. For a cast, 1. */
  readonly arity: number
  /** Arguments given as VARIADIC array or by name; then arity does not bound the candidates from above. */
  readonly loose: boolean
  /**
   * Before this server version the word is no syntax but an ordinary unqualified name, looked up in search_path
   * (`json_object` before 16). `name` is what the newer grammar makes of it; writing that name out means the same everywhere.
   */
  readonly wordSince?: 16 | 17 | 18
  /** The bytes of the name, where it is written in a form that can be qualified; undefined where syntax implies it. */
  readonly span?: Span
  /** For errors: the statement's byte that PostgreSQL would point at. */
  readonly location: number
  readonly part: number
}

export interface TypeMention {
  readonly name: Name
  /** The name's bytes; empty where a keyword of SQL names the type (`integer`, `double precision`): that is pg_catalog's always. */
  readonly span: Span
  readonly location: number
  /** As in Call: `json` before 17. `span` is then that of the word. */
  readonly wordSince?: 16 | 17 | 18
  /** `t[]`, or an array of it by other syntax. */
  readonly isArray?: true
}

export interface FieldSelection {
  /** The field's name, or `*`. */
  readonly name: string
  readonly location: number
  readonly scope: number
  readonly part: number
}

export interface ColumnMention {
  /** `['o', 'id']`; a last `'*'` is a star. */
  readonly fields: readonly string[]
  readonly star: boolean
  readonly span: Span
  readonly scope: number
  /** GROUP BY name: an input column, or where none is called so the output column of that name. */
  readonly maybeOutput?: true
  /** A star that is an entry of a SELECT list: it could be written as the list of its columns. `span` covers it whole. */
  readonly listed?: true
  readonly part: number
}

export interface Scope {
  readonly parent?: number
  readonly items: readonly ScopeItem[]
  /** JOIN … USING or NATURAL JOIN without an alias: `*` has their columns once, and first. */
  readonly merges?: true
}

/** One entry of FROM, or the target of a write, as names see it. */
export interface ScopeItem {
  readonly alias: string
  /** Index into `relations`; undefined for CTEs, subqueries, functions, VALUES. */
  readonly relation?: number
  /**
   * Column names where the syntax tells them: CTE and subquery outputs, completely; for a relation (and a function) the
   * alias list, which renames the first columns and leaves the others. Undefined where it does not.
   */
  readonly columns?: readonly string[]
  /** Not in FROM, but named by the language: `old` and `new` in RETURNING (18) and in rules, `excluded` in ON CONFLICT. */
  readonly row?: 'Old' | 'New' | 'Excluded'
}

/** Outputs of the SELECT that reads this are made of rows whose `column` is one of `values`; its conditions see only `column`. */
export interface Pin {
  /** Index into `relations`, or for a function in FROM the location of its call. */
  readonly relation?: number
  readonly function?: number
  readonly column: string
  readonly values: readonly string[]
  /** Where its `=` is: the pin holds if every operator that may be called there is pg_catalog's. */
  readonly operator: number
}

export interface SequenceCall {
  /** The location of the Call. */
  readonly call: number
  /** Index into `relations`. */
  readonly relation: number
  /** Where the literal is cast to regclass, the location of that: it must be pg_catalog's. */
  readonly cast?: number
}

export interface SettingAccess {
  readonly act: 'Set' | 'Reset' | 'Show'
  /** Lower case. `all` for RESET ALL and SHOW ALL. */
  readonly name: string
  /** As written, where that differs: PostgreSQL's errors repeat it. */
  readonly written?: string
  /** `current_setting(name, true)`: no error where there is no such setting. */
  readonly quiet?: true
  /** Values as PostgreSQL would store them, one an element; undefined for DEFAULT, and for RESET and SHOW. */
  readonly values?: readonly string[]
  readonly local: boolean
  /** A value that is no literal (`set_config('search_path', $1, false)`). `values` then is `unknownValue`, which no list holds. */
  readonly dynamic?: true
  /** SET … FROM CURRENT: the value that the session has, which the definition then shows. A read as well. */
  readonly fromCurrent?: true
  readonly span: Span
}

/** What the session has to know about. `name` is absent where ALL is meant. */
export type Control =
  | { readonly do: 'Begin' | 'Commit' | 'Rollback' | 'PrepareTransaction' | 'CommitPrepared' | 'RollbackPrepared' }
  | { readonly do: 'Savepoint' | 'Release' | 'RollbackTo'; readonly name: string }
  | { readonly do: 'Prepare' | 'Execute'; readonly name: string }
  | { readonly do: 'Deallocate' | 'Close'; readonly name?: string }
  | { readonly do: 'Declare'; readonly name: string; readonly hold: boolean }
  | { readonly do: 'Fetch'; readonly name: string; readonly move: boolean }
  | { readonly do: 'Discard'; readonly what: 'All' | 'Plans' | 'Sequences' | 'Temp' }

/** Stands in `SettingAccess.values` for a value that the text does not tell. No setting can have it: it is a NUL. */
export const unknownValue = '\0'

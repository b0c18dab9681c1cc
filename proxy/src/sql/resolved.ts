/**
 * Facts plus catalog: what each name means for this role, database and search_path. Made by `resolve`, judged by
 * `policy/decide`, spliced into the text by `splice`.
 */
import type { CastEntry, FunctionEntry, OperatorEntry, RelationEntry, SchemaEntry, TypeEntry } from './catalog.ts'
import type { Kind } from './kinds.ts'
import type { Name, Span, StatementFacts } from './statement.ts'

/** Where names are looked up. `path` is effective: schemas that exist and may be used, temp first if it exists, pg_catalog where it is searched. */
export interface NameContext {
  readonly role: string
  readonly path: readonly string[]
  /** Where an unqualified CREATE goes (`searchPath` says); without it, the first of `path` that is neither temporary nor pg_catalog. */
  readonly creation?: string
  /** The text of search_path, and what RESET would make of it. Needed where one text changes schemas or the path and then uses them. */
  readonly setting?: string
  readonly resetSetting?: string
  /** True where a COMMIT or ROLLBACK may change search_path or what `own` shows: then nothing is resolved after one in the same text. */
  readonly transactional?: boolean
  /** What only this session sees (temporary and uncommitted objects); asked on its own connection. Never cached across sessions. */
  readonly own?: OwnObjects
}

/** Overrides the shared catalog for the names that it has. `undefined` as entry: the session has dropped it. */
export interface OwnObjects {
  /** The session's temporary schema (`pg_temp_3`), if it has one. */
  readonly tempSchema?: string
  relation(schema: string, name: string): RelationEntry | 'Dropped' | undefined
  functions(schema: string, name: string): readonly FunctionEntry[] | undefined
  /** The same for what else a transaction may have made and not committed; absent: nothing. */
  schema?(name: string): SchemaEntry | 'Dropped' | undefined
  /** Of types and operators, those that initdb did not make. */
  type?(schema: string, name: string): TypeEntry | 'Dropped' | undefined
  operators?(schema: string, name: string): readonly OperatorEntry[] | undefined
  /** Casts beside those of the catalog. */
  castsTo?(typeOid: number): readonly CastEntry[]
  typeByOid?(oid: number): TypeEntry | undefined
  functionByOid?(oid: number): FunctionEntry | undefined
  /** The session's own relations among the oids in `children`, `reads` and the like. */
  relationByOid?(oid: number): RelationEntry | undefined
}

export interface Resolved {
  readonly facts: StatementFacts
  readonly relations: readonly ResolvedAccess[]
  readonly calls: readonly ResolvedCall[]
  /** CASCADE from what is no relation: any relation may lose a column, a default, a constraint, or go as a whole. */
  readonly beyond?: true
  /** Edits that make every name mean what it was judged as. Empty: the text goes on as it is. */
  readonly splices: readonly Splice[]
}

export interface ResolvedAccess {
  readonly schema: string
  readonly name: string
  /** Undefined for what the statement makes. */
  readonly relation?: RelationEntry
  readonly kind: Kind
  readonly part: number
  readonly span: Span
  readonly isSystem: boolean
  readonly isTemporary: boolean
  /** Columns that the statement may mean of it; 'All' for stars and whole rows, and wherever it cannot be told. */
  readonly columns: readonly string[] | 'All'
  /** 'Named': Allow is asked of it. 'Behind': only Deny and RequireApproval reach it (views' tables, partitions, cascades). */
  readonly reach: 'Named' | 'Behind'
}

export interface ResolvedCall {
  readonly form: 'Function' | 'Operator' | 'Cast'
  /** As written, for messages. */
  readonly written: string
  /** Every function that the server might run for it: all must be permitted. Never empty: what resolves to nothing is refused. */
  readonly candidates: readonly FunctionEntry[]
  readonly location: number
  readonly part: number
}

/** Replaces the bytes of `span` with `text`. `edit` is what that does to the tree, so that it can be proven by parsing again. */
export interface Splice {
  readonly span: Span
  readonly text: string
  readonly edit:
    | { readonly do: 'QualifyRelation'; readonly schema: string; readonly name: string }
    | { readonly do: 'QualifyFunction'; readonly schema: string; readonly name: string }
    | { readonly do: 'QualifyOperator'; readonly schema: string; readonly name: string }
    | { readonly do: 'QualifyType'; readonly schema: string; readonly name: string }
    | { readonly do: 'ExpandStar'; readonly columns: readonly StarColumn[] }
}

/** An entry of the list that a star is written as: a column, all of an entry of FROM, or NULL in the place of a column. */
export type StarColumn =
  | { readonly from: string; readonly name: string }
  | { readonly from: string }
  | { readonly name: string; readonly type: Name }

/** What PostgreSQL itself would say: 42P01, 42703, 42883, 42704, 3F000, 42601 … with its words and position. */
export interface SqlRefusal {
  readonly sqlState: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** Byte offset in the message's text; the gateway turns it into the protocol's 1-based character position. */
  readonly location?: number
  /** Set where the reason is ours and not PostgreSQL's. */
  readonly code?: string
}

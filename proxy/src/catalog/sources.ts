/**
 * What is read for the shared catalog, and how its changes are seen. A catalog with oids is a *source*: its rows are
 * kept one by one, and those whose xmin is young are read again. What has no oid, or is small, is a *link group*: read
 * whole when a hash of its content changes. These run on the catalog's own connection (search_path = pg_catalog).
 */
import { functionsSql, relationsInRule, relationsSql, temporarySchemas } from './definitions.ts'

export interface Source {
  /** The catalog, as `t`, and which of its rows count. */
  readonly from: string
  readonly where: string
  /** Rows of oid, xmin, schema, name and whatever the decoder of this source wants, for a condition over `t`. */
  readonly select: (where: string) => string
}

const named = (catalog: string, namespace: string, rest: Source['select']): Source => ({
  from: `pg_catalog.pg_${catalog} t`,
  where: `t.${namespace} NOT IN ${temporarySchemas}`,
  select: rest,
})

export const sources = {
  schemas: {
    from: 'pg_catalog.pg_namespace t',
    where: `t.oid NOT IN ${temporarySchemas}`,
    // Owner and privileges say nothing here; they are read so that a GRANT is seen.
    select: where =>
      `SELECT t.oid, t.xmin, '', t.nspname, t.nspowner, t.nspacl FROM pg_catalog.pg_namespace t WHERE ${where}`,
  },
  // TOAST tables and their indexes are half of a large catalog, and closed to everyone: their names resolve to nothing.
  relations: {
    from: 'pg_catalog.pg_class t',
    where: `t.relnamespace <> 99 AND t.relnamespace NOT IN ${temporarySchemas}`,
    select: relationsSql,
  },
  types: named(
    'type',
    'typnamespace',
    where => `SELECT t.oid, t.xmin, n.nspname, t.typname, t.typtype, t.typrelid,
        CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE ${where}`,
  ),
  functions: named('proc', 'pronamespace', functionsSql),
  operators: named(
    'operator',
    'oprnamespace',
    where => `SELECT t.oid, t.xmin, n.nspname, t.oprname, pg_catalog.format_type(nullif(t.oprleft, 0), NULL),
        pg_catalog.format_type(t.oprright, NULL), t.oprcode::pg_catalog.oid
      FROM pg_catalog.pg_operator t JOIN pg_catalog.pg_namespace n ON n.oid = t.oprnamespace WHERE ${where}`,
  ),
  casts: {
    from: 'pg_catalog.pg_cast t',
    where: 'true',
    select: where => `SELECT t.oid, t.xmin, '', t.casttarget, t.castsource, t.castfunc, t.castcontext
      FROM pg_catalog.pg_cast t WHERE ${where}`,
  },
  rules: {
    from: 'pg_catalog.pg_rewrite t',
    where: 'true',
    select:
      where => `SELECT t.oid, t.xmin, '', t.ev_class, t.ev_type, t.rulename = '_RETURN' AND c.relkind IN ('v', 'm'),
        ${relationsInRule('t')}
      FROM pg_catalog.pg_rewrite t JOIN pg_catalog.pg_class c ON c.oid = t.ev_class WHERE ${where}`,
  },
} satisfies Record<string, Source>

export type SourceName = keyof typeof sources
export const sourceNames = Object.keys(sources) as SourceName[]

/** Catalogs whose change means that the relation they belong to is read again; they are not kept themselves. */
export const touches = {
  attributes: { relation: 'attrelid', from: 'pg_catalog.pg_attribute t', where: 't.attnum > 0' },
  sequences: { relation: 'seqrelid', from: 'pg_catalog.pg_sequence t', where: 'true' },
} as const

interface LinkGroup {
  /** One text that differs when the content does. */
  readonly hash: string
  readonly select: string
}

const hashOf = (high: string, low: string) =>
  `pg_catalog.concat(count(*), ' ', sum(pg_catalog.hashint8extended((${high}::pg_catalog.int8 << 32) | ${low}::pg_catalog.int8, 0)))`

export const linkGroups = {
  // A temporary child of another session is no part of what its parent yields here.
  inherits: {
    hash: `SELECT ${hashOf('inhrelid', 'inhparent')} FROM pg_catalog.pg_inherits`,
    select: `SELECT i.inhparent, i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
      WHERE c.relpersistence <> 't' ORDER BY i.inhrelid`,
  },
  // A foreign key that is enforced has triggers. pg_constraint itself is far larger since 18 (NOT NULL is in it).
  foreignKeys: {
    hash: `SELECT ${hashOf('tgconstraint', 'oid')} FROM pg_catalog.pg_trigger WHERE tgisinternal`,
    select: `SELECT DISTINCT c.confrelid, c.conrelid, c.confdeltype, c.confupdtype FROM pg_catalog.pg_constraint c WHERE c.contype = 'f'`,
  },
  members: {
    hash: `SELECT pg_catalog.concat(count(*), ' ', sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', classid, objid, refobjid), 0)))
      FROM pg_catalog.pg_depend WHERE refclassid = 3079 AND deptype = 'e'`,
    select: `SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
      WHERE d.refclassid = 3079 AND d.deptype = 'e' AND d.classid IN (1247, 1255, 2617)`,
  },
} satisfies Record<string, LinkGroup>

export type LinkGroupName = keyof typeof linkGroups
export const linkGroupNames = Object.keys(linkGroups) as LinkGroupName[]

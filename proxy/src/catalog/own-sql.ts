/**
 * What a session asks on its own connection, inside the agent's transaction: the relations, functions, operators, types,
 * casts and schemas that only it can see. search_path is the agent's there, so nothing may be looked up (definitions.ts). One statement, one snapshot.
 */
import { firstUserOid } from '../sql/catalog.ts'
import { eq, functionsSql, relationsInRule, relationsSql, typeText } from './definitions.ts'
import { literal } from './query.ts'

/** A name as a statement mentions it. Names are searched in every schema, so that what a path reaches is told as well. */
export interface SoughtName {
  readonly schema?: string
  readonly name: string
}

/**
 * One statement with rows of (sort, fields): the session's temporary schema; the relations, functions, operators and types
 * of those names in all schemas that this session sees (of operators and types, those that initdb did not make); of what
 * those relations link to, the session's own; its own casts and schemas. For `decodeOwnObjects`.
 * Takes a snapshot: in a transaction that has none, SET TRANSACTION is no longer possible after it.
 */
export function ownObjectsSql(names: readonly SoughtName[]): string {
  const sought = `ARRAY[${[...new Set(names.map(({ name }) => name))].map(literal).join(',')}]::pg_catalog.name[]`
  return `WITH RECURSIVE wanted(oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class c
    WHERE c.relname ${eq} ANY (${sought}) AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)
  UNION SELECT c.oid FROM wanted w, pg_catalog.pg_class c WHERE c.oid ${eq} ANY (${linked('w')}) AND ${isOwn('c')})
SELECT 'temporary', n.nspname::pg_catalog.text FROM pg_catalog.pg_namespace n WHERE n.oid ${eq} pg_catalog.pg_my_temp_schema()
UNION ALL SELECT 'relation', ${fieldsOf(`oid, xmin, schema, name, kind, persistence, owner, names, types, ${linkNames}`)}
  FROM (${relations}) r(oid, xmin, schema, name, kind, persistence, owner, names, types),
  LATERAL (SELECT ${links}) l(${linkNames})
UNION ALL SELECT 'function', ${fieldsOf('oid, xmin, schema, name, kind, args, defaults, isvariadic, extension')}
  FROM (${functionsSql(functionsNamed(sought))}) f(oid, xmin, schema, name, kind, args, defaults, isvariadic),
  LATERAL (SELECT ${extension}) e(extension)
UNION ALL SELECT 'operator', ${fieldsOf('o.oid, o.xmin, n.nspname, o.oprname, l.text, r.text, o.oprcode::pg_catalog.oid')}
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid ${eq} o.oprnamespace,
  LATERAL (SELECT ${typeText('o.oprleft')}) l(text), LATERAL (SELECT ${typeText('o.oprright')}) r(text)
  WHERE ${isSoughtOperator('o', sought)}
UNION ALL SELECT 'type', ${fieldsOf('y.oid, y.xmin, n.nspname, y.typname, y.typtype, y.typrelid, e.element')}
  FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid ${eq} y.typnamespace,
  LATERAL (SELECT CASE WHEN y.typtype ${eq} 'd'::pg_catalog."char" THEN y.typbasetype
    WHEN y.typcategory ${eq} 'A'::pg_catalog."char" THEN y.typelem ELSE 0::pg_catalog.oid END) e(element)
  WHERE y.typname ${eq} ANY (${withArrays(sought)}) AND ${isMade('y')} AND NOT pg_catalog.pg_is_other_temp_schema(y.typnamespace)
UNION ALL SELECT 'cast', ${fieldsOf('k.castsource, k.casttarget, k.castfunc, k.castcontext')}
  FROM pg_catalog.pg_cast k WHERE ${isYoung('k')}
UNION ALL SELECT 'schema', ${fieldsOf('s.oid, s.nspname')} FROM pg_catalog.pg_namespace s
  WHERE ${isYoung('s')} AND pg_catalog.has_schema_privilege(s.oid, 'USAGE'::pg_catalog.text)`
}

/** The text of search_path as it is now; needs no snapshot. */
export const searchPathSql = 'SHOW search_path'

/** The text that RESET search_path would bring back. */
export const resetSearchPathSql = `SELECT s.reset_val FROM pg_catalog.pg_settings s WHERE s.name ${eq} 'search_path'::pg_catalog.text`

const linkNames = 'children, parents, reads, readby, referencedby, rules'

/** Made by this session: temporary, or by a transaction that no other session can have seen the end of. */
function isOwn(relation: string): string {
  return `(${relation}.relnamespace ${eq} pg_catalog.pg_my_temp_schema() OR ${isYoung(relation)})`
}

function isYoung(row: string): string {
  const horizon = 'pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::pg_catalog.xid'
  return `pg_catalog.age(${row}.xmin) OPERATOR(pg_catalog.<=) pg_catalog.age(${horizon})`
}

/** By anyone but initdb: what is older never changes, and the shared catalog has it. */
function isMade(row: string): string {
  return `${row}.oid OPERATOR(pg_catalog.>=) ${firstUserOid}::pg_catalog.oid`
}

function isSoughtOperator(operator: string, sought: string): string {
  return `${operator}.oprname ${eq} ANY (${sought}) AND ${isMade(operator)}`
}

/** The names and those of the array types that PostgreSQL makes beside. */
function withArrays(sought: string): string {
  return `${sought} OPERATOR(pg_catalog.||) ARRAY(SELECT pg_catalog.concat('_', a.name)::pg_catalog.name FROM pg_catalog.unnest(${sought}) a(name))`
}

const relations = relationsSql('t.oid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT w.oid FROM wanted w))')

/** Of those names, and behind the operators of those names and the session's own casts. By oid: an index for each. */
function functionsNamed(sought: string): string {
  return `t.oid ${eq} ANY (ARRAY(SELECT p.oid FROM pg_catalog.pg_proc p
      WHERE p.proname ${eq} ANY (${sought}) AND NOT pg_catalog.pg_is_other_temp_schema(p.pronamespace)
    UNION SELECT o.oprcode::pg_catalog.oid FROM pg_catalog.pg_operator o WHERE ${isSoughtOperator('o', sought)}
    UNION SELECT k.castfunc FROM pg_catalog.pg_cast k WHERE ${isYoung('k')}))`
}

/** A row's fields as the text of one array. */
function fieldsOf(columns: string): string {
  return `ARRAY[${columns.split(', ').map(column => `${column}::pg_catalog.text`)}]::pg_catalog.text`
}

const childrenOf = (
  oid: string,
) => `SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid ${eq} i.inhrelid
    WHERE i.inhparent ${eq} ${oid} AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)`

// SELECT rules (ev_type 1) are those of views and materialised views.
const readsOf = (
  oid: string,
) => `SELECT u.relation FROM pg_catalog.pg_rewrite v, pg_catalog.unnest(${relationsInRule('v')}) u(relation)
    WHERE v.ev_class ${eq} ${oid} AND v.ev_type ${eq} '1'::pg_catalog."char" AND u.relation OPERATOR(pg_catalog.<>) ${oid}`

function linked(relation: string): string {
  return `ARRAY(${childrenOf(`${relation}.oid`)} UNION ALL ${readsOf(`${relation}.oid`)})`
}

const list = (select: string) => `pg_catalog.array_to_string(ARRAY(${select}), ',')`

const links = [
  list(childrenOf('r.oid')),
  list(`SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid ${eq} r.oid`),
  list(readsOf('r.oid')),
  list(`SELECT DISTINCT v.ev_class FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite v ON v.oid ${eq} d.objid
    JOIN pg_catalog.pg_class c ON c.oid ${eq} v.ev_class
    WHERE d.refclassid ${eq} 1259::pg_catalog.oid AND d.refobjid ${eq} r.oid AND d.classid ${eq} 2618::pg_catalog.oid
      AND v.ev_class OPERATOR(pg_catalog.<>) r.oid AND NOT pg_catalog.pg_is_other_temp_schema(c.relnamespace)`),
  list(`SELECT DISTINCT pg_catalog.concat(k.conrelid, k.confdeltype, k.confupdtype)
    FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_constraint k ON k.oid ${eq} g.tgconstraint
    WHERE g.tgrelid ${eq} r.oid AND k.contype ${eq} 'f'::pg_catalog."char" AND k.confrelid ${eq} r.oid`),
  list(`SELECT DISTINCT v.ev_type FROM pg_catalog.pg_rewrite v
    WHERE v.ev_class ${eq} r.oid AND v.ev_type OPERATOR(pg_catalog.<>) '1'::pg_catalog."char"`),
].join(', ')

const extension = `(SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid ${eq} d.refobjid
    WHERE d.classid ${eq} 1255::pg_catalog.oid AND d.objid ${eq} f.oid AND d.refclassid ${eq} 3079::pg_catalog.oid
      AND d.deptype ${eq} 'e'::pg_catalog."char" LIMIT 1)`

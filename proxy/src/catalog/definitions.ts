/**
 * SELECTs that also run on a session's own connection, where search_path is the agent's. So nothing in them is looked up:
 * each relation, function, type and operator is qualified, and forms that look an operator up by themselves (IN, LIKE,
 * BETWEEN, CASE x WHEN, NULLIF, DISTINCT FROM) do not occur. GROUP BY, ORDER BY and UNION take a type's default
 * operator class, which no path changes.
 */

export const eq = 'OPERATOR(pg_catalog.=)'

/** Schemas of temporary objects, of which the shared catalog keeps nothing. */
export const temporarySchemas = `(SELECT ts.oid FROM pg_catalog.pg_namespace ts WHERE ts.nspname OPERATOR(pg_catalog.~) '^pg_(toast_)?temp_[0-9]+$'::pg_catalog.text)`

const columnsOf = (value: string) => `(SELECT pg_catalog.array_agg(${value} ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid ${eq} t.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped)`

const hasKind = (kinds: string) =>
  `(t.relkind ${eq} ANY (ARRAY[${[...kinds].map(kind => `'${kind}'`).join(',')}]::pg_catalog."char"[]))`

/** oid, xmin, schema, name; kind, persistence, owner, column names, column types. Indexes and TOAST have no columns here. */
export const relationsSql = (where: string) => `
SELECT t.oid, t.xmin, n.nspname, t.relname, t.relkind, t.relpersistence,
  CASE WHEN ${hasKind('iI')} THEN (SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid ${eq} t.oid)
    WHEN ${hasKind('S')} THEN (SELECT d.refobjid FROM pg_catalog.pg_depend d
      WHERE d.classid ${eq} 1259::pg_catalog.oid AND d.objid ${eq} t.oid AND d.objsubid ${eq} 0
        AND d.refclassid ${eq} 1259::pg_catalog.oid AND d.refobjsubid OPERATOR(pg_catalog.>) 0
        AND d.deptype ${eq} ANY (ARRAY['a','i']::pg_catalog."char"[]) LIMIT 1) END,
  CASE WHEN NOT ${hasKind('iIt')} THEN ${columnsOf('a.attname')} END,
  CASE WHEN NOT ${hasKind('iIt')} THEN ${columnsOf('a.atttypid')} END
FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid ${eq} t.relnamespace
WHERE ${where}`

// One text a type: whether it is an array, how long its schema's name is, schema, name. Looked up one by one, or a planner
// without statistics reads all of pg_type for each function.
export const typeText = (
  type: string,
) => `(SELECT pg_catalog.concat(CASE WHEN e.oid IS NULL THEN 'f' ELSE 't' END, pg_catalog.length(n.nspname::pg_catalog.text),
      '.', n.nspname, COALESCE(e.typname, a.typname))
    FROM pg_catalog.pg_type a JOIN pg_catalog.pg_namespace n ON n.oid ${eq} a.typnamespace
    LEFT JOIN pg_catalog.pg_type e ON e.oid ${eq} a.typelem AND e.typarray ${eq} a.oid
    WHERE a.oid ${eq} ${type})`

/**
 * oid, xmin, schema, name; kind, arguments, defaults, whether variadic. (format_type would print what search_path and
 * quote_all_identifiers of the session make of a name.)
 */
export const functionsSql = (where: string) => `
SELECT t.oid, t.xmin, n.nspname, t.proname, t.prokind, (SELECT pg_catalog.array_agg(${typeText('u.type')} ORDER BY u.place)
    FROM pg_catalog.unnest(t.proargtypes::pg_catalog.oid[]) WITH ORDINALITY u(type, place)),
  t.pronargdefaults, CASE WHEN t.provariadic OPERATOR(pg_catalog.<>) 0::pg_catalog.oid THEN 't' ELSE 'f' END
FROM pg_catalog.pg_proc t JOIN pg_catalog.pg_namespace n ON n.oid ${eq} t.pronamespace
WHERE ${where}`

/**
 * Relations that a rule's tree names. pg_depend would miss pinned ones: a view over pg_authid depends on nothing there.
 * In a tree's text a blank inside a name or a string is escaped, so `:relid 1260` is never an alias. 0: a subquery's.
 */
export const relationsInRule = (rule: string) => `ARRAY(SELECT DISTINCT m[1]::pg_catalog.oid
  FROM pg_catalog.regexp_matches(pg_catalog.concat(${rule}.ev_qual, ' '::pg_catalog.text, ${rule}.ev_action), ':relid ([1-9][0-9]*)'::pg_catalog.text, 'g'::pg_catalog.text) m)`

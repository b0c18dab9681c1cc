/**
 * What a real server makes of a statement: the relations that it locks and the functions that its analysed tree calls.
 * Everything runs inside a transaction that is rolled back.
 */
import type pg from 'pg'
import type { Catalog, RelationEntry } from '../catalog.ts'
import type { NameContext, OwnObjects } from '../resolved.ts'
import { searchPath } from '../search-path.ts'

export interface Observed {
  /** Oids of the relations that are locked afterwards, indexes and catalogs left out. */
  readonly relations: ReadonlySet<number>
  /** Oids of the functions that the analysed tree calls, implicit casts left out. */
  readonly functions: ReadonlySet<number>
  /** `SQLSTATE message @position` where it failed. */
  readonly error?: string
}

/** Runs `text` in a transaction with the given preparation, and rolls back. */
export async function observe(client: pg.Client, prepare: string, text: string): Promise<Observed> {
  const trees: string[] = []
  const listen = (notice: { readonly detail?: string | undefined }): void => void trees.push(notice.detail ?? '')
  await client.query(`BEGIN; ${prepare}`)
  const before = await lockedRelations(client)
  await client.query('SET client_min_messages = log; SET debug_print_parse = on')
  client.on('notice', listen)
  try {
    await client.query(text)
    client.off('notice', listen)
    const relations = (await lockedRelations(client)).difference(before)
    return { relations, functions: functionsIn(trees) }
  } catch (error) {
    return { relations: new Set(), functions: new Set(), error: told(error) }
  } finally {
    client.off('notice', listen)
    await client.query('ROLLBACK; DEALLOCATE ALL')
  }
}

function told(error: unknown): string {
  const { code, message, detail, hint, position } = error as {
    readonly code?: string
    readonly message?: string
    readonly detail?: string
    readonly hint?: string
    readonly position?: string
  }
  const more = [detail, hint].filter(text => text !== undefined)
  return `${[`${code} ${message}`, ...more].join(' / ')}${position === undefined ? '' : ` @${position}`}`
}

async function lockedRelations(client: pg.Client): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ oid: string }>(`
    SELECT l.relation AS oid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind NOT IN ('i', 'I', 't')
      AND c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace`)
  return new Set(rows.map(row => Number(row.oid)))
}

/** The first tree is the statement's; others are bodies of functions and the like. FuncExpr with funcformat 2 is an implicit cast. */
function functionsIn([first = '']: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const tree of [first]) {
    for (const [, oid, format] of tree.matchAll(/:funcid (\d+)[^}]*?:funcformat (\d)/g))
      if (format !== '2') found.add(Number(oid))
    for (const [, oid] of tree.matchAll(/:(?:opfuncid|aggfnoid|winfnoid) (\d+)/g)) found.add(Number(oid))
  }
  found.delete(0)
  return found
}

/** The session's search_path and its own objects, asked on its own connection as the gateway does. */
export async function sessionContext(client: pg.Client, catalog: Catalog, role: string): Promise<NameContext> {
  const { rows } = await client.query<{ setting: string; temp: string | null }>(`
    SELECT pg_catalog.current_setting('search_path') AS setting,
      (SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = pg_catalog.pg_my_temp_schema()) AS temp`)
  const { setting = '', temp } = rows[0] ?? {}
  const own = temp === null || temp === undefined ? undefined : await ownObjects(client, temp)
  return {
    role,
    setting,
    ...searchPath(setting, role, catalog, temp ?? undefined),
    ...(own === undefined ? {} : { own }),
  }
}

async function ownObjects(client: pg.Client, tempSchema: string): Promise<OwnObjects> {
  const { rows } = await client.query<{ oid: string; name: string; kind: string; columns: string[]; reads: string[] }>({
    text: `
    SELECT c.oid, c.relname AS name, c.relkind AS kind,
      to_json(ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)) AS columns,
      to_json(ARRAY(SELECT DISTINCT d.refobjid::pg_catalog.text FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d ON d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        WHERE r.ev_class = c.oid AND d.refobjid <> c.oid)) AS reads
    FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema()`,
    types: {
      getTypeParser: oid => (oid === 114 ? (text: unknown) => JSON.parse(String(text)) : (text: unknown) => text),
    },
  })
  const entries = rows.map(({ oid, name, kind, columns, reads }): RelationEntry => {
    const none = { children: [], parents: [], readBy: [], referencedBy: [], rules: [] }
    return {
      oid: Number(oid),
      schema: tempSchema,
      name,
      sort: kind === 'v' ? 'View' : kind === 'S' ? 'Sequence' : kind === 'i' ? 'Index' : 'Table',
      persistence: 'Temporary',
      columns: columns.map(column => ({ name: column, type: 25 })),
      reads: reads.map(Number),
      isSystem: false,
      ...none,
    }
  })
  return {
    tempSchema,
    relation: (schema, name) => (schema === tempSchema ? entries.find(entry => entry.name === name) : undefined),
    relationByOid: oid => entries.find(entry => entry.oid === oid),
    functions: () => undefined,
  }
}

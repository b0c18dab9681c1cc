/** What a session's answer to `ownObjectsSql` says, laid over the shared catalog for the names that were asked. */
import type { FunctionEntry, RelationEntry } from '../sql/catalog.ts'
import type { OwnObjects } from '../sql/resolved.ts'
import { functionEntry, relationEntry } from './decode.ts'
import type { SoughtName } from './own-sql.ts'
import { arrayElements, pack } from './pack.ts'
import type { Row } from './query.ts'
import { Item } from './shelf.ts'

/** `sought`: the names that `ownObjectsSql` was given. Of those, what no row tells of does not exist for this session. */
export function decodeOwnObjects(rows: readonly Row[], sought: readonly SoughtName[]): OwnObjects {
  const names = new Set(sought.map(({ name }) => name))
  const fields = (sort: string) => rows.filter(row => row[0] === sort).map(row => arrayElements(row[1] ?? null))
  const relations = fields('relation').map(ownRelation)
  const functions = fields('function').map(ownFunction)
  const tempSchema = rows.find(row => row[0] === 'temporary')?.[1]
  return {
    ...(tempSchema == null ? {} : { tempSchema }),
    relation: (schema, name) =>
      relations.find(entry => entry.schema === schema && entry.name === name) ??
      (names.has(name) ? 'Dropped' : undefined),
    relationByOid: oid => relations.find(entry => entry.oid === oid),
    functions: (schema, name) =>
      names.has(name) ? functions.filter(entry => entry.schema === schema && entry.name === name) : undefined,
  }
}

function ownRelation(fields: readonly string[]): RelationEntry {
  const [children = '', parents = '', reads = '', readBy = '', referencedBy = '', rules = ''] = fields.slice(9)
  return relationEntry(itemOf(fields.slice(0, 9)), { children, parents, reads, readBy, referencedBy, rules })
}

function ownFunction(fields: readonly string[]): FunctionEntry {
  return functionEntry(itemOf(fields.slice(0, 8)), fields[8] === '' ? undefined : fields[8])
}

// An array's text has NULL for NULL, which arrayElements gives as ''. No field here is '' otherwise.
function itemOf([oid, xmin, schema = '', name = '', ...rest]: readonly string[]): Item {
  return new Item(Number(oid), schema, name, pack(rest.map(field => (field === '' ? null : field))), Number(xmin))
}

/** What a session's answer to `ownObjectsSql` says, laid over the shared catalog for the names that were asked. */
import type { CastEntry, FunctionEntry, OperatorEntry, RelationEntry, SchemaEntry, TypeEntry } from '../sql/catalog.ts'
import type { OwnObjects } from '../sql/resolved.ts'
import { argumentName, castEntry, functionEntry, operatorEntry, relationEntry, typeEntry } from './decode.ts'
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
  const operators = fields('operator').map(ownOperator)
  const types = fields('type').map(ownType)
  const casts = fields('cast').map(ownCast)
  const schemas = fields('schema').map(ownSchema)
  const tempSchema = rows.find(row => row[0] === 'temporary')?.[1]
  return {
    ...(tempSchema == null ? {} : { tempSchema }),
    relation: (schema, name) =>
      relations.find(entry => entry.schema === schema && entry.name === name) ??
      (names.has(name) ? 'Dropped' : undefined),
    relationByOid: oid => relations.find(entry => entry.oid === oid),
    functions: (schema, name) => (names.has(name) ? called(functions, schema, name) : undefined),
    functionByOid: oid => functions.find(entry => entry.oid === oid),
    operators: (schema, name) => (names.has(name) ? called(operators, schema, name) : undefined),
    type: (schema, name) =>
      called(types, schema, name)[0] ?? (names.has(name) || names.has(name.slice(1)) ? 'Dropped' : undefined),
    typeByOid: oid => types.find(entry => entry.oid === oid),
    castsTo: oid => casts.filter(({ target }) => target === oid),
    schema: name => schemas.find(entry => entry.name === name),
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

function called<Entry extends { readonly schema: string; readonly name: string }>(
  entries: readonly Entry[],
  schema: string,
  name: string,
): readonly Entry[] {
  return entries.filter(entry => entry.schema === schema && entry.name === name)
}

function ownOperator([
  oid = '',
  xmin = '',
  schema = '',
  name = '',
  left = '',
  right = '',
  code = '',
]: readonly string[]): OperatorEntry {
  const operands = [left === '' ? '' : argumentName(left, false), argumentName(right, false)]
  return operatorEntry(itemOf([oid, xmin, schema, name, ...operands, code]), undefined)
}

function ownType(fields: readonly string[]): TypeEntry {
  return typeEntry(itemOf(fields), undefined)
}

function ownCast([source = '', target = '', code = '', context = '']: readonly string[]): CastEntry {
  return castEntry(itemOf(['0', '0', '', target, source, code, context]))
}

/** Only those are told of that the session may use. */
function ownSchema([oid, name = '']: readonly string[]): SchemaEntry {
  return { oid: Number(oid), name, usableBy: () => true }
}

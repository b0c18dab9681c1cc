/** What PostgreSQL itself says of a name that means nothing: its words, its SQLSTATE, its position or the lack of one. */
import type { SqlRefusal } from './resolved.ts'
import type { Name, RelationAccess, StatementFacts } from './statement.ts'

export function undefinedRelation(access: RelationAccess, facts: StatementFacts, schemaExists: boolean): SqlRefusal {
  const dropped = droppedAs[access.kind]
  const schema = access.name.at(-2)
  const parsed = isParsed(access, facts)
  if (schema !== undefined && !schemaExists && !parsed) return undefinedSchema(schema)
  if (dropped !== undefined)
    return { sqlState: dropped.sqlState, message: `${dropped.word} "${access.name.at(-1)}" does not exist` }
  return {
    sqlState: '42P01',
    message: `relation "${access.name.slice(-2).join('.')}" does not exist`,
    ...(access.laterItem === true ? laterItem(access.name) : {}),
    ...(parsed ? { location: access.span.start } : {}),
  }
}

function laterItem(name: Name): Pick<SqlRefusal, 'detail' | 'hint'> {
  return {
    detail: `There is a WITH item named "${name.at(-1)}", but it cannot be referenced from this part of the query.`,
    hint: 'Use WITH RECURSIVE, or re-order the WITH items to remove forward references.',
  }
}

export function undefinedSchema(schema: string, location?: number): SqlRefusal {
  return {
    sqlState: '3F000',
    message: `schema "${schema}" does not exist`,
    ...(location === undefined ? {} : { location }),
  }
}

export function noCreationSchema(location?: number): SqlRefusal {
  return {
    sqlState: '3F000',
    message: 'no schema has been selected to create in',
    ...(location === undefined ? {} : { location }),
  }
}

export function otherDatabase(access: RelationAccess, facts: StatementFacts): SqlRefusal {
  return {
    sqlState: '0A000',
    message: `cross-database references are not implemented: "${access.name.join('.')}"`,
    ...(isParsed(access, facts) ? { location: access.span.start } : {}),
  }
}

export function tooManyParts(name: Name, location: number): SqlRefusal {
  return { sqlState: '42601', message: `improper qualified name (too many dotted names): ${name.join('.')}`, location }
}

export function undefinedType(name: Name, location: number, isArray: boolean): SqlRefusal {
  return { sqlState: '42704', message: `type "${name.join('.')}${isArray ? '[]' : ''}" does not exist`, location }
}

/**
 * PostgreSQL names the argument types, which are not known here; without arguments the words are its own. Functions that
 * definitions name (a trigger's) have no place in the text, and then it has no hint either.
 */
export function undefinedFunction(name: Name, arity: number, location: number): SqlRefusal {
  return {
    sqlState: '42883',
    message: `function ${name.join('.')}(${Array(arity).fill('unknown').join(', ')}) does not exist`,
    ...(location === 0
      ? {}
      : {
          hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
          location,
        }),
  }
}

export function undefinedOperator(name: Name, location: number): SqlRefusal {
  return {
    sqlState: '42883',
    message: `operator does not exist: ${name.join('.')}`,
    hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
    location,
  }
}

export function tooComplex(): SqlRefusal {
  return {
    sqlState: '54001',
    message: 'statement is too complex',
    hint: 'Nest less deeply, or split the statement.',
    code: 'StatementTooComplex',
  }
}

/** The catalog names an object that it does not have: it is being refreshed. Trying again helps. */
export function staleCatalog(what: string): SqlRefusal {
  return {
    sqlState: '42P01',
    message: `what lies behind ${what} is not known yet`,
    hint: 'The catalog is being read again; try once more.',
    code: 'RelationUnknown',
  }
}

/** Reads and writes of optimizable statements are looked up by the parser, which knows positions; commands by the executor. */
function isParsed(access: RelationAccess, facts: StatementFacts): boolean {
  if (facts.copy !== undefined && facts.carries === undefined) return false
  return parsedKinds.has(access.kind) && !commands.has(facts.kind)
}

const parsedKinds: ReadonlySet<string> = new Set(['Select', 'Insert', 'Update', 'Delete'])
const commands: ReadonlySet<string> = new Set([
  'Vacuum',
  'Analyze',
  'Cluster',
  'Reindex',
  'Comment',
  'Grant',
  'Revoke',
  'Truncate',
  'Lock',
])

const droppedAs: Readonly<Record<string, { readonly word: string; readonly sqlState: string }>> = {
  DropTable: { word: 'table', sqlState: '42P01' },
  DropView: { word: 'view', sqlState: '42P01' },
  DropMaterializedView: { word: 'materialized view', sqlState: '42P01' },
  DropSequence: { word: 'sequence', sqlState: '42P01' },
  DropIndex: { word: 'index', sqlState: '42704' },
  DropForeignTable: { word: 'foreign table', sqlState: '42704' },
  DropType: { word: 'type', sqlState: '42704' },
}

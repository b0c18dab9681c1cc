/** DROP, ALTER … RENAME / SET SCHEMA / OWNER TO, COMMENT, GRANT, and the definitions that are mere names. */
import type {
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  DropStmt,
  GrantStmt,
  Node,
  ObjectType,
  RangeVar,
  RenameStmt,
} from '@pgsql/types'
import type { Kind } from './kinds.ts'
import { mentionAfterWords, mentionRelation, mentionType } from './mentions.ts'
import { type ObjectEntry, objectTypes, wordsOf } from './object-types.ts'
import { namedObject } from './objects.ts'
import type { ObjectAccess, RelationAccess } from './statement.ts'
import { alterKind, dropKind } from './statement-kinds.ts'
import { type At, namesOf, nodeAs, rest, typeNameOf, type Visitors, visit, type Walk } from './walk.ts'

export const objects = {
  DropStmt: drop,
  CommentStmt: (walk, node, at) => described(walk, node.objtype, node.object, 'Comment', at),
  SecLabelStmt: (walk, node, at) => {
    const words = node.provider === undefined ? 3 : 5 // SECURITY LABEL [FOR provider] ON
    named(walk, node.objtype, node.object, 'Alter', 'SecurityLabel', words, at)
  },
  RenameStmt: rename,
  AlterObjectSchemaStmt: moveSchema,
  AlterOwnerStmt: changeOwner,
  AlterObjectDependsStmt: (walk, node, at) => {
    walk.found.object('extension', [node.extname?.sval ?? ''], 'Use')
    if (node.relation !== undefined) mentionRelation(walk, node.relation, alterKind(node.objectType), at)
    else if (node.object !== undefined) objectOnly(walk, node.objectType, node.object, 'Alter', at)
  },
  AlterExtensionContentsStmt: (walk, node, at) => {
    walk.found.object('extension', [node.extname ?? ''], 'Alter')
    named(walk, node.objtype, node.object, 'Alter', 'AlterExtension', 4, at) // ALTER EXTENSION name ADD
  },
  ObjectWithArgs: (walk, node, at) => rest(walk, 'ObjectWithArgs', node, at, ['objname', 'objfuncargs']),
  FunctionParameter: (walk, node, at) => {
    mentionType(walk, node.argType, at)
    visit(walk, node.defexpr, at)
  },
  GrantStmt: grant,
  AccessPriv: () => undefined,
  RoleSpec: () => undefined,
  GrantRoleStmt: (walk, node) => {
    for (const role of node.granted_roles ?? [])
      walk.found.object('role', [nodeAs(role, 'AccessPriv')?.priv_name ?? ''], 'Grant')
    roles(walk, node.grantee_roles, 'Grant')
  },
  AlterDefaultPrivilegesStmt: (walk, node) => {
    for (const option of node.options ?? []) {
      const { defname, arg } = nodeAs(option, 'DefElem') ?? {}
      const items = nodeAs(arg, 'List')?.items
      if (defname === 'schemas') for (const schema of namesOf(items)) walk.found.object('schema', [schema], 'Grant')
      else roles(walk, items, 'Alter')
    }
    roles(walk, node.action?.grantees, 'Grant')
  },
  CreateRoleStmt: ({ found }, node) => found.object('role', [node.role ?? ''], 'Create'),
  AlterRoleStmt: (walk, node) => roles(walk, node.role === undefined ? [] : [{ RoleSpec: node.role }], 'Alter'),
  DropRoleStmt: (walk, node) => roles(walk, node.roles, 'Drop'),
  ReassignOwnedStmt: (walk, node) =>
    roles(walk, [...(node.roles ?? []), ...(node.newrole === undefined ? [] : [{ RoleSpec: node.newrole }])], 'Alter'),
  DropOwnedStmt: (walk, node) => roles(walk, node.roles, 'Drop'),
  AlterRoleSetStmt: (walk, node, at) => {
    if (node.role !== undefined) roles(walk, [{ RoleSpec: node.role }], 'Alter')
    if (node.database !== undefined) walk.found.object('database', [node.database], 'Alter')
    if (node.setstmt !== undefined) visit(walk, { VariableSetStmt: node.setstmt }, at)
  },
  AlterDatabaseSetStmt: (walk, node, at) => {
    walk.found.object('database', [node.dbname ?? ''], 'Alter')
    if (node.setstmt !== undefined) visit(walk, { VariableSetStmt: node.setstmt }, at)
  },
  AlterSystemStmt: (walk, node, at) => {
    walk.found.facts.cannotRollBack = true
    if (node.setstmt !== undefined) visit(walk, { VariableSetStmt: node.setstmt }, at)
  },
} as const satisfies Visitors

/** DROP names several objects in a row; each begins after the comma behind the one before. */
function drop(walk: Walk, node: DropStmt, at: At): void {
  const type = node.removeType ?? 'OBJECT_TABLE'
  const entry = objectTypes[type]
  if (node.concurrent === true) walk.found.facts.cannotRollBack = true
  if (node.behavior === 'DROP_CASCADE') walk.found.facts.cascades = true
  const access = {
    kind: dropKind(type),
    part: at.part,
    cascade: node.behavior === 'DROP_CASCADE',
    presence: node.missing_ok === true ? 'Maybe' : 'Exists',
  } as const
  const words = 1 + (node.concurrent === true ? 1 : 0) + (node.missing_ok === true ? 2 : 0)
  if (entry.relation === undefined) {
    for (const object of node.objects ?? []) namedObject(walk, type, object, 'Drop', access, { words }, at)
    return
  }
  dropRelations(walk, node.objects, entry, words + wordsOf(entry), access)
}

function dropRelations(
  walk: Walk,
  nodes: readonly Node[] | undefined,
  entry: ObjectEntry,
  words: number,
  access: Pick<RelationAccess, 'kind' | 'part' | 'cascade' | 'presence'>,
): void {
  let start: number | undefined
  for (const node of nodes ?? []) {
    const name = namesOf([node])
    const index = mentionAfterWords(
      walk,
      name,
      start === undefined ? words : 0,
      { ...access, sort: entry.relation ?? 'Relation' },
      start,
    )
    const { end } = walk.found.facts.relations[index]?.span ?? walk.found.here()
    start = walk.found.source.skipSpace(end) + 1 // the comma
  }
}

/** COMMENT ON. */
function described(walk: Walk, type: ObjectType | undefined, node: Node | undefined, kind: Kind, at: At): void {
  named(walk, type, node, 'Comment', kind, 2, at)
}

function named(
  walk: Walk,
  type: ObjectType | undefined,
  node: Node | undefined,
  act: ObjectAccess['act'],
  kind: Kind,
  words: number,
  at: At,
): void {
  namedObject(walk, type ?? 'OBJECT_ACCESS_METHOD', node, act, { kind, part: at.part }, { words }, at)
}

function rename(walk: Walk, node: RenameStmt, at: At): void {
  const kind = alterKind(node.renameType, node.relationType)
  const entry = objectTypes[node.renameType ?? 'OBJECT_TABLE']
  if (node.relation !== undefined) {
    const altered = alteredRelation(walk, node.relation, kind, entry, node.missing_ok, at)
    if (entry.relation !== undefined) newName(walk, node.newname ?? '', altered, at)
  } else if (node.object !== undefined) objectOnly(walk, node.renameType, node.object, 'Alter', at)
  else walk.found.object(entry.word, [node.subname ?? ''], 'Alter')
  // What is in a schema has its new name from then on.
  if (node.renameType === 'OBJECT_SCHEMA') walk.found.object(entry.word, [node.newname ?? ''], 'Alter')
}

/** `RENAME TO name`: a relation of that name comes to be, beside where the old one was. */
function newName(walk: Walk, name: string, altered: number, at: At): void {
  const { source, facts } = walk.found
  const old = facts.relations[altered]
  if (old === undefined) return
  const from = source.skipWords(old.span.end, 2)
  const span = (from < 0 ? undefined : source.nameAt(from, [name])) ?? walk.found.here()
  const { kind, sort } = old
  walk.found.relation({ name: [name], span, kind, sort, part: at.part, presence: 'Made' })
}

function moveSchema(walk: Walk, node: AlterObjectSchemaStmt, at: At): void {
  const entry = objectTypes[node.objectType ?? 'OBJECT_TABLE']
  walk.found.object('schema', [node.newschema ?? ''], 'Use')
  if (node.relation !== undefined)
    alteredRelation(walk, node.relation, alterKind(node.objectType), entry, node.missing_ok, at)
  else if (node.object !== undefined) objectOnly(walk, node.objectType, node.object, 'Alter', at)
}

function changeOwner(walk: Walk, node: AlterOwnerStmt, at: At): void {
  if (node.newowner !== undefined) roles(walk, [{ RoleSpec: node.newowner }], 'Use')
  walk.found.part({ kind: 'AlterOwner', hasWhere: false, hasLimit: false })
  if (node.relation !== undefined) mentionRelation(walk, node.relation, 'AlterOwner', at)
  else if (node.object !== undefined) objectOnly(walk, node.objectType, node.object, 'Alter', at)
}

function alteredRelation(
  walk: Walk,
  range: RangeVar,
  kind: Kind,
  entry: ObjectEntry,
  missing: boolean | undefined,
  at: At,
): number {
  const presence = missing === true ? 'Maybe' : 'Exists'
  return mentionRelation(walk, range, kind, at, { presence, sort: entry.relation ?? 'Relation' })
}

/** What is no relation, and needs no bytes. */
function objectOnly(walk: Walk, type: ObjectType | undefined, node: Node, act: ObjectAccess['act'], at: At): void {
  namedObject(
    walk,
    type ?? 'OBJECT_ACCESS_METHOD',
    node,
    act,
    { kind: alterKind(type), part: at.part },
    { words: 1 },
    at,
  )
}

/** Privileges on tables and sequences are accesses of kind Grant or Revoke; on the rest, objects. */
function grant(walk: Walk, node: GrantStmt, at: At): void {
  roles(walk, node.grantees, 'Grant')
  const kind = node.is_grant === true ? 'Grant' : 'Revoke'
  const columns = (node.privileges ?? []).flatMap(privilege => namesOf(nodeAs(privilege, 'AccessPriv')?.cols))
  const word =
    node.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'schema' : objectTypes[node.objtype ?? 'OBJECT_TABLE'].word
  for (const object of node.objects ?? []) {
    const range = nodeAs(object, 'RangeVar')
    if (range !== undefined)
      mentionRelation(walk, range, kind, at, columns.length > 0 ? { listedColumns: columns } : {})
    else grantedObject(walk, word, object, at)
  }
}

function grantedObject(walk: Walk, word: string, object: Node, at: At): void {
  const withArgs = nodeAs(object, 'ObjectWithArgs')
  walk.found.object(word, withArgs === undefined ? namesOf([object]) : namesOf(withArgs.objname), 'Grant')
  if (withArgs !== undefined) rest(walk, 'ObjectWithArgs', withArgs, at, ['objname', 'objfuncargs'])
  mentionType(walk, typeNameOf(object), at)
}

export function roles(walk: Walk, nodes: readonly Node[] | undefined, act: ObjectAccess['act']): void {
  for (const node of nodes ?? []) {
    const { roletype, rolename } = nodeAs(node, 'RoleSpec') ?? {}
    const name = rolename ?? (roletype ?? '').replace('ROLESPEC_', '').toLowerCase()
    walk.found.object('role', [name], act)
  }
}

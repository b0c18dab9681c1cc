/** Definitions that bring in code or trust (`Code`), and the remaining ones that are mere names. */
import type { CreateFunctionStmt, CreateOpClassItem, DefElem, DefineStmt, Node, ObjectWithArgs } from '@pgsql/types'
import { roles } from './ddl-objects.ts'
import { mentionFunction, mentionType } from './mentions.ts'
import { objectTypes } from './object-types.ts'
import { type At, namesOf, nodeAs, rest, typeNameOf, type Visitors, visit, visitAll, type Walk } from './walk.ts'

export const code = {
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: (walk, node, at) => {
    object(walk, node.func, objectTypes[node.objtype ?? 'OBJECT_FUNCTION'].word, 'Alter', at)
    visitAll(walk, node.actions, at)
  },
  ReturnStmt: (walk, node, at) => visit(walk, node.returnval, at),
  DefineStmt: define,
  CreateOpClassStmt: (walk, node, at) => {
    walk.found.object('operator class', namesOf(node.opclassname), 'Create')
    mentionType(walk, node.datatype, at)
    visitAll(walk, node.items, at)
  },
  CreateOpClassItem: operatorClassItem,
  CreateOpFamilyStmt: ({ found }, node) => found.object('operator family', namesOf(node.opfamilyname), 'Create'),
  AlterOpFamilyStmt: (walk, node, at) => {
    walk.found.object('operator family', namesOf(node.opfamilyname), 'Alter')
    visitAll(walk, node.items, at)
  },
  AlterOperatorStmt: (walk, node, at) => {
    object(walk, node.opername, 'operator', 'Alter', at)
    definition(walk, node.options, at)
  },
  AlterTypeStmt: (walk, node, at) => {
    walk.found.object('type', namesOf(node.typeName), 'Alter')
    definition(walk, node.options, at)
  },
  CreateCastStmt: (walk, node, at) => {
    mentionType(walk, node.sourcetype, at)
    mentionType(walk, node.targettype, at)
    called(walk, node.func, at)
  },
  CreateTransformStmt: (walk, node, at) => {
    walk.found.object('language', [node.lang ?? ''], 'Use')
    mentionType(walk, node.type_name, at)
    called(walk, node.fromsql, at)
    called(walk, node.tosql, at)
  },
  CreateConversionStmt: (walk, node, at) => {
    walk.found.object('conversion', namesOf(node.conversion_name), 'Create')
    mentionFunction(walk, namesOf(node.func_name), 6, true, undefined, at)
  },
  CreatePLangStmt: (walk, node, at) => {
    walk.found.object('language', [node.plname ?? ''], 'Create')
    for (const name of [node.plhandler, node.plinline, node.plvalidator])
      if (name !== undefined) mentionFunction(walk, namesOf(name), 0, true, undefined, at)
  },
  CreateAmStmt: (walk, node, at) => {
    walk.found.object('access method', [node.amname ?? ''], 'Create')
    mentionFunction(walk, namesOf(node.handler_name), 1, false, undefined, at)
  },
  CreateExtensionStmt: ({ found }, node) => found.object('extension', [node.extname ?? ''], 'Create'),
  AlterExtensionStmt: ({ found }, node) => found.object('extension', [node.extname ?? ''], 'Alter'),
  CreateFdwStmt: (walk, node, at) => {
    walk.found.object('foreign data wrapper', [node.fdwname ?? ''], 'Create')
    wrapperFunctions(walk, node.func_options, at)
  },
  AlterFdwStmt: (walk, node, at) => {
    walk.found.object('foreign data wrapper', [node.fdwname ?? ''], 'Alter')
    wrapperFunctions(walk, node.func_options, at)
  },
  CreateForeignServerStmt: ({ found }, node) => {
    found.object('server', [node.servername ?? ''], 'Create')
    found.object('foreign data wrapper', [node.fdwname ?? ''], 'Use')
  },
  AlterForeignServerStmt: ({ found }, node) => found.object('server', [node.servername ?? ''], 'Alter'),
  CreateUserMappingStmt: (walk, node) => mapping(walk, node, 'Create'),
  AlterUserMappingStmt: (walk, node) => mapping(walk, node, 'Alter'),
  DropUserMappingStmt: (walk, node) => mapping(walk, node, 'Drop'),
  ImportForeignSchemaStmt: ({ found }, node) => {
    found.object('server', [node.server_name ?? ''], 'Use')
    found.object('schema', [node.local_schema ?? ''], 'Use')
  },
  CreateSubscriptionStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('subscription', [node.subname ?? ''], 'Create')
  },
  AlterSubscriptionStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('subscription', [node.subname ?? ''], 'Alter')
  },
  DropSubscriptionStmt: ({ found }, node) => {
    found.facts.cannotRollBack = true
    found.object('subscription', [node.subname ?? ''], 'Drop')
  },
} as const satisfies Visitors

/** A body in SQL is parsed here and now, and its names are bound: it is judged as if it ran. */
function createFunction(walk: Walk, node: CreateFunctionStmt, at: At): void {
  walk.found.object(node.is_procedure === true ? 'procedure' : 'function', namesOf(node.funcname), 'Create')
  const parameters = (node.parameters ?? []).flatMap(parameter => nodeAs(parameter, 'FunctionParameter')?.name ?? [])
  mentionType(walk, node.returnType, at)
  visitAll(walk, node.parameters, at)
  visitAll(walk, node.options, at)
  const scope = walk.found.scope([{ alias: namesOf(node.funcname).at(-1) ?? '', columns: parameters }], at.scope)
  visit(walk, node.sql_body, { ...at, scope })
}

function operatorClassItem(walk: Walk, node: CreateOpClassItem, at: At): void {
  mentionType(walk, node.storedtype, at)
  for (const type of node.class_args ?? []) mentionType(walk, typeNameOf(type), at)
  if (node.itemtype === functionItem) called(walk, node.name, at)
  else object(walk, node.name, 'operator', 'Use', at)
}

/** OPCLASS_ITEM_FUNCTION of the server's header. */
const functionItem = 2

/** CREATE AGGREGATE, OPERATOR, TYPE, TEXT SEARCH …, COLLATION. */
function define(walk: Walk, node: DefineStmt, at: At): void {
  walk.found.object(objectTypes[node.kind ?? 'OBJECT_TYPE'].word, namesOf(node.defnames), 'Create')
  visitAll(walk, node.args, at)
  definition(walk, node.definition, at)
}

/** `name = value`: which values are functions and which are types follows from the name. */
function definition(walk: Walk, nodes: readonly Node[] | undefined, at: At): void {
  for (const node of nodes ?? []) {
    const element = nodeAs(node, 'DefElem')
    if (element === undefined) continue
    if (functionOptions.has(element.defname ?? '')) defined(walk, element, at)
    else if (typeOptions.has(element.defname ?? '')) mentionType(walk, typeNameOf(element.arg), at)
  }
}

function defined(walk: Walk, { arg, location }: DefElem, at: At): void {
  const name = namesOf(arg === undefined ? [] : [arg])
  if (name.length > 0 && name[0] !== 'none')
    mentionFunction(walk, name, 0, true, typeNameOf(arg)?.location ?? location, at)
}

const functionOptions = new Set([
  'sfunc',
  'sfunc1',
  'finalfunc',
  'combinefunc',
  'serialfunc',
  'deserialfunc',
  'msfunc',
  'minvfunc',
  'mfinalfunc',
  'procedure',
  'function',
  'restrict',
  'join',
  'input',
  'output',
  'receive',
  'send',
  'typmod_in',
  'typmod_out',
  'analyze',
  'subscript',
  'subtype_diff',
  'canonical',
  'start',
  'gettoken',
  'end',
  'headline',
  'lextypes',
  'init',
  'lexize',
])
const typeOptions = new Set([
  'stype',
  'stype1',
  'mstype',
  'basetype',
  'leftarg',
  'rightarg',
  'like',
  'element',
  'subtype',
])

function wrapperFunctions(walk: Walk, nodes: readonly Node[] | undefined, at: At): void {
  for (const node of nodes ?? []) {
    const option = nodeAs(node, 'DefElem')
    const name = namesOf(nodeAs(option?.arg, 'List')?.items)
    if (name.length > 0) mentionFunction(walk, name, option?.defname === 'validator' ? 2 : 0, true, undefined, at)
  }
}

function mapping(
  walk: Walk,
  node: { readonly user?: object; readonly servername?: string },
  act: 'Create' | 'Alter' | 'Drop',
): void {
  walk.found.object('user mapping', [node.servername ?? ''], act)
  if (node.user !== undefined) roles(walk, [{ RoleSpec: node.user }], 'Use')
}

function called(walk: Walk, node: ObjectWithArgs | undefined, at: At): void {
  if (node === undefined) return
  mentionFunction(walk, namesOf(node.objname), node.objargs?.length ?? 0, node.args_unspecified === true, undefined, at)
  rest(walk, 'ObjectWithArgs', node, at, ['objname', 'objfuncargs'])
}

function object(walk: Walk, node: ObjectWithArgs | undefined, word: string, act: 'Alter' | 'Use', at: At): void {
  if (node === undefined) return
  walk.found.object(word, namesOf(node.objname), act)
  rest(walk, 'ObjectWithArgs', node, at, ['objname', 'objfuncargs'])
}

/** `set_config` and `current_setting`: settings by way of a function. Their names must be literals, or nothing can be judged. */
import type { FuncCall, Node } from '@pgsql/types'
import { pointAt } from './collector.ts'
import { addSetting } from './settings-facts.ts'
import { type Name, unknownValue } from './statement.ts'
import { namesOf, nodeAs, type Walk } from './walk.ts'

/** Any function of that name counts, in whatever schema: the qualification may be wrong, a refusal is not. */
export function settingFunction(walk: Walk, node: FuncCall, name: Name): void {
  const called = name.at(-1)
  if (called !== 'set_config' && called !== 'current_setting') return
  const [first, second, third] = node.args ?? []
  const setting = literal(first)
  const span = pointAt(node.location)
  const parameter = parameterOf(first)
  if (called === 'current_setting' && parameter !== undefined && node.func_variadic !== true) {
    walk.found.facts.boundSettings = [...(walk.found.facts.boundSettings ?? []), { parameter, span }]
    return
  }
  if (setting === undefined || node.func_variadic === true) {
    walk.found.forbid('DynamicSetting', called, span)
    return
  }
  if (called === 'current_setting') {
    const quiet = second === undefined || isFalse(second) ? {} : { quiet: true as const }
    addSetting(walk, { act: 'Show', name: setting, local: false, span, ...quiet })
    return
  }
  const value = literal(second)
  const local = nodeAs(third, 'A_Const')?.boolval?.boolval === true
  const values = [value ?? unknownValue]
  addSetting(walk, {
    act: 'Set',
    name: setting,
    values,
    local,
    span,
    ...(value === undefined ? { dynamic: true } : {}),
  })
}

/** `$1`, or as SQLAlchemy writes it `$1::VARCHAR`: pg_catalog's own types, which cut nothing off. */
function parameterOf(node: Node | undefined): number | undefined {
  const cast = nodeAs(node, 'TypeCast')
  if (cast === undefined) return nodeAs(node, 'ParamRef')?.number
  const { names, typmods, arrayBounds } = cast.typeName ?? {}
  const isText = /^pg_catalog\.(varchar|text)$/.test(namesOf(names).join('.'))
  return isText && typmods === undefined && arrayBounds === undefined ? nodeAs(cast.arg, 'ParamRef')?.number : undefined
}

function isFalse(node: Node): boolean {
  const constant = nodeAs(node, 'A_Const')
  return constant?.boolval !== undefined && constant.boolval.boolval !== true
}

/** A string literal, with `::text` at most. */
function literal(node: Node | undefined): string | undefined {
  const cast = nodeAs(node, 'TypeCast')
  const plainText = cast?.typeName?.typmods === undefined && cast?.typeName?.arrayBounds === undefined
  if (cast !== undefined)
    return plainText && namesOf(cast.typeName?.names).at(-1) === 'text' ? literal(cast.arg) : undefined
  const constant = nodeAs(node, 'A_Const')
  return constant?.sval === undefined ? undefined : (constant.sval.sval ?? '')
}

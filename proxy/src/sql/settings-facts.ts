/** SET, RESET and SHOW, and the SET clauses of functions, roles and databases. */
import type { Node, VariableSetStmt } from '@pgsql/types'
import { pointAt } from './collector.ts'
import type { Kind } from './kinds.ts'
import { type SettingAccess, type Span, unknownValue } from './statement.ts'
import { type At, namesOf, nodeAs, visitAll, type Walk } from './walk.ts'

/** The kind of a SET statement: SET TRANSACTION is about the transaction, the rest about settings. */
export function kindOfSet({ kind, name }: VariableSetStmt): Kind {
  if (kind === 'VAR_RESET' || kind === 'VAR_RESET_ALL') return 'Reset'
  if (kind !== 'VAR_SET_MULTI') return 'Set'
  return name === 'TRANSACTION' ? 'SetTransaction' : name === 'TRANSACTION SNAPSHOT' ? 'SetTransactionSnapshot' : 'Set'
}

export function setStatement(walk: Walk, node: VariableSetStmt, at: At): void {
  const span = node.location === undefined || node.location < 0 ? walk.found.here() : pointAt(node.location)
  const local = node.is_local === true
  visitAll(
    walk,
    node.args?.filter(arg => !('DefElem' in arg)),
    at,
  )
  if (node.kind === 'VAR_SET_MULTI') {
    several(walk, node, span)
    return
  }
  const name = node.kind === 'VAR_RESET_ALL' ? 'all' : (node.name ?? '')
  const reset = node.kind === 'VAR_RESET' || node.kind === 'VAR_RESET_ALL'
  const values = node.kind === 'VAR_SET_VALUE' ? { values: (node.args ?? []).map(settingValue) } : {}
  // FROM CURRENT takes whatever the session has, and shows it in the definition.
  const current =
    node.kind === 'VAR_SET_CURRENT' ? ({ values: [unknownValue], dynamic: true, fromCurrent: true } as const) : {}
  addSetting(walk, { act: reset ? 'Reset' : 'Set', name, local, span, ...values, ...current })
}

/** Enters a setting; the role is never one (DESIGN §2). */
export function addSetting(walk: Walk, setting: SettingAccess): void {
  const name = setting.name.replace(/[A-Z]/g, letter => letter.toLowerCase())
  walk.found.facts.settings.push({ ...setting, name, ...(name === setting.name ? {} : { written: setting.name }) })
  // Back to what the login gave is what DISCARD ALL does as well, and pools send it on its own.
  const isBack = name === 'session_authorization' && setting.act !== 'Show' && setting.values === undefined
  if (setting.act !== 'Show' && (name === 'role' || name === 'session_authorization') && !isBack)
    walk.found.forbid('SetRole', name === 'role' ? 'SET ROLE' : 'SET SESSION AUTHORIZATION', setting.span)
}

/** SET TRANSACTION and SET SESSION CHARACTERISTICS: the latter sets the defaults of later transactions. */
function several(walk: Walk, node: VariableSetStmt, span: Span): void {
  const session = node.name === 'SESSION CHARACTERISTICS'
  for (const arg of node.args ?? []) {
    const option = nodeAs(arg, 'DefElem')
    if (option === undefined) continue // the snapshot's name
    const name = session ? `default_${option.defname}` : (option.defname ?? '')
    addSetting(walk, { act: 'Set', name, values: [flag(settingValue(option.arg))], local: !session, span })
  }
}

/** READ ONLY and DEFERRABLE come as integers. */
function flag(value: string): string {
  return value === '1' ? 'on' : value === '0' ? 'off' : value
}

/** A value as PostgreSQL would store it. */
export function settingValue(node: Node | undefined): string {
  const cast = nodeAs(node, 'TypeCast') // SET TIME ZONE INTERVAL '-3' HOUR
  if (cast !== undefined) return `${namesOf(cast.typeName?.names).at(-1)} '${settingValue(cast.arg)}'`.toUpperCase()
  const constant = nodeAs(node, 'A_Const')
  if (constant?.sval !== undefined) return constant.sval.sval ?? ''
  if (constant?.ival !== undefined) return String(constant.ival.ival ?? 0)
  if (constant?.boolval !== undefined) return constant.boolval.boolval === true ? 'true' : 'false'
  return constant?.fval?.fval ?? unknownValue
}

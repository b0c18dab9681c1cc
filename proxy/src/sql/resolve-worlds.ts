/**
 * What may be true while a text of several statements runs: the search_path, and what has been made, renamed or dropped.
 * Where one course of events cannot be told from another (a set_config may or may not run), there are several worlds.
 *
 * All statements of a text run only if each before them succeeded, so that the ends of transactions are certain: ROLLBACK
 * brings back what was when the transaction began (which for a text that begins outside of a block is its beginning),
 * COMMIT undoes only SET LOCAL.
 */
import { settings } from '../settings.ts'
import { quoteName } from './quote.ts'
import type { Changes } from './resolve-changes.ts'
import type { NameContext } from './resolved.ts'
import { type StatementFacts, unknownValue } from './statement.ts'

/** `setting` undefined: that of the context, whose text is not known. */
export type Path = { readonly setting: string | undefined } | 'Unknown'

interface State {
  readonly path: Path
  /** The path without SET LOCAL: what a COMMIT leaves. */
  readonly kept: Path
  readonly changes: Changes
}

export interface World extends State {
  /** What a ROLLBACK brings back. */
  readonly begun: State
  readonly savepoints: Savepoint | undefined
}

/** The latest, and those before it. */
interface Savepoint {
  readonly name: string
  readonly state: State
  readonly outer: Savepoint | undefined
}

export function firstWorld({ setting }: NameContext, changes: Changes): World {
  const state: State = { path: { setting }, kept: { setting }, changes }
  return { ...state, begun: state, savepoints: undefined }
}

/** The worlds after a statement that has made these changes in this one. */
export function worldsAfter(
  world: World,
  changes: Changes,
  facts: StatementFacts,
  context: NameContext,
): readonly World[] {
  const moved = pathsAfter(world, facts, context).map(paths => ({ ...world, ...paths, changes }))
  return moved.map(each => endOfTransaction(each, facts, context))
}

/** Each world once; too many are none: nothing is known of names from there on. */
export function distinctWorlds(worlds: readonly World[]): readonly World[] {
  const [first, ...others] = worlds
  if (first === undefined || others.length === 0) return worlds
  const distinct = worlds.filter((world, index) => !worlds.slice(0, index).some(other => isSame(world, other)))
  return distinct.length > settings.maxNameWorlds ? [{ ...first, path: 'Unknown', kept: 'Unknown' }] : distinct
}

function isSame(one: World, other: World): boolean {
  return isSameState(one, other) && isSameState(one.begun, other.begun) && one.savepoints === other.savepoints
}

function isSameState(one: State, other: State): boolean {
  return one.changes === other.changes && isSamePath(one.path, other.path) && isSamePath(one.kept, other.kept)
}

function isSamePath(one: Path, other: Path): boolean {
  return one === 'Unknown' || other === 'Unknown' ? one === other : one.setting === other.setting
}

type Paths = Pick<State, 'path' | 'kept'>

/** SET for sure, set_config perhaps, other people's code: no one knows. */
function pathsAfter({ path, kept }: World, facts: StatementFacts, context: NameContext): readonly Paths[] {
  if (bringsCode(facts)) return [both('Unknown')]
  const { control } = facts
  if (control?.do === 'Discard' && control.what === 'All') return [both(resetPath(context))]
  if (control?.do === 'Discard' && control.what === 'Temp' && context.own !== undefined) return [both('Unknown')]
  let paths: readonly Paths[] = [{ path, kept }]
  for (const setting of facts.settings) {
    if (setting.act === 'Show' || !pathSettings.has(setting.name) || keepsSettings(facts)) continue
    const next = pathSetBy(setting, facts, context)
    if (facts.kind === 'Set' || facts.kind === 'Reset')
      paths = paths.map(each => (setting.local ? { ...each, path: next } : both(next)))
    // A call may run or not, and its third argument may be anything.
    else paths = paths.flatMap(each => [each, { ...each, path: next }, ...(setting.local ? [] : [both(next)])])
    if (paths.length > settings.maxNameWorlds) return [both('Unknown')]
  }
  return paths
}

function both(path: Path): Paths {
  return { path, kept: path }
}

const pathSettings: ReadonlySet<string> = new Set(['search_path', 'schema', 'all'])

function pathSetBy(
  { values, dynamic }: StatementFacts['settings'][number],
  facts: StatementFacts,
  context: NameContext,
): Path {
  if (dynamic === true) return 'Unknown'
  return values === undefined ? resetPath(context) : { setting: settingOf(facts, values) }
}

function resetPath({ resetSetting }: NameContext): Path {
  return resetSetting === undefined ? 'Unknown' : { setting: resetSetting }
}

/** SET takes a list of names, each as it is; set_config a text in which they are quoted or not. */
function settingOf({ kind }: StatementFacts, values: readonly string[]): string {
  if (values.includes(unknownValue)) return ''
  return kind === 'Set' ? values.map(value => quoteName([value])).join(', ') : values.join(', ')
}

/** SET clauses of functions, roles and databases are for later sessions and calls. */
function keepsSettings({ kind }: StatementFacts): boolean {
  return /^(Create|Alter)(Function|Procedure)$|^Alter(RoleSet|DatabaseSet|System)$/.test(kind)
}

/** What runs code that is not in this text, which may set anything (DO, CALL, what was prepared or declared earlier), or drops what it does not name. */
function bringsCode({ kind, control }: StatementFacts): boolean {
  return (
    kind === 'Do' ||
    kind === 'Call' ||
    kind === 'DropOwned' ||
    kind === 'ImportForeignSchema' ||
    control?.do === 'Execute' ||
    control?.do === 'Fetch'
  )
}

/** `transactional`: the transaction, or its savepoints, began before the text, with changes that are not known here. */
function endOfTransaction(world: World, { control }: StatementFacts, { transactional }: NameContext): World {
  switch (control?.do) {
    case 'Commit':
      return transactional === true ? lost(world) : begunAnew({ ...stateOf(world), path: world.kept })
    case 'Rollback':
      return transactional === true ? lost(world) : begunAnew(world.begun)
    case 'Savepoint':
      return { ...world, savepoints: { name: control.name, state: stateOf(world), outer: world.savepoints } }
    case 'Release':
      return { ...world, savepoints: savepointOf(world, control.name)?.outer }
    case 'RollbackTo':
      return rolledBackTo(world, savepointOf(world, control.name), transactional === true)
    case 'PrepareTransaction':
      return lost(world)
    default:
      return world
  }
}

function rolledBackTo(world: World, savepoint: Savepoint | undefined, transactional: boolean): World {
  if (savepoint !== undefined) return { ...world, ...savepoint.state, savepoints: savepoint }
  return transactional ? lost(world) : { ...world, ...world.begun, savepoints: undefined }
}

/** The last of that name. */
function savepointOf({ savepoints }: World, name: string): Savepoint | undefined {
  let savepoint = savepoints
  while (savepoint !== undefined && savepoint.name !== name) savepoint = savepoint.outer
  return savepoint
}

function begunAnew(state: State): World {
  return { ...stateOf(state), begun: stateOf(state), savepoints: undefined }
}

function stateOf({ path, kept, changes }: State): State {
  return { path, kept, changes }
}

function lost(world: World): World {
  return { ...world, ...both('Unknown') }
}

/** Names as they will be at some point within the unit under examination, if all before it succeeds. */
import { PeerProtocolError } from '../errors.ts'
import type { JudgedStatement, Judgement } from './judgement.ts'
import type { NameChange, Names, Portal, Prepared } from './names.ts'

export class Draft {
  readonly #names: Names
  readonly #group: number
  readonly #statements = new Map<string, Prepared | undefined>()
  readonly #portals = new Map<string, Portal | undefined>()
  #statementsCleared = false
  #portalsCleared = false
  readonly #added = { statement: 0, portal: 0 }
  /** Set once a name was asked for whose fate an earlier group decides. */
  isUncertain = false

  constructor(names: Names, group: number) {
    this.#names = names
    this.#group = group
  }

  statement(name: string): Prepared | undefined {
    checkLength(name)
    if (this.#statements.has(name)) return this.#statements.get(name)
    if (this.#statementsCleared) return undefined
    this.isUncertain ||= this.#names.isUncertain('statement', name, this.#group)
    return this.#names.statement(name)
  }

  portal(name: string): Portal | undefined {
    checkLength(name)
    if (this.#portals.has(name)) return this.#portals.get(name)
    if (this.#portalsCleared) return undefined
    this.isUncertain ||= this.#names.isUncertain('portal', name, this.#group)
    return this.#names.portal(name)
  }

  get statements(): number {
    return this.#names.statements + this.#added.statement
  }

  get portals(): number {
    return this.#names.portals + this.#added.portal
  }

  apply(change: NameChange): void {
    if (change.name !== undefined) checkLength(change.name)
    this.#count(change)
    if (change.sort === 'statement') {
      if (change.name !== undefined) this.#statements.set(change.name, change.entry)
      else this.#clearStatements()
    } else if (change.name !== undefined) this.#portals.set(change.name, change.entry)
    else this.#clearPortals()
  }

  #count({ sort, name, entry }: NameChange): void {
    if (name === undefined || entry === undefined) return
    const isKnown =
      sort === 'statement'
        ? this.#statements.has(name) || this.#names.statement(name)
        : this.#portals.has(name) || this.#names.portal(name)
    if (!isKnown) this.#added[sort] += 1
  }

  #clearStatements(): void {
    this.#statements.clear()
    this.#statementsCleared = true
  }

  #clearPortals(): void {
    this.#portals.clear()
    this.#portalsCleared = true
  }
}

/** NAMEDATALEN - 1. Servers compare that much of a name in a message: of two longer ones they would know only one. */
const maxNameBytes = 63

/** Raises PeerProtocolError (42622 name_too_long). */
function checkLength(name: string): void {
  if (name.length > maxNameBytes / 3 && Buffer.byteLength(name) > maxNameBytes)
    throw new PeerProtocolError(`a statement or portal name has at most ${maxNameBytes} bytes`, '42622')
}

/** What the completion of one statement does to names. */
export function changesOf(statement: JudgedStatement, judgement: Judgement, index: number): readonly NameChange[] {
  const control = statement.facts.control
  switch (control?.do) {
    case 'Prepare':
      return [{ sort: 'statement', name: control.name, entry: { judgement, index, sent: judgement.sent } }]
    case 'Deallocate':
      return [{ sort: 'statement', name: control.name, entry: undefined }]
    case 'Declare':
      return [{ sort: 'portal', name: control.name, entry: portalOf(judgement, index, control.hold) }]
    case 'Close':
      return [{ sort: 'portal', name: control.name, entry: undefined }]
    case 'Discard':
      return control.what === 'All' ? discardAll : []
    default:
      return []
  }
}

export function portalOf(judgement: Judgement, index: number, hold: boolean): Portal {
  return { judgement, index, hold, used: { rows: 0, bytes: 0 } }
}

const discardAll: readonly NameChange[] = [
  { sort: 'statement', name: undefined, entry: undefined },
  { sort: 'portal', name: undefined, entry: undefined },
]

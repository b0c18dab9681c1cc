/**
 * What names mean depends on the session: search_path, temporary objects, DDL not yet committed. The gateway does not
 * simulate PostgreSQL here: whatever may have changed one of them marks it unknown, and before the next name is judged
 * the session asks the server, on its own connection.
 */
import { groupOf } from '../sql/kinds.ts'
import type { StatementFacts } from '../sql/statement.ts'
import type { JudgedStatement } from './judgement.ts'

export class SessionContext {
  /** What SHOW search_path said last. */
  searchPath: string | undefined
  /** What it said at first: what RESET makes of it. */
  resetSearchPath: string | undefined
  /** Temporary or uncommitted objects: 'none', or they must be asked for, name by name. */
  own: 'none' | 'ask' = 'none'
  #pathUnknown = true
  #ownUnknown = false
  #catalogUnknown = false
  #pathChangedInTransaction = false
  #objectsChangedInTransaction = false
  #generation = 0

  constructor(searchPath: string | undefined) {
    this.searchPath = searchPath
    this.resetSearchPath = searchPath
    this.#pathUnknown = searchPath === undefined
  }

  /** Equal keys: the same names mean the same things, as far as the session goes. */
  get key(): string {
    return this.own === 'none' ? `${this.searchPath}` : `${this.#generation} ${this.searchPath}`
  }

  get mayHaveTemporary(): boolean {
    return this.#ownUnknown
  }

  get isKnown(): boolean {
    return !this.#pathUnknown && !this.#ownUnknown
  }

  /** True once after DDL that others may see now: the shared catalog must be read anew before it is used. */
  takeCatalogUnknown(): boolean {
    const unknown = this.#catalogUnknown
    this.#catalogUnknown = false
    return unknown
  }

  /** DDL was sent whose transaction is not over. */
  get changesObjects(): boolean {
    return this.#objectsChangedInTransaction
  }

  /** Whether the end of the transaction may change what names mean. */
  get mayRevert(): boolean {
    return this.#pathChangedInTransaction || this.#objectsChangedInTransaction || !this.isKnown
  }

  /** Whether names may mean other things once this has run. */
  mayChangeWith(statement: JudgedStatement): boolean {
    const { facts } = statement
    if (changesPath(facts) || changesObjects(statement) || mayRunOwnersCode(statement)) return true
    return facts.control?.do === 'Discard' || (leavesTransaction(facts) && this.mayRevert)
  }

  /** Called before a statement is sent: whatever it may change is unknown from here on. */
  willRun(statement: JudgedStatement): void {
    const { facts } = statement
    if (changesPath(facts)) this.#changePath()
    if (changesObjects(statement)) this.#changeObjects()
    if (mayRunOwnersCode(statement)) {
      this.#changePath()
      this.#ownUnknown = true
    }
    if (leavesTransaction(facts)) this.transactionEnded()
    if (facts.control?.do === 'Discard') this.#ownUnknown = true
  }

  /** What was set, made or dropped inside may be undone, or be seen by all. */
  transactionEnded(): void {
    if (this.#pathChangedInTransaction) this.#pathUnknown = true
    if (this.#objectsChangedInTransaction) {
      this.#ownUnknown = true
      this.#catalogUnknown = true
    }
  }

  /** ReadyForQuery said 'I': nothing is uncommitted any more. */
  becameIdle(): void {
    this.transactionEnded()
    this.#pathChangedInTransaction = false
    this.#objectsChangedInTransaction = false
  }

  /** What the server answered. `inTransaction`: uncommitted DDL may still be there. */
  learned(searchPath: string, hasTemporary: boolean, inTransaction: boolean): void {
    this.searchPath = searchPath
    this.resetSearchPath ??= searchPath
    this.#pathUnknown = false
    if (this.#ownUnknown)
      this.own = hasTemporary || (inTransaction && this.#objectsChangedInTransaction) ? 'ask' : 'none'
    this.#ownUnknown = false
    this.#generation += 1
  }

  #changePath(): void {
    this.#pathUnknown = true
    this.#pathChangedInTransaction = true
  }

  #changeObjects(): void {
    this.#ownUnknown = true
    this.#catalogUnknown = true
    this.#objectsChangedInTransaction = true
  }
}

function changesPath(facts: StatementFacts): boolean {
  if (facts.control?.do === 'Discard') return facts.control.what === 'All'
  return facts.settings.some(
    setting => setting.act !== 'Show' && (setting.name === 'search_path' || setting.name === 'all'),
  )
}

function changesObjects({ facts }: JudgedStatement): boolean {
  const group = groupOf(facts.kind)
  if (group === 'DDL' || group === 'DCL' || group === 'Code') return true
  return facts.relations.some(relation => relation.presence === 'Made')
}

/** A function outside pg_catalog and the known extensions may set a path, or make a table. */
function mayRunOwnersCode({ facts, resolved }: JudgedStatement): boolean {
  if (groupOf(facts.kind) === 'Code') return true
  return resolved.calls.some(call => call.candidates.some(f => f.schema !== 'pg_catalog' && f.extension === undefined))
}

function leavesTransaction(facts: StatementFacts): boolean {
  const control = facts.control?.do
  return control === 'Commit' || control === 'Rollback' || control === 'RollbackTo' || control === 'PrepareTransaction'
}

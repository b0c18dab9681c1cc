/**
 * A unit, message by message: what would be sent for each, what it changes, and the first that must not be sent. Nothing
 * happens here; where a judgement is missing, the examination says which, and is made again when it is there.
 */
import { PeerProtocolError } from '../errors.ts'
import {
  type Bind,
  decodeBind,
  decodeBindNames,
  decodeClose,
  decodeExecute,
  decodeParse,
  decodeQuery,
  encodeExecute,
  encodeParse,
  encodeQuery,
} from '../wire/frontend.ts'
import { frontend } from '../wire/messages.ts'
import { refuseBoundSettings } from './bound-settings.ts'
import { boundRows } from './budget.ts'
import type { SessionCore } from './core.ts'
import { changesOf, Draft, portalOf } from './draft.ts'
import { hasNames, type Item, type Unit } from './inbox.ts'
import type { Ask, JudgedStatement, Judgement } from './judgement.ts'
import type { NameChange, Prepared, Usage } from './names.ts'
import { Questions } from './questions.ts'
import { postgresRefusal, type Refusal } from './refusal.ts'
import {
  functionCall,
  missingCursor,
  missingPortal,
  missingStatement,
  tooLarge,
  tooManyNames,
  unexpectedPassword,
  unitTooLarge,
  wasPreparedElsewhere,
} from './refusals.ts'
import { type Expectation, expectation } from './replies.ts'
import { hasCopyIn, prepareAgain, type Step, waiting } from './steps.ts'

export interface Examination {
  /** What may be sent, in order: everything before `refusal`, or all. */
  readonly steps: readonly Step[]
  readonly refusal?: Refusal
  /** Judgements that are missing; then nothing else here counts. */
  readonly asks: readonly Ask[]
  /** A name's fate is open: examine again when the replies are in. */
  readonly isUncertain: boolean
}

export function examine(core: SessionCore, unit: Unit): Examination {
  return new Examiner(core).unit(unit)
}

type Verdict = Step | Refusal
type Named = Pick<Bind, 'portal' | 'statement'>

/** Of a unit that is judged in parts, each part must be such that a later refusal can undo it. */
function mayBeUndone(verdict: Verdict): Verdict {
  if ('fields' in verdict || !verdict.statements.some(({ facts }) => facts.cannotRollBack)) return verdict
  return unitTooLarge()
}

class Examiner {
  readonly #core: SessionCore
  readonly #draft: Draft
  readonly #questions: Questions

  constructor(core: SessionCore) {
    this.#core = core
    this.#draft = new Draft(core.names, core.group)
    this.#questions = new Questions(core)
  }

  unit(unit: Unit): Examination {
    const steps: Step[] = []
    let refusal: Refusal | undefined
    for (const [index, item] of unit.items.entries()) {
      const verdict = unit.complete ? this.#read(item) : mayBeUndone(this.#read(item))
      if (!('fields' in verdict)) {
        const mustWait = this.#changesNames(verdict) && unit.items.slice(index + 1).some(hasNames)
        steps.push(mustWait ? { ...verdict, gate: verdict.gate ?? 'names' } : verdict)
        if (mustWait) break
      } else if (this.#questions.asks.length === 0) {
        refusal = verdict
        break
      } // else it may rest on what is being asked for: the rest is read for more to ask
    }
    return {
      steps,
      asks: this.#questions.asks,
      isUncertain: this.#draft.isUncertain,
      ...(refusal === undefined ? {} : { refusal }),
    }
  }

  /** What follows in the unit would be judged by names that this changes: it waits, and is examined again. */
  #changesNames({ sends, statements }: Step): boolean {
    return (
      sends.some(({ expect }) => expect.of === 'Execute') &&
      statements.some(each => this.#core.context.mayChangeWith(each))
    )
  }

  /** A message that is whole but malformed fails like a statement, as it does at the server. */
  #read(item: Item): Verdict {
    try {
      return this.#item(item)
    } catch (error) {
      if (!(error instanceof PeerProtocolError)) throw error
      return postgresRefusal(error.sqlState, error.message)
    }
  }

  #item(item: Item): Verdict {
    if (item.kind === 'begin') return item.type === frontend.Bind ? this.#largeBind(item) : tooLarge(item.type)
    if (item.kind !== 'message') return { item, sends: [], statements: [] } // stray COPY data: the server ignores it too
    switch (item.type) {
      case frontend.Query:
        return this.#query(item, item.bytes)
      case frontend.Parse:
        return this.#parse(item, item.bytes)
      case frontend.Bind: {
        const bind = decodeBind(item.bytes)
        return this.#bind(item, item.bytes, bind, bind)
      }
      case frontend.Execute:
        return this.#execute(item, item.bytes)
      case frontend.Close:
        return this.#close(item, item.bytes)
      case frontend.FunctionCall:
        return functionCall()
      case frontend.AuthenticationResponse:
        return unexpectedPassword()
      case frontend.Describe:
        return this.#plain(item, item.bytes, 'Describe')
      default:
        return { item, sends: [], statements: [] } // Sync, Flush, Terminate: see forward
    }
  }

  #query(item: Item, bytes: Buffer): Verdict {
    const { sql } = decodeQuery(bytes)
    const judgement = this.#questions.judgementOf(sql)
    if (judgement === undefined) return waiting(item)
    if (judgement.refusal !== undefined) return judgement.refusal
    this.#draft.apply({ sort: 'statement', name: '', entry: undefined })
    const changes: (readonly NameChange[])[] = []
    const usage: Usage[] = []
    const runs: JudgedStatement[] = []
    let changedAt = -1
    for (const [index, statement] of judgement.statements.entries()) {
      if (changedAt >= 0 && this.#wasPreparedBefore(statement, judgement, changedAt)) return wasPreparedElsewhere()
      const run = this.#run(statement, judgement, index)
      if ('fields' in run) return run
      changes.push(run.changes)
      usage.push(run.usage)
      runs.push(...run.statements)
      if (run.statements.some(each => this.#core.context.mayChangeWith(each))) changedAt = index
    }
    const expect = expectation({
      of: 'Query',
      group: this.#core.group,
      judgement,
      statements: judgement.statements,
      changes,
      usage,
    })
    const sent = judgement.sent === sql ? bytes : encodeQuery(judgement.sent)
    return {
      item,
      sends: [{ bytes: sent, expect }],
      statements: runs,
      ...(hasCopyIn(judgement) ? { gate: 'copyIn' as const } : {}),
    }
  }

  /** EXECUTE of what was prepared before names changed in the same text: the server would read it anew. */
  #wasPreparedBefore({ facts }: JudgedStatement, judgement: Judgement, changedAt: number): boolean {
    if (facts.control?.do !== 'Execute') return false
    const prepared = this.#draft.statement(facts.control.name)
    return prepared !== undefined && !(prepared.judgement === judgement && prepared.index > changedAt)
  }

  #parse(item: Item, bytes: Buffer): Verdict {
    const { statement: name, sql, parameterTypes: types } = decodeParse(bytes)
    const judgement = this.#questions.judgementOf(sql)
    if (judgement === undefined) return waiting(item)
    const refusal =
      judgement.refusal ?? judgement.statements.find(statement => statement.refusal !== undefined)?.refusal
    if (refusal !== undefined) return refusal
    const isNew = this.#draft.statement(name) === undefined
    if (isNew && this.#draft.statements >= this.#core.limits.maxPreparedStatements)
      return tooManyNames('prepared statements', this.#core.limits.maxPreparedStatements)
    const entry: Prepared = { judgement, index: 0, sent: judgement.sent, types }
    const change: NameChange = { sort: 'statement', name, entry }
    this.#draft.apply(change)
    const sent = judgement.sent === sql ? bytes : encodeParse(name, judgement.sent, types)
    return this.#step(item, sent, { of: 'Parse', change, judgement }, judgement.statements)
  }

  #largeBind(item: Item & { kind: 'begin' }): Verdict {
    const names = decodeBindNames(item.head)
    if (names === undefined) return tooLarge(item.type)
    return { ...this.#bind(item, item.head, names, undefined), streams: true }
  }

  /** `bind` is undefined where it is streamed: then its parameters cannot be looked at. */
  #bind(
    item: Item,
    bytes: Buffer,
    { portal, statement: name }: Named,
    bind: Pick<Bind, 'parameters'> | undefined,
  ): Verdict {
    const prepared = this.#draft.statement(name)
    if (prepared === undefined) return missingStatement(name)
    const judgement = this.#questions.fresh(prepared)
    if (judgement === undefined) return waiting(item)
    const statement = judgement.statements[prepared.index]
    const refusal =
      judgement.refusal ?? statement?.refusal ?? refuseBoundSettings(statement, bind, this.#core.server, prepared.types)
    if (refusal !== undefined) return refusal
    const again = judgement.sent === prepared.sent ? [] : this.#prepareAgain(name, prepared, judgement)
    if ('fields' in again) return again
    if (judgement !== prepared.judgement) this.#renew(name, prepared, judgement)
    if (this.#draft.portal(portal) === undefined && this.#draft.portals >= this.#core.limits.maxPortals)
      return tooManyNames('portals', this.#core.limits.maxPortals)
    const change: NameChange = { sort: 'portal', name: portal, entry: portalOf(judgement, prepared.index, false) }
    this.#draft.apply(change)
    const step = this.#step(item, bytes, { of: 'Bind', change, judgement }, statement === undefined ? [] : [statement])
    return { ...step, sends: [...again, ...step.sends] }
  }

  #prepareAgain(name: string, prepared: Prepared, judgement: Judgement): Step['sends'] | Refusal {
    if (prepared.types === undefined) return wasPreparedElsewhere(name)
    return prepareAgain(name, judgement.sent, prepared.types, this.#core.group, judgement)
  }

  #renew(name: string, old: Prepared, judgement: Judgement): void {
    const entry = { ...old, judgement, sent: judgement.sent }
    this.#core.names.renew(name, old, entry)
    this.#draft.apply({ sort: 'statement', name, entry })
  }

  #execute(item: Item, bytes: Buffer): Verdict {
    const { portal: name, maxRows } = decodeExecute(bytes)
    const portal = this.#draft.portal(name)
    if (portal === undefined) return missingPortal(name)
    const judgement = this.#questions.decidedNow(portal.judgement)
    if (judgement === undefined) return waiting(item)
    const statement = judgement.statements[portal.index]
    if (statement === undefined) return this.#step(item, bytes, { of: 'Execute', judgement, statements: [] }, [])
    const run = this.#run(statement, judgement, portal.index)
    if ('fields' in run) return run
    const usage = run.usage.rows > 0 || statement.facts.control?.do === 'Fetch' ? run.usage : portal.used
    const bound = boundRows(statement, usage, maxRows)
    const expect = {
      of: 'Execute' as const,
      judgement,
      statements: [statement],
      changes: [run.changes],
      usage: [usage],
      isBound: bound !== undefined,
    }
    const step = this.#step(item, bound === undefined ? bytes : encodeExecute(name, bound), expect, run.statements)
    if (statement.facts.copy?.direction === 'In') return { ...step, gate: 'copyIn' }
    return bound === undefined ? step : { ...step, gate: 'bound' }
  }

  /** One statement about to run: its own verdict, and that of what it names (EXECUTE, FETCH). */
  #run(
    statement: JudgedStatement,
    judgement: Judgement,
    index: number,
  ): { changes: readonly NameChange[]; usage: Usage; statements: readonly JudgedStatement[] } | Refusal {
    if (statement.refusal !== undefined) return statement.refusal
    const control = statement.facts.control
    const statements = [statement]
    let usage: Usage = { rows: 0, bytes: 0 }
    if (control?.do === 'Execute') {
      const target = this.#executed(control.name)
      if ('fields' in target) return target
      statements.push(target)
    } else if (control?.do === 'Fetch') {
      const portal = this.#draft.portal(control.name)
      if (portal === undefined) return missingCursor(control.name)
      const target = this.#questions.decidedNow(portal.judgement)?.statements[portal.index]
      if (target?.refusal !== undefined) return target.refusal
      usage = portal.used
    }
    const changes = changesOf(statement, judgement, index)
    for (const change of changes) this.#draft.apply(change)
    return { changes, usage, statements }
  }

  #executed(name: string): JudgedStatement | Refusal {
    const prepared = this.#draft.statement(name)
    if (prepared === undefined) return missingStatement(name)
    const judgement = this.#questions.fresh(prepared)
    if (judgement === undefined) return missingStatement(name) // asked for: this examination does not count
    const statement = judgement.statements[prepared.index]
    const refusal =
      judgement.refusal ?? statement?.refusal ?? refuseBoundSettings(statement, undefined, this.#core.server)
    if (refusal !== undefined) return refusal
    if (judgement.sent !== prepared.sent || statement === undefined) return wasPreparedElsewhere(name)
    if (judgement !== prepared.judgement) this.#renew(name, prepared, judgement)
    return statement
  }

  #close(item: Item, bytes: Buffer): Verdict {
    const { target, name } = decodeClose(bytes)
    const change: NameChange = { sort: target === 'Statement' ? 'statement' : 'portal', name, entry: undefined }
    this.#draft.apply(change)
    return this.#step(item, bytes, { of: 'Close', change }, [])
  }

  #plain(item: Item, bytes: Buffer, of: Expectation['of']): Step {
    return this.#step(item, bytes, { of }, [])
  }

  #step(
    item: Item,
    bytes: Buffer,
    fields: Omit<Parameters<typeof expectation>[0], 'group'>,
    statements: readonly JudgedStatement[],
  ): Step {
    return { item, sends: [{ bytes, expect: expectation({ ...fields, group: this.#core.group }) }], statements }
  }
}

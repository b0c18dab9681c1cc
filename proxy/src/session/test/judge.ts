/**
 * A judge for tests of the session alone. Facts come from PostgreSQL's own parser; the verdict is in the text: a statement
 * that says `forbidden` is denied, `few` may return two rows, `slowly` may take a second, `often` may run twice a minute.
 */

import { openParser } from '../../parser/parser.ts'
import type { Decision, StatementLimits } from '../../policy/decision.ts'
import type { StatementFacts } from '../../sql/statement.ts'
import type { JudgeEffect } from '../effects.ts'
import type { Ask, JudgedStatement, Judgement } from '../judgement.ts'
import { postgresRefusal, refusalFor } from '../refusal.ts'

const parser = await openParser()

export function judge(effect: JudgeEffect): readonly Judgement[] {
  return effect.asks.map(ask => judgeOne(ask, effect))
}

function judgeOne(ask: Ask, effect: JudgeEffect): Judgement {
  const text = ask.what === 'text' ? ask.text : ask.judgement.text
  const base = {
    text,
    sent: sentFor(text, effect.searchPath),
    policy: 1,
    catalog: 1,
    contextKey: effect.contextKey,
    statements: [],
  }
  const analysis = parser.analyse(text)
  if (analysis instanceof Promise) throw new Error('texts of these tests are short')
  if ('error' in analysis) return { ...base, refusal: postgresRefusal(analysis.error.sqlState, analysis.error.message) }
  return { ...base, statements: analysis.statements.map(facts => judged(facts, text)) }
}

/** `t` is qualified by the path, as the gateway does. */
function sentFor(text: string, searchPath: string): string {
  return text.replaceAll(/\bfrom t\b/g, `from ${searchPath}.t`)
}

function judged(facts: StatementFacts, text: string): JudgedStatement {
  const own = Buffer.from(text).subarray(facts.span.start, facts.span.end).toString()
  const isDenied = own.includes('forbidden')
  const decision: Decision = {
    verdict: isDenied ? 'Deny' : 'Allow',
    considered: [],
    audited: [],
    limits: limitsOf(own),
  }
  const resolved = { facts, relations: [], calls: [], splices: [] }
  if (!isDenied) return { facts, resolved, decision }
  return { facts, resolved, decision, refusal: refusalFor({ code: 'PolicyDenied', text: 'rule "no" forbids this' }) }
}

function limitsOf(text: string): StatementLimits {
  return {
    ...(text.includes('few') ? { maxRows: 2 } : {}),
    ...(text.includes('slowly') ? { statementTimeoutMs: 1_000 } : {}),
    ...(text.includes('often') ? { statementsPerMinute: 2 } : {}),
  }
}

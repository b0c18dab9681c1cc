/**
 * Policy tests, run: does a subject's statement get the verdict that its author expects? Pure: policies, catalog and
 * parser are handed in by `sallyport policy test`. The format is in policy-test-file.ts.
 */
import type { Catalog } from '../sql/catalog.ts'
import type { CompiledPolicy } from './compiled.ts'
import type { Verdict } from './decision.ts'
import { judgeText, type Parse } from './judge-text.ts'
import type { PolicyTest, PolicyTestFile } from './policy-test-file.ts'
import type { Reason } from './reason.ts'
import { type BrokenPolicy, chooseRole, type Selection, selectPolicies } from './select.ts'

export interface RunInput {
  readonly file: PolicyTestFile
  readonly policies: readonly CompiledPolicy[]
  readonly broken: readonly BrokenPolicy[]
  readonly catalog: Catalog
  readonly parse: Parse
}

export interface PolicyTestResult {
  readonly name: string
  readonly passed: boolean
  readonly seen: Outcome
  /** One line for each expectation that was not met. */
  readonly failures: readonly string[]
}

/** What came of a test. */
export interface Outcome {
  readonly verdict: Verdict
  /** A reason code, or the SQLSTATE of what PostgreSQL itself would refuse. */
  readonly reason?: string
  readonly message?: string
  readonly policy?: string
  readonly rule?: string
  readonly rewritten?: string
}

/** Runs every test of a file, in its order. */
export function runPolicyTests(input: RunInput): readonly PolicyTestResult[] {
  return input.file.tests.map(test => {
    const seen = outcomeOf(test, input)
    const failures = failuresOf(test, seen)
    return { name: test.name, passed: failures.length === 0, seen, failures }
  })
}

function outcomeOf(test: PolicyTest, input: RunInput): Outcome {
  const { identity, database, session } = test
  const selected = selectPolicies({ ...input, gateway: input.file.gateway, identity, database, login: session })
  if ('reason' in selected) return refused('Deny', selected.reason)
  const chosen = chooseRole(selected.selection, test.role ?? identity.username)
  return 'reason' in chosen ? refused('Deny', chosen.reason) : judged(test, selected.selection, chosen.role, input)
}

function judged(test: PolicyTest, selection: Selection, role: string, { catalog, parse }: RunInput): Outcome {
  const { session, searchPath, statement: text } = test
  const result = judgeText({ text, parse, catalog, selection, role, session, searchPath })
  if ('refusal' in result) {
    const { sqlState, code, message } = result.refusal
    return { verdict: 'Deny', reason: code ?? sqlState, message }
  }
  // A text is as strict as its strictest statement: nothing of it is sent before all of it is judged.
  const decisions = result.statements.map(({ decision }) => decision)
  const strictest =
    decisions.find(({ verdict }) => verdict === 'Deny') ?? decisions.find(({ verdict }) => verdict !== 'Allow')
  return strictest === undefined
    ? { verdict: 'Allow', rewritten: result.sent }
    : refused(strictest.verdict, strictest.reason)
}

function refused(verdict: Verdict, reason: Reason | undefined): Outcome {
  if (reason === undefined) return { verdict }
  const { code, text, policy, rule } = reason
  return {
    verdict,
    reason: code,
    message: text,
    ...(policy === undefined ? {} : { policy }),
    ...(rule === undefined ? {} : { rule }),
  }
}

const expectations = ['verdict', 'reason', 'policy', 'rule', 'rewritten'] as const

function failuresOf({ expect }: PolicyTest, seen: Outcome): readonly string[] {
  return expectations.flatMap(name => {
    const wanted = expect[name]
    const got = seen[name]
    if (wanted === undefined || wanted === got) return []
    return [
      `${name}: expected ${wanted}, got ${got ?? 'none'}${name === 'verdict' && seen.message !== undefined ? ` (${seen.message})` : ''}`,
    ]
  })
}

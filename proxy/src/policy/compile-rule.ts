/** One rule of a policy. */
import type { PolicyRule } from '@sallyport/crds/types.generated.ts'
import { type Kind, kindsIn } from '../sql/kinds.ts'
import { compileCel } from './cel.ts'
import { whenVariables } from './cel-variables.ts'
import type { CompiledRule, Report } from './compiled.ts'
import { compileNames } from './name-pattern.ts'
import { compilePattern } from './patterns.ts'

/** Compiles a rule; mistakes are reported under `path`, and the policy is then not used. */
export function compileRule(policy: string, rule: PolicyRule, path: string, report: Report): CompiledRule {
  if (rule.action === 'Allow' && (rule.statements === undefined || rule.tables === undefined))
    report(path, 'an Allow must state both statements and tables; `["*"]` and `["*.*"]` mean all')
  return {
    policy,
    name: rule.name,
    action: rule.action,
    ...kindsOf(rule, path, report),
    ...tablesOf(rule, path, report),
    ...whenOf(rule, path, report),
    ...patternOf(rule, path, report),
    ...(rule.message === undefined ? {} : { message: rule.message }),
  }
}

function kindsOf(rule: PolicyRule, path: string, report: Report): Pick<CompiledRule, 'kinds'> {
  if (rule.statements === undefined) return {}
  const kinds = new Set<Kind>()
  for (const [index, word] of rule.statements.entries()) {
    const meant = kindsIn(word)
    if (meant === undefined)
      report(`${path}.statements[${index}]`, `"${word}" is neither a kind of statement nor a group of them`)
    for (const kind of meant ?? []) kinds.add(kind)
  }
  return { kinds }
}

function tablesOf(rule: PolicyRule, path: string, report: Report): Pick<CompiledRule, 'tables'> {
  if (rule.tables === undefined) return {}
  const result = compileNames(rule.tables, 'Tables')
  if ('matcher' in result) return { tables: result.matcher }
  report(`${path}.tables[${result.index}]`, result.problem)
  return {}
}

function whenOf(rule: PolicyRule, path: string, report: Report): Pick<CompiledRule, 'when'> {
  if (rule.when === undefined) return {}
  const result = compileCel(rule.when, whenVariables)
  if ('ok' in result) return { when: result.ok }
  report(`${path}.when`, result.problem)
  return {}
}

function patternOf(rule: PolicyRule, path: string, report: Report): Pick<CompiledRule, 'pattern'> {
  if (rule.pattern === undefined) return {}
  const result = compilePattern(rule.pattern)
  if ('pattern' in result) return { pattern: result.pattern }
  report(`${path}.pattern`, result.problem)
  return {}
}

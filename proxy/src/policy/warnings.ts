/** What an author should know of a policy that is in order. Warnings change nothing. */
import type { AccessPolicySpec, PolicyRule } from '@sallyport/crds/types.generated.ts'
import type { PolicyProblem } from './compiled.ts'
import { isSystemSchema } from './name-pattern.ts'

/** The warnings of a policy, each with its place. */
export function warningsOf(spec: AccessPolicySpec): readonly PolicyProblem[] {
  return [
    ...allowAll(spec),
    ...unreachable(spec),
    ...patternsInstead(spec),
    ...systemTables(spec),
    ...namesNoAccess(spec),
    ...nothingAllowed(spec),
  ]
}

function allowAll(spec: AccessPolicySpec): readonly PolicyProblem[] {
  if (spec.functions?.allow.some(all) !== true || !spec.rules.some(allowsEverything)) return []
  const message =
    'this policy allows everything that its role may do: code that no parser sees into, files and programs by way of functions, and other sessions'
  return [{ path: 'spec', message }]
}

function allowsEverything(rule: PolicyRule): boolean {
  return (
    rule.action === 'Allow' &&
    rule.when === undefined &&
    rule.pattern === undefined &&
    rule.statements?.includes('*') === true &&
    rule.tables?.some(all) === true
  )
}

function all(pattern: string): boolean {
  return pattern === '*' || pattern === '*.*'
}

/** A rule that a Deny of the same policy covers word by word never decides. */
function unreachable(spec: AccessPolicySpec): readonly PolicyProblem[] {
  return spec.rules.flatMap((rule, index) => {
    const by = spec.rules.find(other => other !== rule && rank(other) < rank(rule) && covers(other, rule))
    return by === undefined
      ? []
      : [{ path: `spec.rules[${index}]`, message: `never decides: rule "${by.name}" (${by.action}) covers it` }]
  })
}

function rank(rule: PolicyRule): number {
  return ['Deny', 'RequireApproval', 'Allow'].indexOf(rule.action)
}

function covers(wide: PolicyRule, narrow: PolicyRule): boolean {
  if (wide.when !== undefined || wide.pattern !== undefined) return false
  return (
    coversList(wide.statements, narrow.statements, word => word === '*') && coversList(wide.tables, narrow.tables, all)
  )
}

function coversList(
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
  isAll: (word: string) => boolean,
): boolean {
  if (wide === undefined) return true
  if (narrow === undefined) return false
  return wide.some(isAll) || narrow.every(word => wide.includes(word))
}

function patternsInstead(spec: AccessPolicySpec): readonly PolicyProblem[] {
  return spec.rules.flatMap((rule, index) =>
    rule.pattern !== undefined && rule.action === 'Deny' && rule.statements === undefined && rule.tables === undefined
      ? [
          {
            path: `spec.rules[${index}].pattern`,
            message: 'a pattern over the text is easily written around; state statements or tables as well',
          },
        ]
      : [],
  )
}

function systemTables(spec: AccessPolicySpec): readonly PolicyProblem[] {
  return spec.rules.flatMap((rule, index) =>
    rule.action === 'Allow' && rule.tables?.some(table => isSystemSchema(table.split('.')[0] ?? '')) === true
      ? [
          {
            path: `spec.rules[${index}].tables`,
            message: 'system catalogs are judged by a list of their own: an Allow opens none of them',
          },
        ]
      : [],
  )
}

function nothingAllowed(spec: AccessPolicySpec): readonly PolicyProblem[] {
  if (spec.role === undefined || spec.rules.some(rule => rule.action !== 'Deny')) return []
  return [
    { path: 'spec.rules', message: 'no rule allows anything: the role can only be used where another policy allows' },
  ]
}

function namesNoAccess(spec: AccessPolicySpec): readonly PolicyProblem[] {
  const instead: Readonly<Record<string, string>> = {
    CopyTo: 'Select',
    CopyFrom: 'Insert',
    Merge: 'Insert, Update, Delete and Select',
    Explain: 'what it explains',
  }
  return spec.rules.flatMap((rule, index) =>
    rule.action !== 'Allow'
      ? []
      : (rule.statements ?? []).flatMap((kind, at) =>
          instead[kind] === undefined
            ? []
            : [
                {
                  path: `spec.rules[${index}].statements[${at}]`,
                  message: `${kind} is no access to a table: an Allow must state ${instead[kind]}`,
                },
              ],
        ),
  )
}

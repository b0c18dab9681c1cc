/** One entry of `spec.authentication.oidc`, made ready: durations in milliseconds, expressions compiled. */
import type { OidcAuthenticator } from '@sallyport/crds/types.generated.ts'
import { durationMs } from '@sallyport/crds/units.ts'
import { type CelProgram, type CelVariables, compileCel } from '../policy/cel.ts'
import type { ClaimRequirements } from './claims.ts'
import { acceptableUrl } from './issuer-document.ts'

export type OidcSettings = OidcAuthenticator

export interface IssuerRules extends ClaimRequirements {
  readonly validations: readonly { readonly rule: CelProgram; readonly message: string }[]
  readonly username: CompiledMapping
  readonly groups: CompiledMapping | undefined
  readonly kubernetesUsername: CelProgram | undefined
}

export interface CompiledMapping {
  readonly source: { readonly claim: string } | { readonly expression: CelProgram }
  readonly prefix: string
}

/** What CEL in `authentication` sees. */
export const claimVariables: CelVariables = { claims: 'map' }

/** The rules, or everything that is wrong with them: an issuer with a problem proves nobody. */
export function compileIssuer(
  settings: OidcSettings,
): { readonly ok: IssuerRules } | { readonly problems: readonly string[] } {
  const problems: string[] = []
  const compile = (field: string, source: string, returns: 'bool' | 'string' | 'any') => {
    const compiled = compileCel(source, claimVariables, returns)
    if ('ok' in compiled) return compiled.ok
    problems.push(`${field}: ${compiled.problem}`)
    return undefined
  }
  const rules = readRules(settings, compile, problems)
  return problems.length === 0 && rules !== undefined ? { ok: rules } : { problems }
}

type Compile = (field: string, source: string, returns: 'bool' | 'string' | 'any') => CelProgram | undefined

function readRules(settings: OidcSettings, compile: Compile, problems: string[]): IssuerRules | undefined {
  const { issuer, claimMappings, claimValidationRules, kubernetesUsername } = settings
  if (acceptableUrl(issuer.url) === undefined) problems.push('issuer.url: only https, or http on this machine')
  if (issuer.audiences.length === 0) problems.push('issuer.audiences: at least one')
  const username = readMapping('claimMappings.username', claimMappings.username, 'string', compile, problems)
  const groups =
    claimMappings.groups && readMapping('claimMappings.groups', claimMappings.groups, 'any', compile, problems)
  const kubernetes =
    kubernetesUsername && compile('kubernetesUsername.expression', kubernetesUsername.expression, 'string')
  const validations = claimValidationRules.flatMap(({ expression, message }, index) => {
    const rule =
      expression === undefined ? undefined : compile(`claimValidationRules[${index}].expression`, expression, 'bool')
    return rule === undefined ? [] : [{ rule, message: message ?? `claimValidationRules[${index}] does not hold` }]
  })
  const clockSkewMs = readDuration('clockSkew', settings.clockSkew, problems)
  const maxTokenLifetimeMs = readDuration('maxTokenLifetime', settings.maxTokenLifetime, problems)
  if (username === undefined) return undefined
  return {
    ...{
      audiences: issuer.audiences,
      clockSkewMs,
      maxTokenLifetimeMs,
      requiredValues: requiredValues(settings, problems),
    },
    ...{ validations, username, groups, kubernetesUsername: kubernetes },
  }
}

function readMapping(
  field: string,
  mapping: { readonly claim?: string; readonly expression?: string; readonly prefix?: string },
  returns: 'string' | 'any',
  compile: Compile,
  problems: string[],
): CompiledMapping | undefined {
  const { claim, expression, prefix = '' } = mapping
  if ((claim === undefined) === (expression === undefined)) {
    problems.push(`${field}: either a claim or an expression`)
    return undefined
  }
  if (claim !== undefined) return { source: { claim }, prefix }
  const program = compile(`${field}.expression`, expression ?? '', returns)
  return program === undefined ? undefined : { source: { expression: program }, prefix }
}

function requiredValues(settings: OidcSettings, problems: string[]): { claim: string; requiredValue: string }[] {
  return settings.claimValidationRules.flatMap(({ claim, requiredValue, expression }, index) => {
    const whole = claim !== undefined && requiredValue !== undefined
    if (whole === (expression !== undefined)) {
      problems.push(`claimValidationRules[${index}]: either claim and requiredValue, or an expression`)
    }
    return whole ? [{ claim, requiredValue }] : []
  })
}

function readDuration(field: string, text: string, problems: string[]): number {
  try {
    return durationMs(text)
  } catch {
    problems.push(`${field}: not a duration`)
    return 0
  }
}

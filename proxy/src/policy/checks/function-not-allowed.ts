import type { FunctionEntry, ServerMajor } from '../../sql/catalog.ts'
import { harmlessExtensionFunction } from '../../sql/lists/extensions.ts'
import { type ExclusionReason, harmlessFunction } from '../../sql/lists/functions.ts'
import type { Resolved, ResolvedCall } from '../../sql/resolved.ts'
import type { NameMatcher } from '../name-pattern.ts'
import { pinnedToReadable } from '../pinned.ts'
import type { Check, Question } from '../question.ts'
import type { Reason } from '../reason.ts'

/** A call stands for every function that the server might run for it: all must be harmless, or allowed by name. */
export const functionNotAllowed: Check = question => firstRefused(question, allowedFunctions(question), () => true)

/** Files and programs of the server, by way of a function that nobody allowed. */
export const serverFileFunction: Check = question =>
  firstRefused(question, allowedFunctions(question), verdict => verdict.class === 'Files')

function firstRefused(
  question: Question,
  allowed: readonly NameMatcher[],
  counts: (why: ExclusionReason) => boolean,
): Reason | undefined {
  const { resolved, server } = question
  const passed = new Set<FunctionEntry>()
  let seen: ReadonlySet<string> | undefined
  const isPermitted = ({ schema, name }: FunctionEntry) => {
    seen ??= judgedAsSettings(resolved)
    return (schema === 'pg_catalog' && seen.has(name)) || allowed.some(matcher => matcher.matches(schema, name))
  }
  for (const call of resolved.calls) {
    if (call.candidates.length === 0) return unknownCall(call)
    for (const candidate of call.candidates) {
      if (passed.has(candidate)) continue
      const why = verdictOn(candidate, server)
      if (why !== true && isJudgedOtherwise(call, candidate, why, question)) continue // this call, not the next
      if (why !== true && counts(why) && !isPermitted(candidate)) return refused(call, candidate, why)
      passed.add(candidate)
    }
  }
  return undefined
}

/** A SELECT that pins settings to readable ones, or a sequence that the call names: an access of its own. */
function isJudgedOtherwise(
  call: ResolvedCall,
  { schema }: FunctionEntry,
  why: ExclusionReason,
  question: Question,
): boolean {
  if (schema !== 'pg_catalog') return false
  return why.class === 'Sequences' ? namesItsSequence(call, question) : isPinned(call, question, why.unlessPinned)
}

function namesItsSequence({ location, form }: ResolvedCall, { resolved: { facts, calls } }: Question): boolean {
  const named = facts.sequences.find(({ call }) => form === 'Function' && call === location)
  if (named?.cast === undefined) return named !== undefined
  const casts = calls.filter(call => call.form === 'Cast' && call.location === named.cast)
  return casts.some(({ candidates }) => candidates.some(makesRegclass))
}

/** Among the functions of a cast to regclass and to no other type that may be called so. */
function makesRegclass({ schema, name }: FunctionEntry): boolean {
  return schema === 'pg_catalog' && name === 'regclass'
}

function isPinned(call: ResolvedCall, { resolved, server }: Question, column: string | undefined): boolean {
  if (column === undefined || call.form !== 'Function') return false
  return pinnedToReadable(resolved, server, column, { function: call.location })
}

/** `functions` counts only from policies whose role is the session's. */
function allowedFunctions({ policies, role }: Question): readonly NameMatcher[] {
  return policies.flatMap(policy => (policy.role === role && policy.functions !== undefined ? [policy.functions] : []))
}

const verdicts = new Map<ServerMajor, WeakMap<FunctionEntry, true | ExclusionReason>>()

/** Remembered by the catalog's own entry, which a refresh of the catalog replaces. */
function verdictOn(entry: FunctionEntry, server: ServerMajor): true | ExclusionReason {
  const known = verdicts.get(server) ?? new WeakMap<FunctionEntry, true | ExclusionReason>()
  verdicts.set(server, known)
  const found = known.get(entry)
  if (found !== undefined) return found
  const verdict = judge(entry, server)
  known.set(entry, verdict)
  return verdict
}

function judge({ schema, name, args, extension }: FunctionEntry, server: ServerMajor): true | ExclusionReason {
  const signature = `${name}(${args.join(', ')})`
  if (extension !== undefined) return harmlessExtensionFunction(extension, signature)
  if (schema === 'pg_catalog') return harmlessFunction(server, signature)
  if (schema === 'information_schema') return harmlessFunction(server, `information_schema.${signature}`)
  return { class: 'Unlisted', text: "is the database owner's own code" }
}

/** set_config() and current_setting() with literal names are in `facts.settings`, parameters beside them: one entry a call at least. */
function judgedAsSettings({ calls, facts }: Resolved): ReadonlySet<string> {
  const names = ['set_config', 'current_setting']
  const isOne = ({ schema, name }: FunctionEntry) => schema === 'pg_catalog' && names.includes(name)
  const count = calls.filter(({ candidates }) => candidates.some(isOne)).length
  const judged = facts.settings.length + (facts.boundSettings?.length ?? 0)
  return new Set(judged >= count ? names : [])
}

function refused(call: ResolvedCall, { schema, name, args }: FunctionEntry, why: ExclusionReason): Reason {
  const signature = `${schema}.${name}(${args.join(', ')})`
  const written =
    call.form === 'Function' ? '' : `${call.form === 'Operator' ? 'operator' : 'cast'} ${call.written} may run `
  return {
    code: 'FunctionNotAllowed',
    text: `${written}function ${signature}, which ${why.text}; no policy allows it`,
    hint: `A policy can allow it: functions: {allow: ["${schema}.${name}"]}.`,
    about: { function: `${schema}.${name}`, class: why.class },
    location: call.location,
  }
}

/** `resolve` refuses what it finds nothing for; an empty list here would be let through by the loop above. */
function unknownCall(call: ResolvedCall): Reason {
  return { code: 'NotUnderstood', text: `nothing is known of ${call.written}`, location: call.location }
}

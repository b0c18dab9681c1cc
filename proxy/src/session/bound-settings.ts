/** `current_setting($1)`: drivers read settings so. The name comes with Bind, and is judged there as a literal would be. */
import { judgeSetting } from '../policy/checks/setting-not-allowed.ts'
import type { ServerMajor } from '../sql/catalog.ts'
import type { Bind } from '../wire/frontend.ts'
import type { JudgedStatement } from './judgement.ts'
import { type Refusal, refusalFor } from './refusal.ts'

/** Why these parameters may not be bound. Without them (a Bind that is streamed, SQL EXECUTE) any such statement is refused. */
export function refuseBoundSettings(
  statement: JudgedStatement | undefined,
  bind: Pick<Bind, 'parameters'> | undefined,
  server: ServerMajor,
  types: readonly number[] = [],
): Refusal | undefined {
  for (const { parameter } of statement?.facts.boundSettings ?? []) {
    const value = bind?.parameters[parameter - 1]
    if (bind === undefined || value === undefined || !textTypes.has(types[parameter - 1] ?? 0)) return unknownSetting
    if (value === null) continue
    // Text and binary are the same bytes for these types.
    const name = value.toString('utf8')
    const limits = statement?.decision.limits ?? {}
    const reason = judgeSetting({ act: 'Show', name, local: false, span: { start: 0, end: 0 } }, { server, limits })
    if (reason !== undefined) return refusalFor(reason)
  }
  return undefined
}

/** Declared as nothing, text, unknown, varchar or name. */
const textTypes: ReadonlySet<number> = new Set([0, 25, 705, 1043, 19])

const unknownSetting = refusalFor({
  code: 'DynamicSetting',
  text: 'current_setting needs the name of the setting as a literal, or as a parameter of an ordinary Bind',
})

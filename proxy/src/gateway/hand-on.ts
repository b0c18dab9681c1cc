/** What the database may know of who is there: settings in the upstream startup options, which RESET ALL does not take away. */
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { startupOption } from '../session/startup-options.ts'
import { settings } from '../settings.ts'

export interface HandOn {
  /** Names of claims. */
  readonly claims: readonly string[]
  /** Groups that a policy of this gateway names. */
  readonly namedGroups: ReadonlySet<string>
}

/** Startup `options`: the identity, its groups as a JSON array, and the claims as one JSON object. Over 8 KiB: refused. */
export function handOnOptions(
  identity: Identity,
  { claims, namedGroups }: HandOn,
): { readonly options: string } | { readonly reason: Reason } {
  const handed = Object.fromEntries(
    claims.flatMap(name => (Object.hasOwn(identity.claims, name) ? [[name, identity.claims[name]]] : [])),
  )
  const groups = identity.groups.filter(group => namedGroups.has(group))
  const options = [
    startupOption('sallyport.username', identity.username),
    startupOption('sallyport.groups', JSON.stringify(groups)),
    ...(claims.length === 0 ? [] : [startupOption('request.jwt.claims', JSON.stringify(handed))]),
  ].join(' ')
  if (Buffer.byteLength(options) <= settings.maxHandOnBytes) return { options }
  const text = `the claims and groups to hand on to the database are over ${settings.maxHandOnBytes} bytes`
  return { reason: { code: 'IdentityTooLarge', text, hint: 'Hand on fewer claims, or name fewer groups in policies.' } }
}

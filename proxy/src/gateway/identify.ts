/** Who is there: the token as password, or by SASL OAUTHBEARER. */
import type { Authenticator } from '../auth/authenticator.ts'
import { oauthBearer, oauthBearerMechanism, type SaslStep } from '../auth/sasl.ts'
import { PeerProtocolError } from '../errors.ts'
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { encodeAuthentication } from '../wire/backend.ts'
import { decodePassword, decodeSASLInitialResponse, decodeSASLResponse } from '../wire/frontend.ts'
import type { PeerMessages } from './peer.ts'

export type Method = 'Password' | 'OAuthBearer'
export type Identified = { readonly identity: Identity } | { readonly reason: Reason }

export interface IdentifyOptions {
  readonly method: Method
  readonly messages: PeerMessages
  readonly authenticator: Authenticator
  send(bytes: Buffer): void
}

export async function identify(options: IdentifyOptions, signal: AbortSignal): Promise<Identified> {
  return options.method === 'Password' ? byPassword(options, signal) : byOAuthBearer(options, signal)
}

async function byPassword(
  { messages, authenticator, send }: IdentifyOptions,
  signal: AbortSignal,
): Promise<Identified> {
  send(encodeAuthentication({ is: 'AuthenticationCleartextPassword' }))
  return authenticator.authenticate(decodePassword(await messages.response(signal)))
}

async function byOAuthBearer(
  { messages, authenticator, send }: IdentifyOptions,
  signal: AbortSignal,
): Promise<Identified> {
  const exchange = oauthBearer(authenticator.discovery())
  send(encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: [oauthBearerMechanism] }))
  const { mechanism, data } = decodeSASLInitialResponse(await messages.response(signal))
  if (mechanism !== oauthBearerMechanism)
    throw new PeerProtocolError('client selected an invalid SASL authentication mechanism')
  let step: SaslStep = exchange.receive(data ?? undefined)
  for (;;) {
    if (step.do === 'fail' && step.violation === true) throw new PeerProtocolError(step.reason.text)
    if (step.do === 'fail') return { reason: step.reason }
    if (step.do === 'verify') {
      const found = await authenticator.authenticate(step.token)
      if ('identity' in found) return found
      step = exchange.refused(found.reason)
    } else {
      send(encodeAuthentication({ is: 'AuthenticationSASLContinue', data: step.bytes }))
      step = exchange.receive(decodeSASLResponse(await messages.response(signal)))
    }
  }
}

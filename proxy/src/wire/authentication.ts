import { PeerProtocolError } from '../errors.ts'
import { settings } from '../settings.ts'
import { Reader, Writer } from './bytes.ts'
import { backend } from './messages.ts'

/** What a server says about authentication: one message type, told apart by a code. */
export type Authentication =
  | { readonly is: 'AuthenticationOk' | 'AuthenticationCleartextPassword' | UnusedMethod }
  | { readonly is: 'AuthenticationMD5Password'; readonly salt: Buffer }
  | { readonly is: 'AuthenticationSASL'; readonly mechanisms: readonly string[] }
  | {
      readonly is: 'AuthenticationSASLContinue' | 'AuthenticationSASLFinal' | 'AuthenticationGSSContinue'
      readonly data: Buffer
    }

/** Recognised so that they can be refused by name. */
export type UnusedMethod =
  | 'AuthenticationKerberosV5'
  | 'AuthenticationSCMCredential'
  | 'AuthenticationGSS'
  | 'AuthenticationSSPI'

const codes = {
  0: 'AuthenticationOk',
  2: 'AuthenticationKerberosV5',
  3: 'AuthenticationCleartextPassword',
  5: 'AuthenticationMD5Password',
  6: 'AuthenticationSCMCredential',
  7: 'AuthenticationGSS',
  8: 'AuthenticationGSSContinue',
  9: 'AuthenticationSSPI',
  10: 'AuthenticationSASL',
  11: 'AuthenticationSASLContinue',
  12: 'AuthenticationSASLFinal',
} as const
const names: ReadonlyMap<number, Authentication['is']> = new Map(
  Object.entries(codes).map(([code, is]) => [Number(code), is]),
)

export function decodeAuthentication(bytes: Buffer): Authentication {
  const reader = new Reader(bytes)
  const code = reader.uint32()
  const is = names.get(code)
  if (is === undefined) throw new PeerProtocolError(`authentication method ${code} not supported`)
  const message = decodeBody(is, reader)
  reader.finish()
  return message
}

export function encodeAuthentication(message: Authentication): Buffer {
  const writer = new Writer(backend.Authentication).uint32(codeOf(message.is))
  switch (message.is) {
    case 'AuthenticationMD5Password':
      return writer.bytes(message.salt).finish()
    case 'AuthenticationSASL':
      for (const mechanism of message.mechanisms) writer.string(mechanism)
      return writer.uint8(0).finish()
    case 'AuthenticationSASLContinue':
    case 'AuthenticationSASLFinal':
    case 'AuthenticationGSSContinue':
      return writer.bytes(message.data).finish()
    default:
      return writer.finish()
  }
}

function decodeBody(is: Authentication['is'], reader: Reader): Authentication {
  switch (is) {
    case 'AuthenticationMD5Password':
      return { is, salt: reader.slice(4) }
    case 'AuthenticationSASL':
      return { is, mechanisms: mechanisms(reader) }
    case 'AuthenticationSASLContinue':
    case 'AuthenticationSASLFinal':
    case 'AuthenticationGSSContinue':
      return { is, data: reader.rest() }
    default:
      return { is }
  }
}

function mechanisms(reader: Reader): readonly string[] {
  const found: string[] = []
  for (let name = reader.string(); name !== ''; name = reader.string()) {
    if (found.push(name) > settings.maxMechanisms) throw new PeerProtocolError('too many authentication mechanisms')
  }
  return found
}

function codeOf(is: Authentication['is']): number {
  return Number(Object.entries(codes).find(([, name]) => name === is)?.[0])
}

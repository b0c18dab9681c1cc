/**
 * The gateway's own login: startup, authentication by whatever the server asks for and we will do, and all that comes
 * before the first ReadyForQuery. Passwords go out as a SCRAM proof, as md5, or in the clear over TLS; never otherwise.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type BackendMessage, decodeBackend } from '../wire/backend.ts'
import type { ErrorField } from '../wire/error-fields.ts'
import { encodePassword, encodeSASLInitialResponse, encodeSASLResponse } from '../wire/frontend-encode.ts'
import { encodeStartup } from '../wire/startup.ts'
import { UpstreamRefused, UpstreamUnavailable } from './errors.ts'
import { blamePeer, type Exchange } from './exchange.ts'
import { type Channel, type ClientFirst, checkServerFinal, clientFinal, clientFirst } from './scram.ts'
import type { ScramKeys } from './scram-keys.ts'
import type { Upstream, UpstreamLogin } from './target.ts'

export type LoggedIn = Omit<Upstream, 'socket' | 'rest'>

/** Resolves at ReadyForQuery. Rejects with UpstreamRefused or UpstreamUnavailable. */
export async function logIn(
  exchange: Exchange,
  login: UpstreamLogin,
  channel: Channel,
  keys: ScramKeys,
): Promise<LoggedIn> {
  const { role, database, parameters, protocol } = login
  exchange.write(encodeStartup(protocol.minor, Object.entries({ ...parameters, user: role, database })))
  const received = new Received(protocol.minor)
  const read = () => nextMessage(exchange, received)
  await authenticate(read, exchange, login, channel, keys)
  return received.until(read)
}

/** The next message that is not for `received`: an ErrorResponse ends the login. */
async function nextMessage(exchange: Exchange, received: Received): Promise<BackendMessage> {
  for (;;) {
    const { type, bytes } = await exchange.next()
    const message = decoded(type, bytes)
    if (message.is === 'ErrorResponse') throw new UpstreamRefused(fieldsOf(message.fields))
    if (!received.take(message, bytes)) return message
  }
}

function decoded(type: number, bytes: Buffer): BackendMessage {
  try {
    return decodeBackend(type, bytes)
  } catch (error) {
    throw blamePeer(error)
  }
}

/** The first of each field, by its letter. */
export function fieldsOf(fields: readonly ErrorField[]): Readonly<Record<string, string>> {
  const first: Record<string, string> = {}
  for (const { code, value } of fields) first[code] ??= value
  return first
}

/** What a server tells between authentication and ReadyForQuery. */
class Received {
  readonly #parameters = new Map<string, string>()
  readonly #notices: Buffer[] = []
  #minor: number
  #key: { readonly processId: number; readonly secretKey: Buffer } = { processId: 0, secretKey: Buffer.alloc(0) }

  constructor(minor: number) {
    this.#minor = minor
  }

  take(message: BackendMessage, bytes: Buffer): boolean {
    switch (message.is) {
      case 'ParameterStatus':
        this.#parameters.set(message.name, message.value)
        return true
      case 'NoticeResponse':
        this.#notices.push(Buffer.from(bytes))
        return true
      case 'BackendKeyData':
        this.#key = { processId: message.processId, secretKey: Buffer.from(message.secretKey) }
        return true
      case 'NegotiateProtocolVersion':
        this.#minor = negotiated(message.version, this.#minor)
        return true
      default:
        return false
    }
  }

  async until(read: () => Promise<BackendMessage>): Promise<LoggedIn> {
    const message = await read()
    if (message.is !== 'ReadyForQuery' || message.status !== 'I') throw unexpected(message)
    return {
      ...this.#key,
      parameters: this.#parameters,
      protocol: { major: 3, minor: this.#minor },
      notices: this.#notices,
      transactionStatus: message.status,
    }
  }
}

/** A server names the newest version that it speaks; ours must be no older than that. */
function negotiated(version: number, asked: number): number {
  const minor = version & 0xffff
  if (version >>> 16 === 3 && minor < asked) return minor
  throw new UpstreamUnavailable('protocol', 'the database negotiates a protocol version that was not asked for')
}

async function authenticate(
  read: () => Promise<BackendMessage>,
  exchange: Exchange,
  login: UpstreamLogin,
  channel: Channel,
  keys: ScramKeys,
): Promise<void> {
  const message = await read()
  switch (message.is) {
    case 'AuthenticationOk':
      return
    case 'AuthenticationCleartextPassword':
      if (!channel.encrypted) throw failure('the database wants the password in the clear on a connection without TLS')
      exchange.write(encodePassword(await passwordOf(login)))
      break
    case 'AuthenticationMD5Password':
      exchange.write(encodePassword(md5(await passwordOf(login), login.role, message.salt)))
      break
    case 'AuthenticationSASL':
      await scram(read, exchange, clientFirst(message.mechanisms, channel, nonce()), await passwordOf(login), keys)
      break
    default:
      throw message.is.startsWith('Authentication')
        ? failure(`the database asks for ${message.is}, which the gateway does not speak`)
        : unexpected(message)
  }
  const last = await read()
  if (last.is !== 'AuthenticationOk') throw unexpected(last)
}

async function scram(
  read: () => Promise<BackendMessage>,
  exchange: Exchange,
  begun: ClientFirst,
  password: string,
  keys: ScramKeys,
): Promise<void> {
  exchange.write(encodeSASLInitialResponse(begun.mechanism, Buffer.from(begun.message)))
  const challenge = await saslData(read, 'AuthenticationSASLContinue')
  const final = await clientFinal(begun, challenge, password, keys)
  exchange.write(encodeSASLResponse(Buffer.from(final.message)))
  checkServerFinal(final, await saslData(read, 'AuthenticationSASLFinal'))
}

async function saslData(
  read: () => Promise<BackendMessage>,
  is: 'AuthenticationSASLContinue' | 'AuthenticationSASLFinal',
): Promise<string> {
  const message = await read()
  if (message.is !== is || !('data' in message)) throw unexpected(message)
  return message.data.toString('latin1')
}

async function passwordOf({ role, password }: UpstreamLogin): Promise<string> {
  const read = await (typeof password === 'function' ? readPassword(password) : password)
  if (read !== undefined && read !== '') return read
  throw failure(`the database wants a password for role "${role}", and none is configured`)
}

async function readPassword(
  password: () => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await password()
  } catch {
    throw failure('the password for the database cannot be read')
  }
}

/** md5(md5(password role) salt), the method that PostgreSQL is about to drop. */
function md5(password: string, role: string, salt: Buffer): string {
  const hash = (...parts: (string | Buffer)[]) =>
    parts.reduce((md, part) => md.update(part), createHash('md5')).digest('hex')
  return `md5${hash(hash(password, role), salt)}`
}

function nonce(): string {
  return randomBytes(18).toString('base64')
}

function failure(message: string): UpstreamUnavailable {
  return new UpstreamUnavailable('authentication', message)
}

function unexpected(message: BackendMessage): UpstreamUnavailable {
  return new UpstreamUnavailable('protocol', `the database sent an unexpected ${message.is} during the login`)
}

/** Where the database is and how it is reached: `spec.upstream` with its references already read. */
import type net from 'node:net'
import type tls from 'node:tls'
import type { ReadBuffers } from './read-buffers.ts'
import type { ScramKeys } from './scram-keys.ts'

export type TlsMode = 'Disable' | 'Require' | 'VerifyCA' | 'VerifyFull'

export interface UpstreamTls {
  /** Require encrypts and checks nothing; VerifyCA checks the chain; VerifyFull checks the chain and the name. */
  readonly mode: TlsMode
  /** PEM; without it the roots that Node carries. Where the one that is named is not there, give '': no connection then. */
  readonly certificateAuthority?: string
  /** PEM. Shown when the server asks for it. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string }
  /** Instead of `host`, for SNI and for the name that VerifyFull wants. */
  readonly serverName?: string
}

export interface UpstreamTarget {
  readonly host: string
  readonly port: number
  readonly tls: UpstreamTls
}

export interface UpstreamLogin {
  readonly role: string
  /** A function is asked only when the server wants a password, so that a mounted file is read at each login. */
  readonly password?: string | (() => string | undefined | Promise<string | undefined>)
  readonly database: string
  /** More startup parameters: `application_name`, `options`, `client_encoding` … */
  readonly parameters: Readonly<Record<string, string>>
  readonly protocol: { readonly major: 3; readonly minor: 0 | 2 }
}

export interface ConnectOptions {
  /** For all of it: name, TCP, TLS, login. */
  readonly timeoutMs: number
  readonly scramKeys: ScramKeys
}

/** A session that is logged in and idle. The socket is paused and carries no listeners of ours. */
export interface Upstream {
  readonly socket: net.Socket | tls.TLSSocket
  /** What was read after ReadyForQuery. */
  readonly rest: Buffer
  /** What the socket reads into, where it is not TLS: say when it is free, and it is used again. */
  readonly reads?: ReadBuffers
  readonly parameters: ReadonlyMap<string, string>
  readonly processId: number
  readonly secretKey: Buffer
  readonly protocol: { readonly major: number; readonly minor: number }
  /** Whole NoticeResponse messages that came during the login. */
  readonly notices: readonly Buffer[]
  readonly transactionStatus: 'I'
}

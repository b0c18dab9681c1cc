/** Why there is no upstream: the server said no, or there was no server to ask. Neither ever carries the password. */

/** The fields of an ErrorResponse by their letter in the manual ("Error and Notice Message Fields"): C, M, D, H … */
export type ErrorFields = Readonly<Record<string, string>>

/** The server answered with an ErrorResponse. */
export class UpstreamRefused extends Error {
  override readonly name = 'UpstreamRefused'
  readonly fields: ErrorFields
  readonly sqlState: string

  constructor(fields: ErrorFields) {
    super(`the server refused: ${fields.M ?? 'no message'}`)
    this.fields = fields
    // A poor server may leave the SQLSTATE out.
    this.sqlState = fields.C ?? 'XX000'
  }
}

export type UnavailableCause = 'network' | 'tls' | 'timeout' | 'protocol' | 'authentication'

/** No session came about: network, TLS, time, a peer that breaks the protocol, or a login that we cannot or will not do. */
export class UpstreamUnavailable extends Error {
  override readonly name = 'UpstreamUnavailable'
  readonly reason: UnavailableCause

  constructor(reason: UnavailableCause, message: string) {
    super(message)
    this.reason = reason
  }
}

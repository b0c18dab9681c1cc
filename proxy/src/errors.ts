/**
 * Blame is in the type. A peer that breaks the protocol ends its own connection; a `BugError` is ours, is counted, and
 * still fails closed.
 */

/** A peer sent what the protocol does not allow. Closes that one connection, politely, with this SQLSTATE. */
export class PeerProtocolError extends Error {
  override readonly name = 'PeerProtocolError'
  readonly sqlState: string

  constructor(message: string, sqlState = '08P01') {
    super(message)
    this.sqlState = sqlState
  }
}

/** A state that our own code must make impossible. Counted in `sallyport_bug_total`; the session it happens in ends. */
export class BugError extends Error {
  override readonly name = 'BugError'
}

/** The compiler says when a case of a union is forgotten; at run time it is a bug. */
export function unreachable(value: never): never {
  throw new BugError(`unexpected case ${JSON.stringify(value)}`)
}

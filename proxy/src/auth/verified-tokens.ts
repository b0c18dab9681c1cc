/** Tokens whose signature and claims were checked, found by hash: a reconnect with the same token costs a lookup. */
import { createHash } from 'node:crypto'
import type { Identity } from '../policy/identity.ts'
import { settings } from '../settings.ts'

interface Verified {
  readonly identity: Identity
  /** Of the issuer's keys when the signature was checked: other keys, other answer. */
  readonly generation: number
}

export class VerifiedTokens {
  readonly #tokens = new Map<string, Verified>()

  find(hash: string): Verified | undefined {
    return this.#tokens.get(hash)
  }

  keep(hash: string, verified: Verified): void {
    this.#tokens.delete(hash)
    this.#tokens.set(hash, verified)
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= settings.maxVerifiedTokens) break
      this.#tokens.delete(oldest)
    }
  }

  drop(hash: string): void {
    this.#tokens.delete(hash)
  }
}

/** The token itself is never a key of a map, nor anywhere else in memory for longer than its login. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}

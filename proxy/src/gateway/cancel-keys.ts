/**
 * Cancel keys: always our own, minted before they are sent, compared in constant time, forwarded only after they match.
 * Protocol 3.0 has four bytes of secret; 3.2 takes up to 256, of which we use 32.
 */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

export interface CancelKey {
  readonly processId: number
  readonly secretKey: Buffer
}

export class CancelKeys {
  readonly #sessions = new Map<number, { readonly secretKey: Buffer; cancel(): void }>()

  /** A key that no session here has, for `minor` of protocol 3. `cancel` is called when somebody shows it. */
  mint(minor: number, cancel: () => void): CancelKey {
    let processId = randomInt(1, 2 ** 31)
    while (this.#sessions.has(processId)) processId = randomInt(1, 2 ** 31)
    const secretKey = randomBytes(minor >= 2 ? 32 : 4)
    this.#sessions.set(processId, { secretKey, cancel })
    return { processId, secretKey }
  }

  forget(key: CancelKey): void {
    this.#sessions.delete(key.processId)
  }

  /** Whether the key is right; then its session is cancelled. The client is told nothing either way. */
  cancel(processId: number, secretKey: Buffer): boolean {
    const session = this.#sessions.get(processId)
    if (session === undefined || session.secretKey.length !== secretKey.length) return false
    if (!timingSafeEqual(session.secretKey, secretKey)) return false
    session.cancel()
    return true
  }
}

/**
 * PBKDF2 is slow by design (4096 rounds and more), and a gateway logs in as the same few roles all day. So what it
 * yields is remembered: ClientKey and ServerKey for a password, salt and iteration count. The password itself is not
 * kept, not even as a map key: entries are found by a MAC under a key that this process made and never writes down.
 */
import { createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { settings } from '../settings.ts'
import { prepared } from './saslprep.ts'

export interface ScramSecret {
  readonly clientKey: Buffer
  readonly serverKey: Buffer
}

const derive = promisify(pbkdf2)

/** A bounded cache, least recently used out first; derivation runs on Node's thread pool, once for callers at a time. */
export class ScramKeys {
  readonly #secrets = new Map<string, Promise<ScramSecret>>()
  readonly #finder = randomBytes(32)
  readonly #limit: number

  constructor(limit: number = settings.maxScramKeys) {
    this.#limit = limit
  }

  get size(): number {
    return this.#secrets.size
  }

  get(password: string, salt: Buffer, iterations: number): Promise<ScramSecret> {
    const place = this.#place(password, salt, iterations)
    const secret = this.#secrets.get(place) ?? saltedSecret(password, salt, iterations)
    this.#secrets.delete(place)
    this.#secrets.set(place, secret)
    secret.catch(() => this.#secrets.delete(place))
    for (const oldest of this.#secrets.keys()) {
      if (this.#secrets.size <= this.#limit) break
      this.#secrets.delete(oldest)
    }
    return secret
  }

  #place(password: string, salt: Buffer, iterations: number): string {
    const text = JSON.stringify([password, salt.toString('base64'), iterations])
    return createHmac('sha256', this.#finder).update(text).digest('base64')
  }
}

async function saltedSecret(password: string, salt: Buffer, iterations: number): Promise<ScramSecret> {
  const salted = await derive(prepared(password), salt, iterations, 32, 'sha256')
  return { clientKey: hmac(salted, 'Client Key'), serverKey: hmac(salted, 'Server Key') }
}

/** HMAC-SHA-256, the only MAC of SCRAM-SHA-256. */
export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

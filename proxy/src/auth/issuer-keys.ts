/**
 * The keys of one issuer: fetched at the start, again in the background, and once more when a token names a key that is
 * not among them, but never more often than the cooldown allows. A provider that is down takes no key away.
 */
import { settings } from '../settings.ts'
import { acceptableUrl, type FetchDocument } from './issuer-document.ts'
import { asRecord, type KeySet, parsed, readKeySet } from './key-set.ts'
import type { OidcSettings } from './oidc-settings.ts'

export interface KeysStatus {
  readonly keys: number
  /** Unix time, milliseconds, of the last request that brought keys. */
  readonly fetchedAt?: number
  /** Of the last request, if it failed. */
  readonly error?: string
}

export interface KeySource {
  readonly issuer: OidcSettings['issuer']
  readonly certificateAuthority?: string
  readonly fetch: FetchDocument
  /** Keys of the same source, known from before a reload: a provider that is down then takes none away. */
  readonly known?: KeySet
  now(): number
}

export class IssuerKeys {
  readonly #source: KeySource
  readonly #stopped = new AbortController()
  #known: KeySet | undefined
  #generation = 0
  #fetchedAt: number | undefined
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined
  #error: string | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(source: KeySource) {
    this.#source = source
    this.#known = source.known
    if (source.issuer.jwks === undefined) this.#refreshLater(0)
    else this.#takeInline(source.issuer.jwks)
  }

  /** Changes whenever the keys do. */
  get generation(): number {
    return this.#generation
  }

  get known(): KeySet | undefined {
    return this.#known
  }

  status(): KeysStatus {
    return {
      keys: this.#known?.count ?? 0,
      ...(this.#fetchedAt === undefined ? {} : { fetchedAt: this.#fetchedAt }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    }
  }

  /** Asks the provider again, unless it was asked just now; concurrent callers share one request. Never throws. */
  async refresh(): Promise<void> {
    if (this.#source.issuer.jwks !== undefined || this.#stopped.signal.aborted) return
    if (this.#asking === undefined) {
      if (this.#source.now() - this.#askedAt < settings.issuerCooldownMs) return
      this.#askedAt = this.#source.now()
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined
        this.#refreshLater(this.#error === undefined ? settings.issuerRefreshMs : settings.issuerCooldownMs)
      })
    }
    await this.#asking
  }

  close(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
  }

  #refreshLater(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped.signal.aborted) return
    // One millisecond more, or a timer that fires early would meet the cooldown and be the last.
    this.#timer = setTimeout(() => void this.refresh(), delayMs + 1).unref()
  }

  async #ask(): Promise<void> {
    try {
      this.#take(await this.#get(this.#source.issuer.jwksURL ?? (await this.#discover())))
      this.#fetchedAt = this.#source.now()
    } catch (error) {
      this.#error = messageOf(error)
    }
  }

  #takeInline(text: string): void {
    try {
      this.#take(text)
    } catch (error) {
      this.#error = messageOf(error)
    }
  }

  #take(text: string): void {
    const keys = readKeySet(text)
    if (keys.content !== this.#known?.content) this.#generation++
    this.#known = keys
    this.#error = undefined
  }

  /** OpenID Connect Discovery 1.0, section 4: the document must speak for the very issuer that we trust. */
  async #discover(): Promise<string> {
    const { url } = this.#source.issuer
    const document = asRecord(parsed(await this.#get(discoveryUrl(url))))
    if (document.issuer !== url) throw new Error('the discovery document is about another issuer')
    const jwksUrl = document.jwks_uri
    if (typeof jwksUrl !== 'string') throw new Error('the discovery document has no jwks_uri')
    if (acceptableUrl(jwksUrl) === undefined) throw new Error('the discovery document has a jwks_uri that is not https')
    return jwksUrl
  }

  #get(url: string): Promise<string> {
    const { certificateAuthority, fetch } = this.#source
    const ca = certificateAuthority === undefined ? {} : { certificateAuthority }
    return fetch({ url, signal: this.#stopped.signal, ...ca })
  }
}

export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the keys cannot be had'
}

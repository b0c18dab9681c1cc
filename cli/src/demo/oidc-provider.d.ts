/** The little of `oidc-provider` that the demo uses; the package has no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface ProviderToken {
    readonly clientId?: string
    readonly accountId?: string
  }

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    on(event: string, listener: (...values: readonly unknown[]) => void): this
  }
}

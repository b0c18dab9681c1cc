/** Who is on the other end, as proven by a token. Never holds the token itself. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** After claimMappings, with prefix. */
  readonly username: string
  readonly groups: readonly string[]
  /** The human behind an agent (`act.sub`), where the token says so. */
  readonly actor?: string
  /** Who that is to the API server; needed for approvals. */
  readonly kubernetesUsername?: string
  /** Set for projected service account tokens. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string }
  /** All verified claims, as JSON. CEL reads them. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Unix time, seconds. */
  readonly expiresAt: number
}

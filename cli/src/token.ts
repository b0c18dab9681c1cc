/** `sallyport token`: a token of the demo's identity provider, for the tour, scripts and tests. */
import type { Command } from 'commander'

/** Where `make demo` runs its provider. */
export const demoIssuer = 'http://127.0.0.1:9180'

export interface TokenRequest {
  readonly issuer: string
  readonly user: string
}

export function tokenCommand(program: Command): void {
  program
    .command('token')
    .description("print a token of the demo's identity provider")
    .requiredOption('--user <name>', 'a demo user: alice, support, migrator, ci, mallory …')
    .option('--issuer <url>', 'the provider', demoIssuer)
    .action(async (options: TokenRequest) => {
      process.exitCode = await token(options)
    })
}

/** Prints the token; exit code 1 with a sentence where there is none. */
export async function token(request: TokenRequest, print = console.log, complain = console.error): Promise<0 | 1> {
  try {
    print(await clientCredentials(request))
    return 0
  } catch (error) {
    complain(error instanceof Error ? error.message : 'no token')
    return 1
  }
}

/** The client credentials grant (RFC 6749 section 4.4), by the token endpoint that discovery names. */
export async function clientCredentials({ issuer, user }: TokenRequest): Promise<string> {
  const { token_endpoint: endpoint } = await ask(
    issuer,
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  )
  if (typeof endpoint !== 'string') throw new Error(`${issuer} is no OpenID Connect provider`)
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  const credentials = Buffer.from(`${encodeURIComponent(user)}:${encodeURIComponent(`${user}-of-the-demo`)}`)
  const headers = { authorization: `Basic ${credentials.toString('base64')}` }
  const { access_token: accessToken, error } = await ask(issuer, endpoint, { method: 'POST', body, headers })
  if (error === 'invalid_client') throw new Error(`${issuer} knows no user "${user}"`)
  if (typeof accessToken !== 'string') throw new Error(`${issuer} gives no token: ${error ?? 'its answer has none'}`)
  return accessToken
}

async function ask(issuer: string, url: string, init: RequestInit = {}): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) }).catch(() => {
    throw new Error(`${issuer} does not answer; is the demo running (make demo)?`)
  })
  const answer: unknown = await response.json().catch(() => undefined)
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
}

/**
 * The pages of the demo's provider, for the device flow (psql 18 with OAUTHBEARER): enter the code, confirm it, choose
 * who you are. Nobody has a password: this is a demo on loopback.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { Grant, ProviderContext } from 'oidc-provider'
import type { DemoUser } from './users.ts'

export const signInPath = '/sign-in/'

/** What tokens of the device flow are for; a resource indicator is a URI. */
export const resourceIndicator = 'urn:sallyport'

/** `features.deviceFlow` of the provider. */
export const deviceFlow = {
  enabled: true,
  userCodeInputSource: (context: ProviderContext, form: string) => {
    context.body = page('Enter the code that your client shows', `${form}${button('op.deviceInputForm', 'Continue')}`)
  },
  userCodeConfirmSource: (context: ProviderContext, form: string, _client: unknown, _info: unknown, code: string) => {
    context.body = page(`Is your code ${code}?`, `${form}${button('op.deviceConfirmForm', 'Yes')}`)
  },
  successSource: (context: ProviderContext) => {
    context.body = page('Signed in', 'Go back to your client.')
  },
}

/** Everybody who signs in has agreed: there is one client, and it asks for nothing else. */
export async function agreed(context: ProviderContext): Promise<Grant> {
  const { client, session, provider } = context.oidc
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  grant.addResourceScope(resourceIndicator, 'openid')
  await grant.save()
  return grant
}

/** The page that asks who you are, and its answer. */
export async function signIn(
  provider: Provider,
  users: readonly DemoUser[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { uid } = await provider.interactionDetails(request, response)
    const user =
      request.method === 'POST' ? users.find(({ name }) => request.url === `${signInPath}${uid}/${name}`) : undefined
    if (user !== undefined)
      return await provider.interactionFinished(request, response, { login: { accountId: user.name } })
    const choices = users.map(({ name, groups }) =>
      choice(`${signInPath}${uid}/${name}`, `${name} (${groups.join(', ') || 'no groups'})`),
    )
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page('Who are you?', choices.join('')))
  } catch {
    response
      .writeHead(400, { 'content-type': 'text/html; charset=utf-8' })
      .end(page('This sign-in is over', 'Start again.'))
  }
}

function choice(action: string, label: string): string {
  return `<form method="post" action="${action}"><button>${label}</button></form>`
}

function button(form: string, label: string): string {
  return `<button type="submit" form="${form}">${label}</button>`
}

function page(title: string, body: string): string {
  const style = 'body{font:16px sans-serif;max-width:24em;margin:4em auto}button{margin:.3em 0;padding:.4em 1em}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style><h1>${title}</h1>${body}</html>`
}

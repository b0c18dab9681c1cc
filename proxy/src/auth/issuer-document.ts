/**
 * One GET to an identity provider: bounded in time and size, no redirects, https unless the host is this machine. `fetch`
 * cannot be given a certificate authority, so this is `node:https`.
 */
import http from 'node:http'
import https from 'node:https'
import { settings } from '../settings.ts'

export interface DocumentRequest {
  readonly url: string
  /** PEM; without it the roots that Node carries. */
  readonly certificateAuthority?: string
  readonly signal: AbortSignal
}

/** Yields the body of a 200 answer. Errors name the URL and what happened. */
export type FetchDocument = (request: DocumentRequest) => Promise<string>

export const fetchDocument: FetchDocument = async request => {
  const url = acceptableUrl(request.url)
  if (url === undefined) throw new Error(`${shown(request.url)}: only https is asked, or http on this machine`)
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(settings.issuerRequestTimeoutMs)])
  try {
    return await read(await respond(url, request.certificateAuthority, signal))
  } catch (error) {
    throw new Error(`${shown(request.url)}: ${signal.aborted ? 'no answer in time' : describe(error)}`)
  }
}

/** The URL if a provider may be asked there. */
export function acceptableUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') return undefined
  if (url.protocol === 'https:') return url
  return url.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function respond(url: URL, ca: string | undefined, signal: AbortSignal): Promise<http.IncomingMessage> {
  const headers = { accept: 'application/json', 'user-agent': 'sallyport' }
  const tls = ca === undefined ? {} : { ca }
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? https.get(url, { headers, signal, agent: false, rejectUnauthorized: true, ...tls }, resolve)
        : http.get(url, { headers, signal, agent: false }, resolve)
    request.on('error', reject)
  })
}

async function read(response: http.IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy()
    throw new Error(`answered ${response.statusCode}`)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop destroys the stream.
    if (size > settings.maxIssuerDocumentBytes)
      throw new Error(`answered more than ${settings.maxIssuerDocumentBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
  return `${code}${error.message}`
}

function shown(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url === undefined ? 'the URL' : `${url.origin}${url.pathname}`
}

/**
 * The corpus of the transparency test.
 *
 * `*.sql`: one request a paragraph, sent as Query and, in another session, as Parse, Describe, Bind, Describe, Execute.
 * A line `-- since 17` keeps a paragraph from older servers, `-- until 16` from newer ones, `-- simple` from the extended
 * protocol; `-- refused CODE` is a promise that the gateway refuses it always. A paragraph of nothing but comments is for people.
 *
 * `*.conversation`: conversations in the words of `wire/conversation.ts`, each headed by `# name` (and `# since 17`).
 * `C>` is sent; `C?` waits for the answers to every Query and Sync so far, `C? CopyInResponse` for that message;
 * `D>`, `D?` are a second session. `C> Startup …` as the first line chooses the startup parameters.
 */
import { readdirSync, readFileSync } from 'node:fs'

export interface Request {
  readonly line: number
  readonly text: string
  readonly since: number
  readonly until: number
  readonly isSimpleOnly: boolean
  /** The code with which the gateway refuses it, whatever the policy; it is sent to the gateway alone. */
  readonly refused?: string
}

export interface Conversation {
  readonly name: string
  readonly line: number
  readonly since: number
  readonly steps: readonly string[]
}

const folder = new URL('corpus/', import.meta.url)

export function sqlFiles(): readonly { readonly file: string; readonly requests: readonly Request[] }[] {
  return files('.sql').map(file => ({ file, requests: parseRequests(read(file)) }))
}

export function conversationFiles(): readonly {
  readonly file: string
  readonly conversations: readonly Conversation[]
}[] {
  return files('.conversation').map(file => ({ file, conversations: parseConversations(read(file)) }))
}

export function parseRequests(text: string): readonly Request[] {
  const requests: Request[] = []
  let line = 1
  for (const paragraph of text.split(/\n\n/)) {
    const lines = paragraph.split('\n')
    const kept = lines.filter(each => !directive.test(each))
    if (!kept.every(each => each.startsWith('--') || each.trim() === ''))
      requests.push({
        line,
        text: kept.join('\n').trim(),
        since: numberIn(lines, 'since', 0),
        until: numberIn(lines, 'until', 99),
        isSimpleOnly: lines.includes('-- simple'),
        ...refusedIn(lines),
      })
    line += lines.length + 1
  }
  return requests
}

export function parseConversations(text: string): readonly Conversation[] {
  const found: { name: string; line: number; since: number; steps: string[] }[] = []
  text.split('\n').forEach((line, index) => {
    const last = found.at(-1)
    if (line.startsWith('# since ') && last !== undefined) last.since = Number(line.slice(8))
    else if (line.startsWith('# ')) found.push({ name: line.slice(2), line: index + 1, since: 0, steps: [] })
    else if (line.trim() !== '') last?.steps.push(line)
  })
  return found
}

const directive = /^-- (since|until) \d+$|^-- simple$|^-- refused \w+$/

function numberIn(lines: readonly string[], word: string, otherwise: number): number {
  const found = lines.map(line => new RegExp(`^-- ${word} (\\d+)$`).exec(line)?.[1]).find(each => each !== undefined)
  return found === undefined ? otherwise : Number(found)
}

function refusedIn(lines: readonly string[]): { readonly refused?: string } {
  const refused = lines.map(line => /^-- refused (\w+)$/.exec(line)?.[1]).find(each => each !== undefined)
  return refused === undefined ? {} : { refused }
}

function files(extension: string): readonly string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(extension))
    .sort()
}

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
}

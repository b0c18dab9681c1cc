/** The corpus is what it promises to be: large, readable, and with every kind of statement in it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openParser, type Parser } from '../../src/parser/parser.ts'
import { kinds } from '../../src/sql/kinds.ts'
import { parseMessage } from '../../src/wire/conversation.ts'
import { conversationFiles, parseConversations, parseRequests, sqlFiles } from './corpus.ts'

/** Kinds that are only ever an access beside another. */
const absent = new Set<string>(['AlterOwner'])

describe('the corpus of the transparency test', () => {
  let parser: Parser
  beforeAll(async () => {
    parser = await openParser()
  })
  afterAll(() => parser.close())

  const requests = sqlFiles().flatMap(({ requests: all }) => all)
  const conversations = conversationFiles().flatMap(({ conversations: all }) => all)

  it('does not take a comment for a request, nor a directive for a part of one', () => {
    expect(
      parseRequests('-- people read this\n\n-- since 17\nSELECT 1\n\n-- simple\nSELECT 2; SELECT 3\n'),
    ).toMatchObject([
      { line: 3, text: 'SELECT 1', since: 17, isSimpleOnly: false },
      { line: 6, text: 'SELECT 2; SELECT 3', since: 0, isSimpleOnly: true },
    ])
    expect(parseConversations('# a\n# since 18\nC> Sync\n')).toEqual([
      { name: 'a', line: 1, since: 18, steps: ['C> Sync'] },
    ])
  })

  it('has at least 500 statements and conversations', () => {
    expect(requests.length + conversations.length).toBeGreaterThan(900)
    expect(conversations.length).toBeGreaterThan(80)
  })

  it('has conversations of messages that exist', () => {
    const sent = conversations
      .flatMap(({ steps }) => steps)
      .filter(step => step[1] === '>' && !step.includes('Startup'))
    for (const step of sent) expect(parseMessage('C>', step.slice(3)).length, step).toBeGreaterThan(4)
  })

  it('has every kind of statement', async () => {
    const seen = new Set<string>(absent)
    const texts = [...requests.map(({ text }) => text), ...conversations.flatMap(({ steps }) => steps.flatMap(queryOf))]
    for (const text of texts) {
      const analysis = await parser.analyse(text)
      if ('statements' in analysis) for (const statement of analysis.statements) seen.add(statement.kind)
    }
    expect(Object.keys(kinds).filter(kind => !seen.has(kind))).toEqual([])
  })
})

function queryOf(step: string): readonly string[] {
  const quoted = /^\w> Query (".*")$/.exec(step)?.[1]
  return quoted === undefined ? [] : [String(JSON.parse(quoted))]
}

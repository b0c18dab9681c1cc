/**
 * A tool `query` for assistants: the Model Context Protocol over standard input and output, one JSON message a line.
 * It holds no password: each connection gets a fresh token from SALLYPORT_TOKEN_COMMAND. What the agent may do is not
 * decided here.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import pg from 'pg'

const tool = {
  name: 'query',
  description: 'Run one SQL statement on PostgreSQL. What is refused says why and what would work.',
  inputSchema: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
}

const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'sallyport-query', version: '1' },
  }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': ({ arguments: { sql } }) => query(sql),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue // a notification wants no answer
  const answer = methods[method]
  const result = answer === undefined ? { error: { code: -32601, message: `no method ${method}` } } : { result: await answer(params ?? {}) }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...result }))
}

async function query(sql) {
  try {
    const client = new pg.Client({ password: token(), application_name: 'query-tool', ssl: { ca: readFileSync(process.env.PGSSLROOTCERT) } })
    await client.connect()
    try {
      const { rows } = await client.query({ text: sql, rowMode: 'object' })
      return text(JSON.stringify(rows))
    } finally {
      await client.end()
    }
  } catch ({ code, message, detail, hint }) {
    return { ...text([`${code}: ${message}`, detail, hint].filter(Boolean).join('\n')), isError: true }
  }
}

function token() {
  const [command, ...args] = process.env.SALLYPORT_TOKEN_COMMAND.split(' ')
  return execFileSync(command, args, { encoding: 'utf8' }).trim()
}

function text(content) {
  return { content: [{ type: 'text', text: content }] }
}

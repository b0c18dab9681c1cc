import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PeerProtocolError } from '../errors.ts'
import { decodeBackend } from '../wire/backend.ts'
import { Frames } from '../wire/frames.ts'
import * as frontend from '../wire/frontend.ts'
import { ModelServer } from './test/model-server.ts'
import { Stage, sessionOptions } from './test/stage.ts'

/**
 * The gateway before a server looks like a server that refuses the same statements itself: whatever the client sends, in
 * whatever pieces, however late the server answers, the replies are the same, and nothing forbidden has run.
 */
const forbids = (sql: string): boolean => sql.includes('forbidden')

const sql = fc.constantFrom(
  'select 1',
  'select 1 / 0',
  'select forbidden',
  'begin',
  'commit',
  'rollback',
  'set search_path = public',
)
const name = fc.constantFrom('', 'a', 'b')
const message = fc.oneof(
  { weight: 3, arbitrary: sql.map(text => frontend.encodeQuery(text)) },
  { weight: 3, arbitrary: fc.tuple(name, sql).map(([statement, text]) => frontend.encodeParse(statement, text)) },
  {
    weight: 3,
    arbitrary: fc.tuple(name, name).map(([portal, statement]) => frontend.encodeBind({ portal, statement })),
  },
  { weight: 3, arbitrary: name.map(portal => frontend.encodeExecute(portal)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('Statement' as const, 'Portal' as const), name)
      .map(([target, of]) => frontend.encodeClose(target, of)),
  },
  { weight: 1, arbitrary: fc.constant(frontend.encodeFlush()) },
  { weight: 4, arbitrary: fc.constant(frontend.encodeSync()) },
)

function direct(messages: readonly Buffer[]): { readonly replies: readonly string[]; readonly ran: readonly string[] } {
  const said: Buffer[] = []
  const server = new ModelServer(bytes => said.push(bytes), forbids)
  for (const bytes of messages) server.hear(bytes)
  return { replies: read(said), ran: server.ran }
}

/** `pace`: how many of the server's messages arrive after each of the client's pieces. */
function throughGateway(messages: readonly Buffer[], cuts: readonly number[], pace: readonly number[]) {
  const heard: Buffer[] = []
  const owed: Buffer[] = []
  const server = new ModelServer(bytes => owed.push(bytes))
  const limits = { ...sessionOptions.limits, maxPipelineDepth: 1_000, maxPreparedStatements: 100, maxPortals: 100 }
  const stage = new Stage(
    { limits },
    bytes => server.hear(bytes),
    bytes => heard.push(bytes),
  )
  for (const [index, piece] of pieces(Buffer.concat(messages), cuts).entries()) {
    stage.fromClient(piece)
    for (let count = pace[index % pace.length] ?? 0; count > 0; count--) arrive(stage, owed)
  }
  while (owed.length > 0) arrive(stage, owed)
  return { stage, replies: read(heard), ran: server.ran.filter(text => text !== 'SHOW search_path') }
}

function arrive(stage: Stage, owed: Buffer[]): void {
  const bytes = owed.shift()
  if (bytes !== undefined) stage.fromServer(bytes)
}

function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length))
}

function read(chunks: readonly Buffer[]): readonly string[] {
  const frames = new Frames({ side: 'Backend', maxMessageBytes: 1_000_000, passing: new Set() })
  return frames
    .push(Buffer.concat(chunks))
    .map(frame => (frame.kind === 'message' ? printed(decodeBackend(frame.type, frame.bytes)) : frame.kind))
}

function printed(reply: ReturnType<typeof decodeBackend>): string {
  if (reply.is === 'ErrorResponse') return `ErrorResponse ${reply.fields.find(field => field.code === 'C')?.value}`
  return reply.is === 'ReadyForQuery' ? `ReadyForQuery ${reply.status}` : reply.is
}

const runs = Number(process.env.SESSION_RUNS ?? 1_500)

it('a gateway before a server is a server that refuses the same', () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 14 }),
      fc.array(fc.nat(2_000), { maxLength: 8 }),
      fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
      (messages, cuts, pace) => {
        const ended = [...messages, frontend.encodeSync()]
        const expected = direct(ended)
        const { stage, replies, ran } = throughGateway(ended, cuts, pace)
        expect(replies, stage.transcript.text).toEqual(expected.replies)
        expect(ran).toEqual(expected.ran)
        expect(stage.session.hasEnded).toBe(false)
        expect(stage.session.isBusy).toBe(false)
      },
    ),
    { numRuns: runs, seed: 20_261_124 },
  )
}, 120_000)

const anyServerMessage = fc.oneof(
  fc
    .constantFrom(
      ...['1', '2', '3', 'C', 'D', 'E', 'G', 'H', 'I', 'N', 'S', 'T', 'W', 'Z', 'c', 'd', 'n', 's', 't', 'V', 'A'],
    )
    .chain(letter => fc.uint8Array({ maxLength: 30 }).map(body => framed(letter, Buffer.from(body)))),
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map(bytes => Buffer.from(bytes)),
)
const anyClientMessage = fc.oneof(
  message,
  fc
    .constantFrom(...['B', 'C', 'D', 'E', 'F', 'H', 'P', 'Q', 'S', 'X', 'c', 'd', 'f', 'p'])
    .chain(letter => fc.uint8Array({ maxLength: 30 }).map(body => framed(letter, Buffer.from(body)))),
)

function framed(letter: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.write(letter, 0, 'latin1')
  header.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

/** As the gateway does: bytes that are no frames kill the session. */
function hear(stage: Stage, from: 'fromClient' | 'fromServer', bytes: Buffer): void {
  try {
    stage[from](bytes)
  } catch (error) {
    if (!(error instanceof PeerProtocolError)) throw error
    stage.tell({ is: 'killed', refusal: { fields: { severity: 'FATAL', sqlState: '08P01', message: 'no frames' } } })
  }
}

it('whatever either side says, the session goes on or ends, and says nothing after its end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), anyClientMessage, anyServerMessage), { maxLength: 20 }),
      fc.constantFrom('clientGone', 'serverGone', 'cancelRequested'),
      (turns, last) => {
        const stage = new Stage()
        for (const [isClient, fromClient, fromServer] of turns) {
          if (isClient) hear(stage, 'fromClient', fromClient)
          else hear(stage, 'fromServer', fromServer)
        }
        stage.tell({ is: last })
        stage.tell({ is: 'killed', refusal: { fields: { severity: 'FATAL', sqlState: '57P01', message: 'over' } } })
        expect(stage.session.hasEnded).toBe(true)
        expect(stage.session.handle({ is: 'ticked', now: 1 })).toEqual([])
        expect(stage.session.handle({ is: 'clientSent', frames: [], now: 2 })).toEqual([])
      },
    ),
    { numRuns: runs, seed: 20_261_124 },
  )
}, 120_000)

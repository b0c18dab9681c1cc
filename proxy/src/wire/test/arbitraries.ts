import fc from 'fast-check'
import * as backend from '../backend.ts'
import type { FrameEvent, RunFrame } from '../frames.ts'
import * as frontend from '../frontend.ts'

/** Arbitrary messages of both sides, as bytes, and arbitrary cuts of a stream. */

/** A string as names and SQL may be: any characters but NUL. */
export const text = fc.string({ unit: 'binary', maxLength: 40 }).map(value => value.replaceAll('\0', ''))
export const bytes = fc.uint8Array({ maxLength: 60 }).map(value => Buffer.from(value))
export const value = fc.option(bytes)
export const int16 = fc.integer({ min: -32768, max: 32767 })
export const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
export const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const format = fc.constantFrom(0, 1)
const target = fc.constantFrom('Statement' as const, 'Portal' as const)

export const parse = fc.record({ statement: text, sql: text, parameterTypes: fc.array(uint32, { maxLength: 5 }) })

export const bind = fc.array(value, { maxLength: 5 }).chain(parameters =>
  fc.record({
    portal: text,
    statement: text,
    parameters: fc.constant(parameters),
    parameterFormats: fc.oneof(
      fc.array(format, { maxLength: 1 }),
      fc.array(format, { minLength: parameters.length, maxLength: parameters.length }),
    ),
    resultFormats: fc.array(format, { maxLength: 4 }),
  }),
)

export const rowField = fc.record({
  name: text,
  tableOid: uint32,
  attributeNumber: int16,
  typeOid: uint32,
  typeSize: int16,
  typeModifier: int32,
  format,
})

/** A message of a client; `p` only as a password. */
export const frontendMessage: fc.Arbitrary<Buffer> = fc.oneof(
  text.map(frontend.encodeQuery),
  parse.map(message => frontend.encodeParse(message.statement, message.sql, message.parameterTypes)),
  bind.map(frontend.encodeBind),
  fc.tuple(target, text).map(message => frontend.encodeDescribe(...message)),
  fc.tuple(target, text).map(message => frontend.encodeClose(...message)),
  fc.tuple(text, int32).map(message => frontend.encodeExecute(...message)),
  bytes.map(frontend.encodeCopyData),
  text.map(frontend.encodeCopyFail),
  text.map(frontend.encodePassword),
  fc.constantFrom(frontend.encodeSync(), frontend.encodeFlush(), frontend.encodeTerminate(), frontend.encodeCopyDone()),
)

/** A message of a server, rows and COPY data often. */
export const backendMessage: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 8, arbitrary: fc.array(value, { maxLength: 5 }).map(backend.encodeDataRow) },
  { weight: 4, arbitrary: bytes.map(frontend.encodeCopyData) },
  fc.array(rowField, { maxLength: 4 }).map(backend.encodeRowDescription),
  text.map(backend.encodeCommandComplete),
  fc.tuple(text, text).map(message => backend.encodeParameterStatus(...message)),
  fc.tuple(int32, text, text).map(message => backend.encodeNotificationResponse(...message)),
  text.map(message => backend.encodeErrorResponse({ severity: 'ERROR', sqlState: '42501', message })),
  fc.array(uint32, { maxLength: 4 }).map(backend.encodeParameterDescription),
  fc.constantFrom<backend.TransactionStatus>('I', 'T', 'E').map(backend.encodeReadyForQuery),
  fc.constantFrom(backend.encodeParseComplete(), backend.encodeBindComplete(), backend.encodePortalSuspended()),
)

/** The same bytes as chunks of arbitrary sizes; `sizes` is used round and round. */
export function cut(stream: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; ) {
    const size = sizes[chunks.length % sizes.length] ?? 1
    chunks.push(stream.subarray(at, at + size))
    at += size
  }
  return chunks
}

export const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })), {
  minLength: 1,
  maxLength: 20,
})

/** A property whose check says no by throwing. */
export function property<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void): fc.IProperty<[T]> {
  return fc.property(arbitrary, given => {
    check(given)
  })
}

/** What the events say, however the stream was cut: bytes in order, messages by type, runs and parts joined. */
export function summary(events: readonly FrameEvent[]): readonly string[] {
  const lines: string[] = []
  for (const event of events) {
    const last = lines.at(-1) ?? ''
    const line = lineOf(event)
    if (event.kind === 'run' && last.startsWith(`run ${event.type} `)) lines[lines.length - 1] = join(last, event)
    else if (event.kind === 'part') lines[lines.length - 1] = last + event.bytes.toString('hex')
    else lines.push(line)
  }
  return lines
}

/** The bytes that the events give out. */
export function bytesOf(events: readonly FrameEvent[]): Buffer {
  return Buffer.concat(
    events.map(event => ('bytes' in event ? event.bytes : 'head' in event ? event.head : Buffer.alloc(0))),
  )
}

function lineOf(event: FrameEvent): string {
  if (event.kind === 'run') return `run ${event.type} ${event.count} ${event.bytes.toString('hex')}`
  if (event.kind === 'begin') return `begin ${event.type} ${event.length} ${event.head.toString('hex')}`
  return event.kind === 'message' ? `message ${event.type} ${event.bytes.toString('hex')}` : 'end'
}

function join(last: string, run: RunFrame): string {
  const [, type, count, hex] = last.split(' ')
  return `run ${type} ${Number(count) + run.count} ${hex}${run.bytes.toString('hex')}`
}

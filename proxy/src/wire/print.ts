import { PeerProtocolError, unreachable } from '../errors.ts'
import { settings } from '../settings.ts'
import { type BackendMessage, decodeBackend, type RowField } from './backend.ts'
import { type FrameEvent, Frames } from './frames.ts'
import { decodeFrontend, type FrontendMessage } from './frontend.ts'
import { messageName, type Side } from './messages.ts'
import { printLine, type Value, type Word } from './notation.ts'
import { decodeStartup } from './startup.ts'

/**
 * A conversation as text, one message a line, for golden files and people:
 *
 *     C> Parse "s1" "SELECT 1" types=[]      from the client        U> … to the database
 *     C< ParseComplete                       to the client          U< … from the database
 *
 * Passwords, tokens and cancel keys are never printed, nor how long they are.
 */
export type Direction = 'C>' | 'C<' | 'U>' | 'U<'

const hidden: Word = { word: '(hidden)' }

/** Who speaks in this direction: the client's words are frontend messages on both sides of the gateway. */
export function sideOf(direction: Direction): Side {
  return direction.endsWith('>') ? 'Frontend' : 'Backend'
}

/** Collects what passes, in whatever chunks, and prints it. */
export class Transcript {
  readonly #lines: string[] = []
  readonly #frames = new Map<Direction, Frames>()

  /** Bytes of messages, cut anywhere; bytes that are none are a line too. */
  record(direction: Direction, chunk: Buffer): void {
    for (const event of this.#push(direction, chunk)) {
      if (event.kind === 'message') this.#lines.push(printMessage(direction, event.bytes))
      if (event.kind === 'begin') this.#lines.push(`${direction} (a message of ${event.length} bytes)`)
    }
  }

  /** A packet of the start, which has no type byte. */
  recordStartup(direction: Direction, packet: Buffer): void {
    this.#lines.push(printStartup(direction, packet))
  }

  /** Anything else worth a line: `closeClient`. */
  note(line: string): void {
    this.#lines.push(line)
  }

  get text(): string {
    return this.#lines.map(line => `${line}\n`).join('')
  }

  #push(direction: Direction, chunk: Buffer): readonly FrameEvent[] {
    try {
      return this.#framesOf(direction).push(chunk)
    } catch (error) {
      if (!(error instanceof PeerProtocolError)) throw error
      this.#lines.push(`${direction} (no message: ${error.message})`)
      return []
    }
  }

  #framesOf(direction: Direction): Frames {
    const known = this.#frames.get(direction)
    if (known !== undefined) return known
    const frames = new Frames({
      side: sideOf(direction),
      maxMessageBytes: settings.maxPrintedMessageBytes,
      passing: new Set(),
    })
    this.#frames.set(direction, frames)
    return frames
  }
}

/** One complete message. What cannot be decoded is printed as such. */
export function printMessage(direction: Direction, bytes: Buffer): string {
  const side = sideOf(direction)
  const type = bytes[0] ?? 0
  const print = () =>
    side === 'Frontend' ? printFrontend(decodeFrontend(type, bytes)) : printBackend(decodeBackend(type, bytes))
  return `${direction} ${orMalformed(messageName(side, type) ?? 'Unknown', print)}`
}

export function printStartup(direction: Direction, packet: Buffer): string {
  return `${direction} ${orMalformed('Startup', () => printPacket(packet))}`
}

function orMalformed(name: string, print: () => string): string {
  try {
    return print()
  } catch (error) {
    if (error instanceof PeerProtocolError) return `${name} (malformed: ${error.message})`
    throw error
  }
}

function printFrontend(message: FrontendMessage): string {
  switch (message.is) {
    case 'Query':
      return printLine('Query', [message.sql])
    case 'Parse':
      return printLine('Parse', [message.statement, message.sql], [['types', message.parameterTypes]])
    case 'Bind':
      return printLine(
        'Bind',
        [message.portal, message.statement],
        [
          ['formats', message.parameterFormats],
          ['values', message.parameters],
          ['results', message.resultFormats],
        ],
      )
    case 'Describe':
    case 'Close':
      return printLine(message.is, [{ word: message.target }, message.name])
    case 'Execute':
      return printLine('Execute', [message.portal], message.maxRows === 0 ? [] : [['rows', message.maxRows]])
    case 'CopyData':
      return printLine('CopyData', [message.data])
    case 'CopyFail':
      return printLine('CopyFail', [message.message])
    case 'AuthenticationResponse':
      return printLine(message.is, [hidden])
    default:
      return message.is
  }
}

function printBackend(message: BackendMessage): string {
  switch (message.is) {
    case 'ErrorResponse':
    case 'NoticeResponse':
      return printLine(
        message.is,
        [],
        message.fields.map(field => [field.code, field.value]),
      )
    case 'RowDescription':
      return printLine(message.is, message.fields.map(printField))
    case 'DataRow':
      return printLine(message.is, message.values)
    case 'CopyData':
      return printLine(message.is, [message.data])
    case 'BackendKeyData':
      return printLine(message.is, [message.processId], [['key', hidden]])
    case 'CopyInResponse':
    case 'CopyOutResponse':
    case 'CopyBothResponse':
      return printLine(message.is, [message.format], [['columns', message.columnFormats]])
    case 'NegotiateProtocolVersion':
      return printLine(message.is, [{ word: version(message.version) }, ...message.unrecognized])
    default:
      return printLine(message.is, simpleValues(message))
  }
}

/** The messages that are their values in order. */
function simpleValues(
  message: Exclude<BackendMessage, { is: 'ErrorResponse' | 'RowDescription' | 'DataRow' }>,
): readonly Value[] {
  if ('tag' in message) return [message.tag]
  if ('status' in message) return [{ word: message.status }]
  if ('types' in message) return message.types
  if ('channel' in message) return [message.processId, message.channel, message.payload]
  if ('name' in message) return [message.name, message.value]
  if ('salt' in message) return [message.salt]
  if ('mechanisms' in message) return message.mechanisms
  return 'data' in message ? [message.data] : []
}

function printField(field: RowField): Value {
  return [
    field.name,
    field.tableOid,
    field.attributeNumber,
    field.typeOid,
    field.typeSize,
    field.typeModifier,
    field.format,
  ]
}

function printPacket(bytes: Buffer): string {
  const packet = decodeStartup(bytes)
  switch (packet.is) {
    case 'SSLRequest':
    case 'GSSENCRequest':
      return packet.is
    case 'CancelRequest':
      return printLine(packet.is, [packet.processId], [['key', hidden]])
    case 'Startup':
      return printLine('Startup', [{ word: `3.${packet.minor}` }], [...packet.parameters, ...packet.protocolOptions])
    default:
      return unreachable(packet)
  }
}

function version(number: number): string {
  return `${number >>> 16}.${number & 0xffff}`
}

/**
 * What invariant 7 lets differ, and nothing else: BackendKeyData, the process id in the notifications of a session's own
 * (a test sees no other), `application_name` where the client gave none, and where in PostgreSQL's source a syntax error was
 * raised, unless the server's grammar is the gateway's own (18).
 */
import { decodeBackend } from '../../src/wire/backend.ts'
import { encodeErrorList } from '../../src/wire/error-fields.ts'
import { printReceived, type Received } from '../raw-client.ts'

export interface Comparing {
  readonly major: number
  readonly hasApplicationName: boolean
}

export interface Difference {
  /** For people. */
  readonly text: string
  /** All is the same but where in PostgreSQL's source an error was raised. */
  readonly isPlaceOnly: boolean
}

/** The first message that differs, a place only where nothing else does; undefined: nothing does. */
export function difference(
  direct: readonly Received[],
  gated: readonly Received[],
  how: Comparing,
): Difference | undefined {
  const expected = direct.filter(isCompared).map(message => normal(message, how))
  const actual = gated.filter(isCompared).map(message => normal(message, how))
  return (
    firstDifference(expected.map(withoutPlace), actual.map(withoutPlace), false) ??
    firstDifference(expected, actual, true)
  )
}

function firstDifference(
  expected: readonly Received[],
  actual: readonly Received[],
  isPlaceOnly: boolean,
): Difference | undefined {
  const length = Math.max(expected.length, actual.length)
  for (let index = 0; index < length; index++) {
    const [a, b] = [expected[index], actual[index]]
    if (a !== undefined && b !== undefined && a.bytes.equals(b.bytes)) continue
    const [direct, gateway] = [a, b].map(each => (each === undefined ? '(nothing)' : printReceived([each])[0]))
    return { text: `\n  direct:  ${direct}\n  gateway: ${gateway}`, isPlaceOnly }
  }
  return undefined
}

/** How a server asks who is there is for it to choose. */
function isCompared({ name, bytes }: Received): boolean {
  return !(name === 'Authentication' && bytes.readUInt32BE(5) !== 0) && name !== 'BackendKeyData'
}

const grammarFiles = new Set(['scan.l', 'gram.y', 'parser.c', 'scansup.c'])

function normal(message: Received, { major, hasApplicationName }: Comparing): Received {
  const { name, bytes } = message
  if (name === 'NotificationResponse') return { name, bytes: Buffer.concat([bytes.subarray(0, 5), bytes.subarray(9)]) }
  if (
    name === 'ParameterStatus' &&
    !hasApplicationName &&
    bytes.subarray(5).toString().startsWith('application_name\0')
  )
    return { name, bytes: Buffer.alloc(0) }
  if (name !== 'ErrorResponse' || major === 18) return message
  const decoded = decodeBackend(bytes[0] ?? 0, bytes)
  if (decoded.is !== 'ErrorResponse') return message
  const file = decoded.fields.find(({ code }) => code === 'F')?.value
  // The gateway's own words of a syntax error have no place in the source, or 18's: 42601 and no other decides.
  const isSyntax = decoded.fields.some(({ code, value }) => code === 'C' && value === '42601')
  if (!isSyntax && !(file !== undefined && grammarFiles.has(file))) return message
  return withoutPlace(message)
}

const place = new Set(['F', 'L', 'R'])

function withoutPlace(message: Received): Received {
  const { name, bytes } = message
  const type = bytes[0] ?? 0
  const decoded = name === 'ErrorResponse' ? decodeBackend(type, bytes) : undefined
  if (decoded?.is !== 'ErrorResponse') return message
  return {
    name,
    bytes: encodeErrorList(
      type,
      decoded.fields.filter(({ code }) => !place.has(code)),
    ),
  }
}

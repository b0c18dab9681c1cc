/**
 * Every message of protocol 3, by the byte that begins it. The same byte means different messages in the two directions,
 * so there are two tables. `small` is PostgreSQL's own limit (PQ_SMALL_MESSAGE_LIMIT) on what can only be short.
 */

export type Side = 'Frontend' | 'Backend'

export interface MessageKind {
  readonly letter: string
  readonly name: string
  readonly small?: true
}

export const frontendMessages = [
  { letter: 'B', name: 'Bind' },
  { letter: 'C', name: 'Close', small: true },
  { letter: 'd', name: 'CopyData' },
  { letter: 'c', name: 'CopyDone', small: true },
  { letter: 'f', name: 'CopyFail', small: true },
  { letter: 'D', name: 'Describe', small: true },
  { letter: 'E', name: 'Execute', small: true },
  { letter: 'H', name: 'Flush', small: true },
  { letter: 'F', name: 'FunctionCall' },
  { letter: 'P', name: 'Parse' },
  { letter: 'p', name: 'AuthenticationResponse' }, // PasswordMessage, SASLInitialResponse, SASLResponse or GSSResponse
  { letter: 'Q', name: 'Query' },
  { letter: 'S', name: 'Sync', small: true },
  { letter: 'X', name: 'Terminate', small: true },
] as const satisfies readonly MessageKind[]

export const backendMessages = [
  { letter: 'R', name: 'Authentication' },
  { letter: 'K', name: 'BackendKeyData' },
  { letter: '2', name: 'BindComplete' },
  { letter: '3', name: 'CloseComplete' },
  { letter: 'C', name: 'CommandComplete' },
  { letter: 'd', name: 'CopyData' },
  { letter: 'c', name: 'CopyDone' },
  { letter: 'W', name: 'CopyBothResponse' },
  { letter: 'G', name: 'CopyInResponse' },
  { letter: 'H', name: 'CopyOutResponse' },
  { letter: 'D', name: 'DataRow' },
  { letter: 'I', name: 'EmptyQueryResponse' },
  { letter: 'E', name: 'ErrorResponse' },
  { letter: 'V', name: 'FunctionCallResponse' },
  { letter: 'v', name: 'NegotiateProtocolVersion' },
  { letter: 'n', name: 'NoData' },
  { letter: 'N', name: 'NoticeResponse' },
  { letter: 'A', name: 'NotificationResponse' },
  { letter: 't', name: 'ParameterDescription' },
  { letter: 'S', name: 'ParameterStatus' },
  { letter: '1', name: 'ParseComplete' },
  { letter: 's', name: 'PortalSuspended' },
  { letter: 'Z', name: 'ReadyForQuery' },
  { letter: 'T', name: 'RowDescription' },
] as const satisfies readonly MessageKind[]

export type FrontendName = (typeof frontendMessages)[number]['name']
export type BackendName = (typeof backendMessages)[number]['name']

/** The type byte of each frontend message: `frontend.Parse` is 0x50. */
export const frontend = codes(frontendMessages)
/** The type byte of each backend message: `backend.DataRow` is 0x44. */
export const backend = codes(backendMessages)

/** The name of a message, or undefined where that side has no message of this type. */
export function messageName(side: Side, type: number): FrontendName | BackendName | undefined {
  return tableOf(side).find(kind => kind.letter.charCodeAt(0) === type)?.name
}

/** A table of 256 entries for the framer: 0 unknown, 1 known, 2 known and small. */
export function classesOf(side: Side): Uint8Array {
  const classes = new Uint8Array(256)
  for (const kind of tableOf(side)) classes[kind.letter.charCodeAt(0)] = 'small' in kind ? 2 : 1
  return classes
}

function tableOf(side: Side): typeof frontendMessages | typeof backendMessages {
  return side === 'Frontend' ? frontendMessages : backendMessages
}

function codes<Name extends string>(table: readonly { letter: string; name: Name }[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(table.map(({ name, letter }) => [name, letter.charCodeAt(0)])) as Record<Name, number>
}

/** Refusals that the session itself finds: what the server would say of names it does not know, and limits. */
import { messageName } from '../wire/messages.ts'
import { postgresRefusal, type Refusal, refusalFor } from './refusal.ts'

export function missingStatement(name: string): Refusal {
  return postgresRefusal(
    '26000',
    name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`,
  )
}

export function missingPortal(name: string): Refusal {
  return postgresRefusal('34000', `portal "${name}" does not exist`)
}

export function missingCursor(name: string): Refusal {
  return postgresRefusal('34000', `cursor "${name}" does not exist`)
}

/** Without a name: its names change in the text that executes it. */
export function wasPreparedElsewhere(name?: string): Refusal {
  if (name !== undefined)
    return refusalFor({
      code: 'NamesChanged',
      text: `names in prepared statement "${name}" have come to mean other things since it was prepared`,
    })
  const text = 'what this text changes first may change what names in the prepared statement mean'
  return refusalFor({ code: 'NamesChanged', text, hint: 'Send the EXECUTE in a message of its own.' })
}

export function tooManyNames(what: 'prepared statements' | 'portals', limit: number): Refusal {
  return refusalFor({
    code: what === 'portals' ? 'TooManyPortals' : 'TooManyStatements',
    text: `this session has ${limit} ${what}, the most that this gateway allows`,
    hint: `Close ${what} that are no longer used.`,
  })
}

export function tooLarge(type: number): Refusal {
  return refusalFor({
    code: 'MessageTooLarge',
    text: `${messageName('Frontend', type) ?? 'the message'} is larger than this gateway reads`,
    hint: 'Send less at once, or use COPY.',
  })
}

export function unitTooLarge(): Refusal {
  return refusalFor({
    code: 'UnitTooLarge',
    text: 'this request is larger than the gateway can judge as a whole, and a part of it cannot be rolled back',
    hint: 'Send a Sync earlier.',
  })
}

export function functionCall(): Refusal {
  return refusalFor({
    code: 'FunctionCallMessage',
    text: 'FunctionCall messages do not pass this gateway',
    hint: 'Call the function in a SELECT.',
  })
}

export function unexpectedPassword(): Refusal {
  return refusalFor({ code: 'ProtocolViolation', text: 'unexpected authentication response' }, 'FATAL')
}

export function pipelineTooDeep(limit: number): Refusal {
  return refusalFor(
    {
      code: 'PipelineTooDeep',
      text: `more than ${limit} requests are waiting for their answers`,
      hint: 'Read results before sending more.',
    },
    'FATAL',
  )
}

export function rateExceeded(perMinute: number): Refusal {
  return refusalFor({
    code: 'RateLimit',
    text: `more than ${perMinute} statements in a minute`,
    hint: 'Wait, then try again.',
  })
}

export function rowsExceeded(maxRows: number): Refusal {
  return refusalFor({
    code: 'RowLimit',
    text: `the result has more than ${maxRows} rows`,
    hint: `Add a LIMIT of at most ${maxRows}, or aggregate.`,
  })
}

export function bytesExceeded(maxBytes: number): Refusal {
  return refusalFor({
    code: 'ByteLimit',
    text: `the result has more than ${maxBytes} bytes`,
    hint: 'Select fewer columns or rows.',
  })
}

export function idleTooLong(inTransaction: boolean): Refusal {
  return inTransaction
    ? postgresRefusal('25P03', 'terminating connection due to idle-in-transaction timeout')
    : postgresRefusal('57P05', 'terminating connection due to idle-session timeout')
}

/** 57P01, as everything that ends a session from here; a token that is refused at login has its own SQLSTATE. */
export function tokenEnded(): Refusal {
  const text = 'terminating connection: its token has expired'
  const refusal = refusalFor({ code: 'TokenExpired', text, hint: 'Get a new token and connect again.' }, 'FATAL')
  return { ...refusal, fields: { ...refusal.fields, sqlState: '57P01' } }
}

export function unexpectedInCopy(): Refusal {
  return refusalFor({ code: 'ProtocolViolation', text: 'unexpected message during COPY from stdin' }, 'FATAL')
}

export function serverViolation(what: string): Refusal {
  return refusalFor({ code: 'UpstreamViolation', text: `the database sent ${what}` }, 'FATAL')
}

export function pinnedSetting(name: string, value: string): Refusal {
  return refusalFor(
    {
      code: 'SettingNotAllowed',
      text: `${name} must stay ${value} while this gateway reads what is sent`,
      about: { setting: name },
    },
    'FATAL',
  )
}

export function statementTimedOut(): Refusal {
  return postgresRefusal('57014', 'canceling statement due to statement timeout')
}

export function transactionFailed(): Refusal {
  return postgresRefusal('25P02', 'current transaction is aborted, commands ignored until end of transaction block')
}

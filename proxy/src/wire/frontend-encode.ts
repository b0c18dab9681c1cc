import { Writer } from './bytes.ts'
import type { Bind, Target } from './frontend-decode.ts'
import { frontend } from './messages.ts'

/** Messages of a client, encoded: what the gateway itself says to a server. Each call returns a buffer of its own. */

export function encodeQuery(sql: string): Buffer {
  return new Writer(frontend.Query, sql.length + 8).string(sql).finish()
}

export function encodeParse(statement: string, sql: string, parameterTypes: readonly number[] = []): Buffer {
  const writer = new Writer(frontend.Parse, statement.length + sql.length + 4 * parameterTypes.length + 16)
  writer.string(statement).string(sql)
  return writer.list(parameterTypes, type => writer.uint32(type)).finish()
}

/** Without formats everything is text. */
export function encodeBind(bind: Partial<Omit<Bind, 'is'>>): Buffer {
  const writer = new Writer(frontend.Bind).string(bind.portal ?? '').string(bind.statement ?? '')
  writer.list(bind.parameterFormats ?? [], format => writer.int16(format))
  writer.list(bind.parameters ?? [], value => writer.value(value))
  return writer.list(bind.resultFormats ?? [], format => writer.int16(format)).finish()
}

export function encodeDescribe(target: Target, name: string): Buffer {
  return encodeTarget(frontend.Describe, target, name)
}

export function encodeClose(target: Target, name: string): Buffer {
  return encodeTarget(frontend.Close, target, name)
}

export function encodeExecute(portal: string, maxRows = 0): Buffer {
  return new Writer(frontend.Execute).string(portal).int32(maxRows).finish()
}

export function encodeSync(): Buffer {
  return bare(frontend.Sync)
}

export function encodeFlush(): Buffer {
  return bare(frontend.Flush)
}

export function encodeTerminate(): Buffer {
  return bare(frontend.Terminate)
}

export function encodeCopyData(data: Buffer): Buffer {
  return new Writer(frontend.CopyData, data.length).bytes(data).finish()
}

export function encodeCopyDone(): Buffer {
  return bare(frontend.CopyDone)
}

export function encodeCopyFail(message: string): Buffer {
  return new Writer(frontend.CopyFail).string(message).finish()
}

export function encodePassword(password: string): Buffer {
  return new Writer(frontend.AuthenticationResponse).string(password).finish()
}

export function encodeSASLInitialResponse(mechanism: string, data: Buffer | null): Buffer {
  return new Writer(frontend.AuthenticationResponse).string(mechanism).value(data).finish()
}

export function encodeSASLResponse(data: Buffer): Buffer {
  return new Writer(frontend.AuthenticationResponse).bytes(data).finish()
}

function encodeTarget(type: number, target: Target, name: string): Buffer {
  return new Writer(type)
    .uint8(target === 'Statement' ? 0x53 : 0x50)
    .string(name)
    .finish()
}

function bare(type: number): Buffer {
  return new Writer(type, 0).finish()
}

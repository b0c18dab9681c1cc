/** Saying things to a server and waiting for its answers. */
import {
  encodeBind,
  encodeDescribe,
  encodeExecute,
  encodeParse,
  encodeQuery,
  encodeSync,
} from '../../src/wire/frontend.ts'
import type { RawClient } from '../raw-client.ts'

export type Mode = 'simple' | 'extended'

/** Sends messages and waits for as many ends as they ask for. */
export async function send(client: RawClient, ...messages: readonly Buffer[]): Promise<void> {
  if (client.isClosed) return
  const before = client.received.filter(message => message.name === 'ReadyForQuery').length
  const ends = messages.filter(message => message[0] === 0x51 || message[0] === 0x53).length
  client.send(Buffer.concat(messages))
  await client.until('ReadyForQuery', 3_000, before + ends)
}

/** Sends a text and waits for its end. */
export async function ask(client: RawClient, text: string, mode: Mode): Promise<void> {
  if (client.isClosed) return
  const before = client.received.filter(message => message.name === 'ReadyForQuery').length
  if (mode === 'simple') client.send(encodeQuery(text))
  else {
    const messages = [
      encodeParse('', text),
      encodeBind({}),
      encodeDescribe('Portal', ''),
      encodeExecute(''),
      encodeSync(),
    ]
    client.send(Buffer.concat(messages))
  }
  await client.until('ReadyForQuery', 3_000, before + 1)
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

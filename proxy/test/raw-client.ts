/** A client that sends what it is told and keeps every message that it gets, byte for byte. */
import net from 'node:net'
import tls from 'node:tls'
import { Frames } from '../src/wire/frames.ts'
import { encodePassword } from '../src/wire/frontend.ts'
import { messageName } from '../src/wire/messages.ts'
import { printMessage } from '../src/wire/print.ts'
import { encodeSSLRequest, encodeStartup } from '../src/wire/startup.ts'

export interface Received {
  readonly name: string
  readonly bytes: Buffer
}

export interface RawOptions {
  readonly port: number
  readonly user: string
  readonly database: string
  /** Sent if the server asks for it. */
  readonly password?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly minor?: number
  readonly tls?: boolean
  /** Do not wait for the first ReadyForQuery. */
  readonly impatient?: boolean
}

export class RawClient {
  readonly socket: net.Socket
  readonly #frames = new Frames({ side: 'Backend', maxMessageBytes: 0x7fffffff, passing: new Set() })
  readonly #options: RawOptions
  readonly received: Received[] = []
  isClosed = false
  #waiting: (() => void)[] = []
  /** Of the messages received since the last `take`. */
  readonly #counts = new Map<string, number>()

  private constructor(socket: net.Socket, options: RawOptions) {
    this.socket = socket
    this.#options = options
    socket.on('data', chunk => this.#push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
  }

  /** Through the login; its messages are the first ones received. Resolves even where the login fails: look. */
  static async connect(options: RawOptions): Promise<RawClient> {
    const client = new RawClient(await openSocket(options), options)
    const { user, database, parameters = {} } = options
    client.send(encodeStartup(options.minor ?? 0, Object.entries({ user, database, ...parameters })))
    if (options.impatient !== true) await client.until('ReadyForQuery', 30_000)
    return client
  }

  send(bytes: Buffer): void {
    if (!this.isClosed) this.socket.write(bytes)
  }

  /** The messages received since the last `take`. */
  take(): readonly Received[] {
    this.#counts.clear()
    return this.received.splice(0)
  }

  /** Waits until `count` messages of a name have come since the last `take`. False: it never came, or the connection is gone. */
  until(name: string, timeoutMs = 10_000, count = 1): Promise<boolean> {
    return this.#untilTrue(() => (this.#counts.get(name) ?? 0) >= count, timeoutMs)
  }

  /** Waits until a message of one of the names has come since the last `take`. */
  untilOneOf(names: readonly string[], timeoutMs = 10_000): Promise<boolean> {
    return this.#untilTrue(() => names.some(name => this.#counts.has(name)), timeoutMs)
  }

  async #untilTrue(isThere: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (!isThere()) {
      if (this.isClosed || Date.now() >= deadline) return false
      await this.#change(deadline)
    }
    return true
  }

  async untilClosed(timeoutMs = 10_000): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (!this.isClosed && Date.now() < deadline) await this.#change(deadline)
    return this.isClosed
  }

  close(): void {
    this.socket.destroy()
  }

  #change(deadline: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.max(1, deadline - Date.now()))
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #push(chunk: Buffer): void {
    for (const event of this.#frames.push(Buffer.from(chunk))) {
      if (event.kind !== 'message') continue
      const name = messageName('Backend', event.type) ?? 'Unknown'
      this.received.push({ name, bytes: event.bytes })
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
      if (event.type === 0x52 && event.bytes.readUInt32BE(5) === 3)
        this.send(encodePassword(this.#options.password ?? ''))
    }
    this.#wake()
  }
}

/** What was received, a line a message. */
export function printReceived(messages: readonly Received[]): readonly string[] {
  return messages.map(({ bytes }) => printMessage('C<', bytes).slice(3))
}

async function openSocket({ port, tls: encrypted }: RawOptions): Promise<net.Socket> {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  if (encrypted !== true) return socket
  socket.write(encodeSSLRequest())
  const answer: Buffer = await new Promise(resolve => socket.once('data', resolve))
  if (answer.toString() !== 'S') throw new Error(`no TLS: ${answer}`)
  const secure = tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
  await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject))
  return secure
}

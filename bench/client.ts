/** A client that reads and forgets: it looks for the end of each answer, and at nothing else. */
import net from 'node:net'
import tls from 'node:tls'
import { encodePassword, encodeTerminate } from '../proxy/src/wire/frontend.ts'
import { encodeSSLRequest, encodeStartup } from '../proxy/src/wire/startup.ts'
import type { Peer } from './pgbench.ts'

const passwordRequest = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])
const readyBytes = 6

export class Client {
  readonly socket: net.Socket
  #tail: Buffer = Buffer.alloc(0)
  #received = 0
  #answered: (() => void) | undefined
  #failed: ((error: Error) => void) | undefined

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('data', chunk => this.#take(chunk))
    socket.on('error', error => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error(`closed by the server: ${this.#tail.toString('latin1')}`)))
  }

  static async connect(peer: Peer, { encrypted = false, database = 'bench' } = {}): Promise<Client> {
    const plain = net.connect({ host: '127.0.0.1', port: peer.port, noDelay: true })
    await happened(plain, 'connect')
    const client = new Client(encrypted ? await encrypt(plain) : plain)
    await client.ask(encodeStartup(0, Object.entries({ user: peer.user, database })), peer.password)
    return client
  }

  /** Sends these bytes; resolves at ReadyForQuery with the number of bytes that came. A password is given if asked for. */
  ask(bytes: Buffer, password?: string): Promise<number> {
    this.#received = 0
    return new Promise((resolve, reject) => {
      this.#failed = reject
      this.#answered = () => {
        if (password !== undefined && this.#tail.subarray(-passwordRequest.length).equals(passwordRequest))
          this.socket.write(encodePassword(password))
        else if (isReady(this.#tail)) resolve(this.#received)
      }
      this.socket.write(bytes)
    })
  }

  close(): void {
    this.#failed = undefined
    this.socket.end(encodeTerminate())
    this.socket.destroySoon()
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.length
    this.#tail = chunk.length >= 64 ? chunk.subarray(-64) : Buffer.concat([this.#tail, chunk]).subarray(-64)
    this.#answered?.()
  }
}

/** ReadyForQuery is the last message of every answer, and no row of ours ends like it. */
function isReady(tail: Buffer): boolean {
  const at = tail.length - readyBytes
  return at >= 0 && tail[at] === 0x5a && tail.readUInt32BE(at + 1) === 5
}

async function encrypt(plain: net.Socket): Promise<tls.TLSSocket> {
  plain.write(encodeSSLRequest())
  await happened(plain, 'data')
  const socket = tls.connect({ socket: plain, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
  await happened(socket, 'secureConnect')
  return socket
}

function happened(socket: net.Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once(event, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}

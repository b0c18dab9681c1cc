/** A session between a client and a server that are played by the test: bytes in, a transcript out. */
import { Frames } from '../../wire/frames.ts'
import { backend, frontend } from '../../wire/messages.ts'
import { Transcript } from '../../wire/print.ts'
import type { Effect, SessionEvent } from '../effects.ts'
import { RateWindow } from '../rate.ts'
import { Session, type SessionOptions } from '../session.ts'
import { judge } from './judge.ts'

const minute = 60_000

export const sessionOptions: SessionOptions = {
  limits: {
    maxUnitBytes: 4_096,
    maxPreparedStatements: 4,
    maxPortals: 4,
    maxPipelineDepth: 4,
    idleTimeoutMs: 10 * minute,
    idleInTransactionTimeoutMs: 5 * minute,
    tokenGraceMs: minute / 2,
  },
  epoch: { policy: 1, catalog: 1 },
  searchPath: 'public',
  server: 18,
  rate: new RateWindow(),
  tokenExpiresAt: 60 * minute,
  now: 0,
}

export class Stage {
  readonly transcript = new Transcript()
  readonly session: Session
  readonly #client = new Frames({ side: 'Frontend', maxMessageBytes: 2_048, passing: new Set([frontend.CopyData]) })
  readonly #server = new Frames({
    side: 'Backend',
    maxMessageBytes: 8_192,
    passing: new Set([backend.DataRow, backend.CopyData]),
  })
  readonly #onServer: (bytes: Buffer) => void
  readonly #onClient: (bytes: Buffer) => void
  now = 0

  constructor(
    options: Partial<SessionOptions> = {},
    onServer: (bytes: Buffer) => void = () => {},
    onClient: (bytes: Buffer) => void = () => {},
  ) {
    this.session = new Session({ ...sessionOptions, rate: new RateWindow(), ...options })
    this.#onServer = onServer
    this.#onClient = onClient
  }

  fromClient(bytes: Buffer): void {
    this.transcript.record('C>', bytes)
    this.tell({ is: 'clientSent', frames: this.#client.push(bytes), now: this.now })
  }

  fromServer(bytes: Buffer): void {
    this.transcript.record('U<', bytes)
    this.tell({ is: 'serverSent', frames: this.#server.push(bytes), now: this.now })
  }

  tell(event: SessionEvent): void {
    for (const effect of this.session.handle(event)) this.#perform(effect)
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'writeClient':
        this.transcript.record('C<', effect.bytes)
        return this.#onClient(effect.bytes)
      case 'writeUpstream':
        effect.permit.spend()
        this.transcript.record('U>', effect.bytes)
        return this.#onServer(effect.bytes)
      case 'judge':
        return this.tell({ is: 'judged', asked: effect.asks, judgements: judge(effect) })
      case 'cancelUpstream':
      case 'close':
        return this.transcript.note(`# ${effect.do}`)
      default:
        return
    }
  }
}

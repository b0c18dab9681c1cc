/**
 * One session's sockets, and the loop that performs its effects. Bytes are pushed in, effects come out and are performed
 * in order; nothing is awaited but the judge, so chunks cannot interleave. A slow peer stops the other one from being read.
 */
import type { Duplex } from 'node:stream'
import { BugError, unreachable } from '../errors.ts'
import type { RelationName } from '../session/definitions.ts'
import type { Effect, JudgeEffect, SessionEvent } from '../session/effects.ts'
import type { JudgedStatement } from '../session/judgement.ts'
import type { Refusal } from '../session/refusal.ts'
import type { Session } from '../session/session.ts'
import { settings } from '../settings.ts'
import type { FrameEvent, Frames } from '../wire/frames.ts'
import type { JudgeAnswer } from './judge.ts'
import { Outbox } from './outbox.ts'
import { Turn } from './turn.ts'

export interface Line {
  readonly socket: Duplex
  readonly frames: Frames
}

export interface ConversationOptions {
  readonly client: Line
  readonly server: Line
  readonly session: Session
  /** bytes of the client's that may wait for a verdict before it is read no further. */
  readonly maxQueuedBytes: number
  judge(effect: JudgeEffect): JudgeAnswer | Promise<JudgeAnswer>
  cancelUpstream(): void
  onRefused(refusal: Refusal): void
  onPermitted(statements: readonly JudgedStatement[]): void
  onDefinitionsChanging(relations: readonly RelationName[] | undefined): void
  onDefinitionsSettled(): void
  onBug(error: unknown): void
  onEnd(): void
}

type Bytes = { readonly is: 'clientSent' | 'serverSent'; readonly frames: Frames; readonly chunk: Buffer }
type Work =
  | Bytes
  | { readonly is: 'clientGone' | 'serverGone' | 'wentOn' }
  | { readonly is: 'question'; readonly effect: JudgeEffect }

export class Conversation {
  readonly #options: ConversationOptions
  readonly #session: Session
  readonly #toClient: Outbox
  readonly #toServer: Outbox
  readonly #turn = new Turn(() => this.#work())
  readonly #backlog: Work[] = []
  #clientIsSlow = false
  #serverIsSlow = false
  #isWorking = false
  #hasEnded = false
  readonly #sliceBytes = { clientSent: settings.maxSliceBytes as number, serverSent: settings.maxSliceBytes as number }

  constructor(options: ConversationOptions) {
    this.#options = options
    this.#session = options.session
    this.#toClient = new Outbox(options.client.socket)
    this.#toServer = new Outbox(options.server.socket)
  }

  /** From here on the sockets belong to the session. `early`: what was read of each side before. */
  start(early: { readonly client: readonly FrameEvent[]; readonly server: Buffer }): void {
    const { client, server } = this.#options
    client.socket.on('data', chunk => this.#later({ is: 'clientSent', frames: client.frames, chunk }))
    server.socket.on('data', chunk => this.#later({ is: 'serverSent', frames: server.frames, chunk }))
    client.socket.on('drain', () => this.#drained('client'))
    server.socket.on('drain', () => this.#drained('server'))
    for (const event of ['end', 'close', 'error'] as const) {
      client.socket.on(event, () => this.#later({ is: 'clientGone' }))
      server.socket.on(event, () => this.#later({ is: 'serverGone' }))
    }
    if (early.server.length > 0) this.#later({ is: 'serverSent', frames: server.frames, chunk: early.server })
    if (early.client.length > 0) this.tell({ is: 'clientSent', frames: early.client, now: performance.now() })
    client.socket.resume()
    server.socket.resume()
  }

  /** From outside: not what the peers send. */
  tell(event: SessionEvent): void {
    this.#handle(event)
    this.#work()
  }

  get isBusy(): boolean {
    return this.#session.isBusy
  }

  get isInTransaction(): boolean {
    return this.#session.isInTransaction
  }

  /** Nothing that the server sent is held here, or waits for the client to take it. */
  get hasPassedOn(): boolean {
    return this.#backlog.length === 0 && this.#options.client.socket.writableLength === 0
  }

  #later(work: Work): void {
    this.#backlog.push(work)
    this.#work()
  }

  /**
   * All that is to be done, a piece at a time, until the turn is over: then the other sessions have theirs. A loop, and
   * no recursion: an answer that is there at once leads to the next question.
   */
  #work(): void {
    if (this.#isWorking || this.#turn.isOver) return
    this.#isWorking = true
    this.#turn.begin()
    while (!this.#hasEnded) {
      const work = this.#backlog.shift()
      if (work === undefined) break
      this.#do(work)
      if (this.#turn.isUsedUp()) break
    }
    this.#isWorking = false
    if (this.#hasEnded) this.#backlog.length = 0
    else this.#flush()
  }

  #do(work: Work): void {
    switch (work.is) {
      case 'clientSent':
      case 'serverSent':
        return this.#readSlice(work)
      case 'question':
        return this.#ask(work.effect)
      default:
        return this.#handle(work)
    }
  }

  /** Bytes that cost more than they are worth are taken in smaller pieces. */
  #readSlice(work: Bytes): void {
    const { is, frames, chunk } = work
    const size = this.#sliceBytes[is]
    const start = this.#turn.now
    this.#read(is, frames, chunk.length > size ? chunk.subarray(0, size) : chunk)
    if (chunk.length > size) this.#backlog.splice(this.#questions(), 0, { ...work, chunk: chunk.subarray(size) })
    const spent = this.#turn.look() - start
    if (spent > settings.maxTurnMs) this.#sliceBytes[is] = Math.max(settings.minSliceBytes, size >> 2)
    else if (size < settings.maxSliceBytes && spent < settings.maxTurnMs / 4) this.#sliceBytes[is] = size * 2
  }

  /** Questions are asked before anything else is read. */
  #questions(): number {
    const other = this.#backlog.findIndex(({ is }) => is !== 'question' && is !== 'wentOn')
    return other === -1 ? this.#backlog.length : other
  }

  #read(is: 'clientSent' | 'serverSent', frames: Frames, chunk: Buffer): void {
    let read: readonly FrameEvent[]
    try {
      read = frames.push(chunk)
    } catch (error) {
      this.#handle({ is: 'killed', refusal: violation(error) })
      return
    }
    this.#handle({ is, frames: read, now: this.#turn.now })
  }

  #handle(event: SessionEvent): void {
    if (this.#hasEnded) return
    try {
      this.#perform(this.#session.handle(event))
    } catch (error) {
      this.#fail(error)
    }
  }

  #perform(effects: readonly Effect[]): void {
    let isOver = false
    for (const effect of effects) {
      switch (effect.do) {
        case 'writeClient':
          this.#toClient.add(effect.bytes)
          break
        case 'writeUpstream':
          effect.permit.spend()
          this.#toServer.add(effect.bytes)
          break
        case 'judge':
          this.#backlog.unshift({ is: 'question', effect })
          break
        case 'goOn':
          this.#backlog.unshift({ is: 'wentOn' })
          break
        case 'cancelUpstream':
          this.#options.cancelUpstream()
          break
        case 'tellRefused':
          this.#options.onRefused(effect.refusal)
          break
        case 'tellPermitted':
          this.#options.onPermitted(effect.statements)
          break
        case 'definitionsChanging':
          this.#options.onDefinitionsChanging(effect.relations)
          break
        case 'definitionsSettled':
          this.#options.onDefinitionsSettled()
          break
        case 'close':
          isOver = true
          break
        default:
          unreachable(effect)
      }
    }
    if (!isOver) return
    this.#flush()
    this.#close()
  }

  #ask(effect: JudgeEffect): void {
    const answer = this.#options.judge(effect)
    if (!(answer instanceof Promise)) return this.#answered(effect, answer)
    answer.then(
      found => {
        this.#answered(effect, found)
        this.#work()
      },
      error => this.#fail(error),
    )
  }

  #answered(effect: JudgeEffect, answer: JudgeAnswer): void {
    if (answer.is === 'ownNeeded') return this.#handle({ is: 'ownNeeded', queries: answer.queries })
    if (answer.epoch !== undefined) this.#handle({ is: 'changed', epoch: answer.epoch })
    this.#handle({ is: 'judged', asked: effect.asks, judgements: answer.judgements })
  }

  #flush(): void {
    if (!this.#toClient.flush()) this.#clientIsSlow = true
    if (!this.#toServer.flush()) this.#serverIsSlow = true
    this.#steer()
  }

  #drained(side: 'client' | 'server'): void {
    if (side === 'client') this.#clientIsSlow = false
    else this.#serverIsSlow = false
    this.#steer()
  }

  /** Reads of each side what the other can take. */
  #steer(): void {
    const { client, server, maxQueuedBytes } = this.#options
    const hasTime = !this.#turn.isOver
    steer(server.socket, hasTime && !this.#clientIsSlow)
    steer(client.socket, hasTime && !this.#serverIsSlow && this.#session.waitingBytes <= maxQueuedBytes)
  }

  /** Ours, not the peer's: counted, and the session fails closed. */
  #fail(error: unknown): void {
    this.#options.onBug(error)
    if (this.#hasEnded) return
    try {
      this.#perform(this.#session.handle({ is: 'killed', refusal: internalError }))
    } catch {
      this.#close()
    }
  }

  #close(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#turn.close()
    for (const { socket } of [this.#options.client, this.#options.server]) {
      socket.removeAllListeners('data')
      socket.on('error', () => undefined)
      socket.resume()
      socket.end()
      setTimeout(() => socket.destroy(), settings.closeGraceMs).unref()
    }
    this.#options.onEnd()
  }
}

function steer(socket: Duplex, wanted: boolean): void {
  if (socket.isPaused() === wanted) {
    if (wanted) socket.resume()
    else socket.pause()
  }
}

function violation(error: unknown): Refusal {
  if (error instanceof BugError) throw error
  const { sqlState = '08P01', message } = error as { sqlState?: string; message: string }
  return { fields: { severity: 'FATAL', sqlState, message }, code: 'ProtocolViolation' }
}

const internalError: Refusal = {
  fields: { severity: 'FATAL', sqlState: 'XX000', message: 'internal error in the gateway: the session ends' },
  code: 'Bug',
}

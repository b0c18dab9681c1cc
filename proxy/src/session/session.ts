/**
 * One session: (state, event) → (state, effects). It knows no socket and no clock; the gateway performs its effects in
 * order. Whatever is thrown here ends the session, and nothing more reaches the server.
 */
import { PeerProtocolError, unreachable } from '../errors.ts'
import { pump, resume } from './client-side.ts'
import { SessionCore, type SessionOptions } from './core.ts'
import type { Effect, SessionEvent } from './effects.ts'
import { askOwn } from './look-up.ts'
import { takeFromServer } from './server-side.ts'
import { tick } from './timeouts.ts'

export type { SessionLimits, SessionOptions } from './core.ts'
export type { Effect, SessionEvent } from './effects.ts'

export class Session {
  readonly #core: SessionCore

  constructor(options: SessionOptions) {
    this.#core = new SessionCore(options)
  }

  /** What is to be done about `event`, in order. Empty once the session has ended. */
  handle(event: SessionEvent): readonly Effect[] {
    const core = this.#core
    if (core.state === 'ended') return []
    core.effects = []
    core.taken = 0
    try {
      this.#take(event)
    } catch (error) {
      if (!(error instanceof PeerProtocolError)) throw error
      core.end({
        fields: { severity: 'FATAL', sqlState: error.sqlState, message: error.message },
        code: 'ProtocolViolation',
      })
    }
    return core.effects
  }

  get hasEnded(): boolean {
    return this.#core.state === 'ended'
  }

  /** bytes that the client has sent and that wait for a verdict, or for the server. */
  get waitingBytes(): number {
    return this.#core.inbox.bytes
  }

  /** Whether the server is at work for this session: what a cancel request may interrupt. */
  get isBusy(): boolean {
    return !this.#core.isDrained
  }

  get isInTransaction(): boolean {
    return this.#core.transaction !== 'I'
  }

  #take(event: SessionEvent): void {
    const core = this.#core
    switch (event.is) {
      case 'clientSent':
        core.now = event.now
        core.lastActiveAt = event.now
        core.inbox.push(event.frames)
        return pump(core)
      case 'serverSent':
        core.now = event.now
        return takeFromServer(core, event.frames)
      case 'judged':
        return this.#judged(event.asked, event.judgements)
      case 'ownNeeded':
        return askOwn(core, event.queries, resume)
      case 'changed':
        core.epoch = event.epoch
        return
      case 'wentOn':
        core.isGoingOn = false
        return pump(core)
      case 'ticked':
        core.now = event.now
        return tick(core)
      case 'cancelRequested':
        if (!core.isDrained) core.effects.push({ do: 'cancelUpstream' })
        return
      case 'drainStarted':
        core.draining = event.refusal
        return pump(core)
      case 'killed':
        return core.end(event.refusal)
      case 'clientGone':
      case 'serverGone':
        return core.end()
      default:
        return unreachable(event)
    }
  }

  #judged(
    asked: Extract<SessionEvent, { is: 'judged' }>['asked'],
    judgements: Extract<SessionEvent, { is: 'judged' }>['judgements'],
  ): void {
    const core = this.#core
    for (const [index, ask] of asked.entries()) {
      const judgement = judgements[index]
      if (judgement !== undefined) core.judged.set(ask.what === 'text' ? ask.text : ask.judgement, judgement)
    }
    core.enter('ready')
    resume(core)
  }
}

/** How much each subject has of this gateway at the moment: sessions, and statements in the last minute. */
import type { Identity } from '../policy/identity.ts'
import type { Reason } from '../policy/reason.ts'
import { RateWindow } from '../session/rate.ts'

interface Usage {
  sessions: number
  readonly rate: RateWindow
}

export class Subjects {
  readonly #usage = new Map<string, Usage>()
  #sessions = 0

  /** Counts a session, or says why there may be no more. */
  admit(identity: Identity, maxSessions: number, maxSessionsPerSubject: number): Reason | undefined {
    const usage = this.#usage.get(keyOf(identity)) ?? { sessions: 0, rate: new RateWindow() }
    if (this.#sessions >= maxSessions)
      return {
        code: 'SessionLimit',
        text: `this gateway has ${maxSessions} sessions, the most that it allows`,
        hint: 'Try again when others have ended.',
      }
    if (usage.sessions >= maxSessionsPerSubject)
      return {
        code: 'SessionLimit',
        text: `"${identity.username}" has ${maxSessionsPerSubject} sessions, the most that it may have`,
        hint: 'Close sessions that are no longer used.',
      }
    usage.sessions += 1
    this.#sessions += 1
    this.#usage.set(keyOf(identity), usage)
    return undefined
  }

  dismiss(identity: Identity): void {
    const usage = this.#usage.get(keyOf(identity))
    if (usage === undefined) return
    usage.sessions -= 1
    this.#sessions -= 1
  }

  rateOf(identity: Identity): RateWindow {
    return this.#usage.get(keyOf(identity))?.rate ?? new RateWindow()
  }

  /** A subject without sessions keeps its rate until the minute is over. */
  forgetIdle(now: number): void {
    for (const [key, { sessions, rate }] of this.#usage)
      if (sessions === 0 && rate.isFullAt(now)) this.#usage.delete(key)
  }
}

function keyOf(identity: Identity): string {
  return `${identity.issuer}\0${identity.subject}`
}

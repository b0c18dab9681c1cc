/** Statements a minute: a bucket that fills evenly. One for each subject, shared by its sessions on this replica. */
export class RateWindow {
  #tokens: number | undefined
  #filledAt = 0

  /** Takes one statement at `now` (ms) under a limit of `perMinute`; false: there is none left. */
  take(perMinute: number, now: number): boolean {
    const filled = this.#tokens === undefined ? perMinute : this.#tokens + ((now - this.#filledAt) * perMinute) / 60_000
    this.#filledAt = now
    this.#tokens = Math.min(perMinute, filled)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** A minute after the last statement the bucket is full, whatever its limit. */
  isFullAt(now: number): boolean {
    return now - this.#filledAt >= 60_000
  }
}

/** A mistake in what a command was given: told in one line, exit code 2. The gateway's own is known by the same name. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

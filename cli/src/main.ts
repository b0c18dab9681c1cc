/** `sallyport`, and as `kubectl-sallyport` a kubectl plugin. Exit code 0, 1 (no) or 2 (bad usage). */
import { CommanderError } from 'commander'
import { sallyport } from './program.ts'

try {
  await sallyport().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Error && error.name === 'UsageError') endWith(2, error)
  else if (error instanceof Error && 'syscall' in error) endWith(1, error)
  else throw error
}

/** One line: where in our code is no news. At once: what a failed start has left open must not keep the process. */
function endWith(code: 1 | 2, error: Error): never {
  console.error(`sallyport: ${error.message}`)
  process.exit(code)
}

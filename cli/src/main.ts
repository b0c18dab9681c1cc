/** `sallyport`, and as `kubectl-sallyport` a kubectl plugin. Exit code 0, 1 (no) or 2 (bad usage). */
import { CommanderError } from 'commander'
import { sallyport } from './program.ts'

try {
  await sallyport().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Error && error.name === 'UsageError') {
    console.error(`sallyport: ${error.message}`)
    process.exitCode = 2
  } else throw error
}

/** `sallyport`, and as `kubectl-sallyport` a kubectl plugin. Exit code 0, 1 (no) or 2 (bad usage). */
import { Command, CommanderError } from 'commander'
import { checkCommand } from './check.ts'
import { policyCommand } from './policy.ts'
import { serveCommand } from './serve.ts'
import { statusCommand } from './status.ts'
import { tokenCommand } from './token.ts'

const program = new Command('sallyport')
  .description(
    'a gateway between AI agents and PostgreSQL: every statement is judged, and only what a policy allows gets through',
  )
  .version('0.1.0')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })

for (const register of [serveCommand, checkCommand, policyCommand, statusCommand, tokenCommand]) register(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Error && error.name === 'UsageError') {
    console.error(`sallyport: ${error.message}`)
    process.exitCode = 2
  } else throw error
}

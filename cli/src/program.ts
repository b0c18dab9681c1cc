/** The commands, under one name: run by main.ts, printed as a page of reference, tested. */
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { checkCommand } from './check.ts'
import { policyCommand } from './policy.ts'
import { serveCommand } from './serve.ts'
import { statusCommand } from './status.ts'
import { tokenCommand } from './token.ts'

export function sallyport(): Command {
  const program = new Command('sallyport')
    .description(
      'a gateway between AI agents and PostgreSQL: every statement is judged, and only what a policy allows gets through',
    )
    .version(manifest.version)
    .exitOverride()
    .configureHelp({ helpWidth: 120 })
  for (const register of [serveCommand, checkCommand, policyCommand, statusCommand, tokenCommand]) register(program)
  return program
}

/** Every command has help, and says what it prints resources as. */
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { checkCommand } from './check.ts'
import { policyCommand } from './policy.ts'
import { serveCommand } from './serve.ts'
import { statusCommand } from './status.ts'
import { tokenCommand } from './token.ts'

function every(command: Command): readonly Command[] {
  return command.commands.flatMap(each => [each, ...every(each)])
}

const program = new Command('sallyport')
for (const register of [serveCommand, checkCommand, policyCommand, statusCommand, tokenCommand]) register(program)

test.each(every(program).map(command => [command.name(), command] as const))('%s has help', (_name, command) => {
  expect(command.description()).not.toBe('')
  for (const option of command.options) expect(option.description, option.flags).not.toBe('')
  expect(command.helpInformation()).toContain(`${command.name()} [options]`)
})

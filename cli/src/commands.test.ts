/** Every command has help, and bad usage ends in an error rather than the process. */
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { sallyport } from './program.ts'

function every(command: Command): readonly Command[] {
  return command.commands.flatMap(each => [each, ...every(each)])
}

test('an option that there is not', async () => {
  const program = sallyport().configureOutput({ writeErr: () => undefined })
  for (const command of every(program)) command.configureOutput({ writeErr: () => undefined })
  await expect(program.parseAsync(['check', '--nonsense', '.'], { from: 'user' })).rejects.toThrow('unknown option')
})

test.each(every(sallyport()).map(command => [command.name(), command] as const))('%s has help', (_name, command) => {
  expect(command.description()).not.toBe('')
  for (const option of command.options) expect(option.description, option.flags).not.toBe('')
  expect(command.helpInformation()).toContain(`${command.name()} [options]`)
})

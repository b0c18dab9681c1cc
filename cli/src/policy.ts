/** `sallyport policy …`: what policies decide, without a gateway that runs. */
import type { Command } from 'commander'
import { policyExplainCommand } from './policy-explain.ts'
import { policyTestCommand } from './policy-test.ts'

export function policyCommand(program: Command): void {
  const policy = program.command('policy').description('test policies, and ask why they decide as they do')
  policyTestCommand(policy)
  policyExplainCommand(policy)
}

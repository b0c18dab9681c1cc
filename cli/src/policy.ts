/** `sallyport policy …`: what policies decide, without a gateway that runs. What does the work is loaded when it is asked for. */
import type { Command } from 'commander'
import { formatFlag, formatOf } from './output.ts'
import type { PolicyExplainOptions } from './policy-explain.ts'
import { UsageError } from './usage.ts'

export function policyCommand(program: Command): void {
  const policy = program.command('policy').description('test policies, and ask why they decide as they do')
  policyTestCommand(policy)
  policyExplainCommand(policy)
}

function policyTestCommand(policy: Command): void {
  policy
    .command('test')
    .description('run the policy tests in a folder (documents of kind PolicyTest) over the policies in it')
    .argument('<dir>', 'the folder')
    .option('--manifests <dir>', 'where the policies are, if elsewhere')
    .option(...formatFlag)
    .action(async (folder: string, flags: { readonly manifests?: string; readonly output: string }) => {
      const { policyTest } = await import('./policy-test.ts')
      process.exitCode = await policyTest(folder, { ...flags, output: formatOf(flags.output) })
    })
}

interface Flags extends Omit<PolicyExplainOptions, 'groups' | 'claims' | 'output' | 'print'> {
  readonly groups: string
  readonly claims: string
  readonly output: string
}

function policyExplainCommand(policy: Command): void {
  policy
    .command('explain')
    .description('why a statement is allowed or refused: facts, the rule that decided, and the text that would be sent')
    .argument('<sql>', 'the statement')
    .requiredOption('--manifests <dir>', 'gateways and policies')
    .requiredOption('--as <username>', 'the subject, after claimMappings: idp:alice')
    .option('--groups <a,b>', 'its groups, after claimMappings', '')
    .option('--claims <json>', 'the claims of its token', '{}')
    .requiredOption('--database <name>', 'the database')
    .option('--gateway <namespace/name>', 'which gateway, where there are several')
    .option('--role <name>', 'the startup user, where several roles match')
    .option('--search-path <text>', 'search_path of the session', '"$user", public')
    .option('--catalog <file>', 'a described catalog (as in a policy test) instead of asking the database')
    .option(...formatFlag)
    .action(async (sql: string, flags: Flags) => {
      const { policyExplain } = await import('./policy-explain.ts')
      const groups = flags.groups.split(',').filter(group => group !== '')
      process.exitCode = await policyExplain(sql, {
        ...flags,
        groups,
        claims: claimsOf(flags.claims),
        output: formatOf(flags.output),
      })
    })
}

function claimsOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(json)
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims }
  } catch {
    // said below
  }
  throw new UsageError('--claims: a JSON object is expected, as \'{"tenant":"acme"}\'')
}

/** `sallyport serve`: a gateway from a folder of manifests. */

import type { Served, ServeOptions } from '@sallyport/proxy/main.ts'
import type { Command } from 'commander'
import { UsageError } from './usage.ts'

interface Flags {
  readonly manifests: string
  readonly state: string
  readonly gateway?: string
  readonly listen: string
  readonly port?: string
  readonly admin: string
  readonly logLevel: string
}

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('run a gateway from a folder of manifests; a changed file is in force within two seconds')
    .requiredOption('--manifests <dir>', 'DatabaseGateway, AccessPolicy, Secret and ConfigMap documents (YAML or JSON)')
    .requiredOption('--state <dir>', 'keys and, later, approvals and recordings')
    .option('--gateway <namespace/name>', 'which one, where the manifests have several')
    .option('--listen <host>', 'host to listen on', '127.0.0.1')
    .option('--port <port>', "instead of the manifest's listener.port; 0 takes any")
    .option('--admin <host:port>', '/livez, /readyz, /metrics; "off" for none', '127.0.0.1:9187')
    .option('--log-level <level>', 'debug, info, warn, error or silent', 'info')
    .action(async (flags: Flags) => {
      const options = optionsOf(flags)
      const { serve } = await import('@sallyport/proxy/main.ts')
      const served = await serve(options)
      await untilSignal(served)
    })
}

function optionsOf(flags: Flags): ServeOptions {
  const port = flags.port === undefined ? undefined : portNumber(flags.port, '--port')
  const admin = flags.admin === 'off' ? undefined : address(flags.admin)
  return {
    manifests: flags.manifests,
    state: flags.state,
    listen: flags.listen,
    logLevel: flags.logLevel,
    ...(flags.gateway === undefined ? {} : { gateway: flags.gateway }),
    ...(port === undefined ? {} : { port }),
    ...(admin === undefined ? {} : { admin }),
  }
}

function address(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? []
  if (host === undefined || port === undefined) throw new UsageError(`--admin ${text}: write it as HOST:PORT, or off`)
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: portNumber(port, '--admin') }
}

function portNumber(text: string, flag: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${flag} ${text}: a port is a number from 0 to 65535`)
  return port
}

/** The first SIGTERM or SIGINT drains; a second one ends at once. */
async function untilSignal(served: Served): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  await promise
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))
  await served.stop()
}

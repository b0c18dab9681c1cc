/**
 * `make demo`: PostgreSQL, an identity provider and a gateway on this machine, and the main job played on them. Then
 * everything stays up, with a prompt, until Ctrl-C; with --once it ends with 0 if all came out as expected, otherwise 1.
 */
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import type { Stage } from './stage.ts'

const help = `usage: make demo [ONCE=1]   (node cli/src/demo/main.ts [--once] [--folder DIR])
  --once         end after the tour: 0 if all came out as expected, otherwise 1 (also with CI=true and no terminal)
  --folder DIR   where manifests and keys go (.sallyport/demo)`

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: process.env.CI === 'true' && !process.stdin.isTTY },
    folder: { type: 'string', default: '.sallyport/demo' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await demo(values.folder, values.once)

async function demo(folder: string, once: boolean): Promise<0 | 1> {
  const say = (line: string) => console.log(line)
  say('Sallyport demo: everything runs on this machine, on 127.0.0.1.\n')
  // Loaded behind the first line, which so comes at once.
  const [{ openStage }, { playTour }, { askAround }] = await Promise.all([
    import('./stage.ts'),
    import('./tour.ts'),
    import('./prompt.ts'),
  ])
  const stage = await openStage(folder, say)
  try {
    const well = await playTour(stage, say)
    if (once) {
      say(well ? '\nEverything came out as expected.' : '\nNot everything came out as expected.')
      return well ? 0 : 1
    }
    for (const line of waysIn(stage)) say(line)
    await askAround(stage, say)
    return 0
  } finally {
    await stage.close()
  }
}

function waysIn({ port, issuer, certificate, manifests }: Stage): readonly string[] {
  const from = (path: string) => relative('.', path)
  const at = issuer.endsWith(':9180') ? '' : ` --issuer ${issuer}`
  return [
    '\nYour turn, until Ctrl-C.',
    `  psql      PGPASSWORD=$(bin/sallyport token --user alice${at}) \\`,
    `            psql "host=localhost port=${port} dbname=shop user=agent_ro sslmode=verify-full sslrootcert=${from(certificate)}"`,
    `  policies  edit ${from(manifests)}/*.yaml: in force within two seconds, at the next statement of running sessions`,
    '  agents    alice, support, support-globex, migrator, mallory; a token lasts ten minutes',
  ]
}

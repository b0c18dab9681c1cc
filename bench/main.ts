/**
 * `node bench/main.ts [--only LINE,…] [--rounds N] [--postgres MAJOR] [--program FILE] [--json FILE] [--write]`: the figures of
 * docs/performance.md. What is compared takes turns within one run, and medians of rounds are told. Exit code 1 where a
 * figure is missed.
 */
import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Figure, isMet, skipped } from './figure.ts'
import { measureBulk } from './lines/bulk.ts'
import { measureCatalog } from './lines/catalog.ts'
import { measureConnects } from './lines/connects.ts'
import { measureCpu } from './lines/cpu.ts'
import { measureHostile } from './lines/hostile.ts'
import { measureLatency } from './lines/latency.ts'
import { measureMemory } from './lines/memory.ts'
import { writePage } from './page.ts'
import { makeReport, table } from './report.ts'
import { makeWorld, type World } from './world.ts'

const lines: Readonly<Record<string, (world: World, rounds: number) => Promise<readonly Figure[]>>> = {
  latency: (world, rounds) => measureLatency(world, 2 * rounds),
  cpu: measureCpu,
  bulk: measureBulk,
  memory: measureMemory,
  connects: measureConnects,
  catalog: measureCatalog,
  hostile: measureHostile,
}

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(lines).join(',') },
    rounds: { type: 'string', default: '5' },
    postgres: { type: 'string', default: '18' },
    program: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const load = loadavg()
  .map(average => average.toFixed(1))
  .join(' ')
const start = performance.now()
const world = await makeWorld(Number(flags.postgres), flags.program)
const figures: Figure[] = []
try {
  for (const name of flags.only.split(',')) {
    const measure = lines[name]
    if (measure === undefined) throw new Error(`no line ${name}; there are ${Object.keys(lines).join(', ')}`)
    process.stderr.write(`${name} …\n`)
    figures.push(
      ...(await measure(world, Number(flags.rounds)).catch(error => skipped(name, `failed: ${error.message}`))),
    )
  }
} finally {
  await world.stop()
}
const report = makeReport(figures, world.database.version, load, (performance.now() - start) / 1000)
console.log(table(figures))
if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(report, null, 2)}\n`)
if (flags.write) await writePage(report)
process.exitCode = figures.some(figure => isMet(figure) === false || figure.note.startsWith('failed')) ? 1 : 0

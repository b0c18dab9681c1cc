/**
 * `node tools/summary.mjs FOLDER CODE`: sums what vitest wrote (a JSON file a run) and prints `N passed, N failed`. Where
 * CODE is not 0 and no test failed (types, lint, a file that does not load), that counts as one failure. Any Node will do.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = 'dist/results', code = '0'] = process.argv.slice(2)
const runs = files().map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))
const passed = sum(run => run.numPassedTests)
const broken = sum(run => run.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length)
const skipped = sum(run => run.numPendingTests + run.numTodoTests)
const failed = sum(run => run.numFailedTests) + broken

for (const run of runs)
  for (const file of run.testResults)
    for (const { status, fullName } of file.assertionResults)
      if (status === 'failed') console.log(`failed: ${file.name}: ${fullName}`)
if (skipped > 0) console.log(`skipped: ${skipped}`)
console.log(`${passed} passed, ${failed === 0 && code !== '0' ? 1 : failed} failed`)

function files() {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.json'))
  } catch {
    return []
  }
}

function sum(count) {
  return runs.reduce((total, run) => total + count(run), 0)
}

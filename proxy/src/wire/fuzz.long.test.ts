import { describe, it } from 'vitest'
import { fuzzBodies, fuzzMessages, fuzzStartup } from './test/fuzz.ts'

/** `FUZZ_RUNS` says how many inputs each target gets (`make fuzz`); each run has another seed, which a failure prints. */
const options = { numRuns: Number(process.env.FUZZ_RUNS ?? 200_000) }

describe('bytes from strangers, for long', () => {
  it.each(['Frontend', 'Backend'] as const)('%s streams', side => fuzzMessages(side, options))
  it.each(['Frontend', 'Backend'] as const)('%s bodies', side => fuzzBodies(side, options))
  it('startup packets', () => fuzzStartup(options))
})

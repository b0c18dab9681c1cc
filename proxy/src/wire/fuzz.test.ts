import { describe, it } from 'vitest'
import { fuzzBodies, fuzzMessages, fuzzStartup } from './test/fuzz.ts'

/** A sample with a fixed seed; `fuzz.long.test.ts` is the long form. */
const options = { seed: 20_260_101, numRuns: 500 }

describe('bytes from strangers', () => {
  it.each(['Frontend', 'Backend'] as const)('%s streams', side => fuzzMessages(side, options))
  it.each(['Frontend', 'Backend'] as const)('%s bodies', side => fuzzBodies(side, options))
  it('startup packets', () => fuzzStartup(options))
})

/** The whole corpus. */
import type { Attack } from './attack.ts'
import { kinds } from './corpus/kinds.ts'
import { policyEdits } from './corpus/policy-edits.ts'
import { protocol } from './corpus/protocol.ts'
import { reads } from './corpus/reads.ts'
import { settings } from './corpus/settings.ts'
import { startups } from './corpus/startups.ts'
import { writes } from './corpus/writes.ts'

export const corpus: readonly Attack[] = [
  ...writes,
  ...reads,
  ...kinds,
  ...settings,
  ...protocol,
  ...policyEdits,
  ...startups,
]

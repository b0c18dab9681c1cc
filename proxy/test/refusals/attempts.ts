/** The whole corpus. */
import type { Attack } from './attack.ts'
import { kinds } from './corpus/kinds.ts'
import { protocol } from './corpus/protocol.ts'
import { reads } from './corpus/reads.ts'
import { settings } from './corpus/settings.ts'
import { writes } from './corpus/writes.ts'

export const corpus: readonly Attack[] = [...writes, ...reads, ...kinds, ...settings, ...protocol]

/** The versions between the oldest and the newest: the tables by version hold for them too. */
import { compareWith } from './comparison.ts'

for (const major of [16, 17] as const) compareWith(major)

import { majors } from '../servers.ts'
import { compareWith } from './comparison.ts'

for (const major of majors) compareWith(major)

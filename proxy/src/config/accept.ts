/** A policy is accepted by the compiler that enforcement uses, so that what is shown as accepted can be enforced. */
import { compilePolicy } from '../policy/compile.ts'
import type { Accept } from './snapshot.ts'

export const compiles: Accept = policy => {
  const result = compilePolicy(policy)
  if ('problems' in result) return result.problems
  return result.compiled.warnings.map(each => ({ ...each, severity: 'Warning' }))
}

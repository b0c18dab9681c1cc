import { setImmediate as others } from 'node:timers/promises'
import { settings } from '../settings.ts'

/** `make` of each, in order; after `maxTurnMs` the other sessions have their turn. */
export async function inTurns<From, To>(
  values: readonly From[],
  make: (value: From, index: number) => To | Promise<To>,
): Promise<readonly To[]> {
  const made: To[] = []
  let start = performance.now()
  for (const [index, value] of values.entries()) {
    const result = make(value, index)
    made.push(result instanceof Promise ? await result : result)
    if (performance.now() - start <= settings.maxTurnMs) continue
    await others()
    start = performance.now()
  }
  return made
}

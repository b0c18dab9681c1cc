/**
 * What a read-only agent with DDL under approval must not do, tried with a role that could do everything: only the
 * gateway stands in the way. Each attack works on a direct connection, and leaves no trace through the gateway. A file
 * for each version runs this, so that they run side by side.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Major } from '../servers.ts'
import { type Attack, type Effect, effects } from './attack.ts'
import { corpus } from './attempts.ts'
import { Stage } from './stage.ts'
import type { Mode } from './talk.ts'

const kinds = Object.keys(effects) as readonly Effect[]
/** ms for all attacks of one effect: on a busy machine an attack takes a second. */
const patienceMs = 400_000

export function attack(major: Major): void {
  const attacks = corpus.filter(({ since = 0, until = 99 }) => since <= major && major <= until)
  const having = (effect: Effect) => attacks.filter(each => each.effect === effect)

  describe(`directly on PostgreSQL ${major}`, () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await Stage.start(major, 'direct')
    })
    afterAll(() => stage?.stop())

    it.each(kinds)('each attack works: %s', { timeout: patienceMs }, async effect => {
      const failed: string[] = []
      for (const each of having(effect)) {
        const { seen, text } = await stage.attempt(each, ['simple'])
        if (!seen.includes(effect)) failed.push(`${each.name}: ${seen} ${text}`)
      }
      expect(failed).toEqual([])
    })
  })

  describe(`through the gateway on PostgreSQL ${major}`, () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await Stage.start(major, 'gateway')
      await stage.firstActs(attacks)
    })
    afterAll(() => stage?.stop())

    it.each(kinds)('each attack does nothing: %s', { timeout: patienceMs }, async effect => {
      const passed: string[] = []
      for (const each of having(effect)) {
        const { seen, text } = await stage.attempt(each, modesOf(each))
        if (seen.length > 0) passed.push(`${each.name}: ${seen} ${text}`)
      }
      expect(passed).toEqual([])
    })
  })
}

function modesOf(attack: Attack): readonly Mode[] {
  return attack.play === undefined ? ['simple', 'extended'] : ['simple']
}

/**
 * What a read-only agent with DDL under approval must not do, tried with a role that could do everything: only the
 * gateway stands in the way. Each attack works on a direct connection, and leaves no trace through the gateway.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { majors } from '../servers.ts'
import type { Attack } from './attack.ts'
import { corpus } from './attempts.ts'
import { type Mode, Stage } from './stage.ts'

describe.each(majors)('attacks on PostgreSQL %i', major => {
  const attacks = corpus.filter(({ since = 0, until = 99 }) => since <= major && major <= until)

  describe('directly', () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await Stage.start(major, 'direct')
    })
    afterAll(() => stage?.stop())

    it.each(attacks)('$name works', async attack => {
      const { seen, text } = await stage.attempt(attack, ['simple'])
      expect(seen, text).toContain(attack.effect)
    })
  })

  describe('through the gateway', () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await Stage.start(major, 'gateway')
    })
    afterAll(() => stage?.stop())

    it.each(attacks)('$name does nothing', async attack => {
      const { seen, text } = await stage.attempt(attack, modesOf(attack))
      expect(seen, text).toEqual([])
    })
  })
})

function modesOf(attack: Attack): readonly Mode[] {
  return attack.play === undefined ? ['simple', 'extended'] : ['simple']
}

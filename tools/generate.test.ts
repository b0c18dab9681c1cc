import { expect, test } from 'vitest'
import { stale } from './generate.ts'

test('what is generated is as it would be generated', async () => {
  expect(await stale()).toEqual([])
})

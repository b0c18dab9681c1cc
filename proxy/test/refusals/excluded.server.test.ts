/** Each function of the server that is not harmless is called once: none is reached, and the list is whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRelations } from '../../src/sql/lists/relations.ts'
import { encodeClose, encodeParse, encodeQuery, encodeSync } from '../../src/wire/frontend.ts'
import { majors } from '../servers.ts'
import { excludedCalls } from './excluded.ts'
import { tells } from './secrets.ts'
import { Stage } from './stage.ts'
import { send } from './talk.ts'

describe.each(majors)('excluded functions of PostgreSQL %i', major => {
  const calls = excludedCalls(major)
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.start(major, 'gateway')
  })
  afterAll(() => stage?.stop())

  it('are refused, and their calls never reach the server', async () => {
    const client = await stage.connect()
    const before = await stage.world()
    const passed: string[] = []
    for (const { signature, sql } of calls) {
      client.take()
      await send(client, encodeQuery(sql))
      const [first] = client.take()
      if (first?.name !== 'ErrorResponse' || !first.bytes.includes('code=')) passed.push(signature)
    }
    client.close()
    expect(passed).toEqual([])
    expect(await stage.world()).toEqual(before)
    expect(stage.postgres.log()).not.toContain('excluded call')
  })

  it('nor does any system relation tell a secret, by its columns or as a row', async () => {
    const client = await stage.connect()
    const told: string[] = []
    for (const relation of systemRelations(major)) {
      for (const list of ['*', 't']) {
        client.take()
        await send(client, encodeQuery(`SELECT ${list} FROM ${relation} t`))
        const bytes = Buffer.concat(client.take().map(message => message.bytes)).toString('latin1')
        if (tells(bytes)) told.push(`${list} of ${relation}`)
      }
    }
    client.close()
    expect(told).toEqual([])
  })

  it('are known to the server: the calls mean them', async () => {
    const direct = await stage.connect({ port: stage.postgres.port })
    const unknown: string[] = []
    for (const { signature, sql, class: why } of calls) {
      direct.take()
      await send(direct, encodeParse('s', sql), encodeClose('Statement', 's'), encodeSync())
      const [first] = direct.take()
      const callable = why !== 'NotCallable' && why !== 'BinaryUpgrade' && !signature.includes('(internal)')
      if (callable && first?.name !== 'ParseComplete') unknown.push(`${signature}: ${first?.bytes}`)
    }
    direct.close()
    expect(unknown).toEqual([])
  })
})

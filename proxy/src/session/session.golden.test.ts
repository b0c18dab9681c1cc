import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseConversation } from '../wire/conversation.ts'
import { refusalFor } from './refusal.ts'
import { Stage } from './test/stage.ts'

/**
 * Conversations as golden text. `NAME.in.txt` has what the client (`C>`) and the server (`U<`) say, in order, and
 * `! EVENT` for what else happens; `NAME.out.txt` shows both sides of the gateway. `make golden` rewrites the outputs.
 */
const folder = new URL('testdata/', import.meta.url)
const names = readdirSync(folder).flatMap(file => (file.endsWith('.in.txt') ? [file.replace('.in.txt', '')] : []))

const happenings: Readonly<Record<string, (stage: Stage) => void>> = {
  cancel: stage => stage.tell({ is: 'cancelRequested' }),
  drain: stage =>
    stage.tell({
      is: 'drainStarted',
      refusal: refusalFor({ code: 'Draining', text: 'this gateway is shutting down' }),
    }),
  kill: stage => stage.tell({ is: 'killed', refusal: refusalFor({ code: 'Paused', text: 'this gateway is paused' }) }),
  'client gone': stage => stage.tell({ is: 'clientGone' }),
  'policy changed': stage => stage.tell({ is: 'changed', epoch: { policy: 2, catalog: 1 } }),
}

it.each(names)('%s', async name => {
  const stage = new Stage()
  for (const line of readFileSync(new URL(`${name}.in.txt`, folder), 'utf8').split('\n')) play(stage, line)
  await expect(stage.transcript.text).toMatchFileSnapshot(`testdata/${name}.out.txt`)
})

function play(stage: Stage, line: string): void {
  const [, waited] = /^! after (\d+) s$/.exec(line) ?? []
  if (waited !== undefined) {
    stage.transcript.note(line)
    stage.now += Number(waited) * 1_000
    return stage.tell({ is: 'ticked', now: stage.now })
  }
  if (line.startsWith('! ')) {
    stage.transcript.note(line)
    return happenings[line.slice(2)]?.(stage)
  }
  for (const { direction, bytes } of parseConversation(line)) {
    if (direction === 'C>') stage.fromClient(bytes)
    else stage.fromServer(bytes)
  }
}

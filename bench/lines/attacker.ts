/** A process of its own: `attacker.ts ATTACK PEER` sends as fast as it is read, and connects again when it is thrown out. */
import { setPriority } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { Client } from '../client.ts'
import { type Attack, attacks } from './attacks.ts'

const [attack = '', peer = ''] = process.argv.slice(2)
const make = attacks[attack as Attack]
let sent = 0

// An attacker has a machine of its own: what it costs to be one is not to be measured.
setPriority(19)
const prepared = Array.from({ length: 500 }, (_, n) => make(n))

for (;;) await flood(await Client.connect(JSON.parse(peer)))

async function flood({ socket }: Client): Promise<void> {
  const gone = new Promise<void>(resolve => socket.once('close', () => resolve()))
  while (!socket.closed) {
    const isRoomy = socket.write(prepared[++sent % prepared.length] ?? '')
    if (sent === 3) process.send?.('started')
    await (isRoomy ? turn() : Promise.race([gone, new Promise(resolve => socket.once('drain', resolve))]))
  }
}

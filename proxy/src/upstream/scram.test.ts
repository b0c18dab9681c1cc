import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { settings } from '../settings.ts'
import { prepared } from './saslprep.ts'
import { type Channel, checkServerFinal, clientFinal, clientFirst } from './scram.ts'
import { ScramKeys } from './scram-keys.ts'

const salt = Buffer.from('salt of sixteen!')
const both = ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256']
const endPoint = createHash('sha256').update('certificate').digest()
const begun = clientFirst(['SCRAM-SHA-256'], { encrypted: false }, 'ours')

/** The server's half, written from RFC 5802 alone. */
function serverOf(password: string, serverFirst: string, clientFirstBare: string, final: string) {
  const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/.exec(final) ?? []
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256')
  const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const authMessage = `${clientFirstBare},${serverFirst},${withoutProof}`
  const storedKey = createHash('sha256').update(mac(salted, 'Client Key')).digest()
  const clientSignature = mac(storedKey, authMessage)
  const clientKey = Buffer.from(proof, 'base64').map((byte, at) => byte ^ (clientSignature[at] ?? 0))
  const accepted = createHash('sha256').update(clientKey).digest().equals(storedKey)
  return { accepted, signature: mac(mac(salted, 'Server Key'), authMessage).toString('base64') }
}

const serverFirst = `r=oursTheirs,s=${salt.toString('base64')},i=4096`

describe('what a server says wrongly ends the login', () => {
  const hostile: [string, string][] = [
    ['a nonce that is not ours', `r=other,s=c2FsdA==,i=4096`],
    ['our nonce without theirs', `r=ours,s=c2FsdA==,i=4096`],
    ['more rounds than we do', `r=oursT,s=c2FsdA==,i=${settings.maxScramIterations + 1}`],
    ['rounds beyond any number', `r=oursT,s=c2FsdA==,i=99999999999999999999`],
    ['no rounds', `r=oursT,s=c2FsdA==,i=0`],
    ['negative rounds', `r=oursT,s=c2FsdA==,i=-1`],
    ['no salt', `r=oursT,s=,i=4096`],
    ['salt that is not base64', `r=oursT,s=????,i=4096`],
    ['a mandatory extension', `m=x,r=oursT,s=c2FsdA==,i=4096`],
    ['an empty message', ``],
  ]
  test.each(hostile)('%s', async (_name, message) => {
    await expect(clientFinal(begun, message, 'secret', new ScramKeys())).rejects.toMatchObject({
      reason: 'authentication',
    })
  })

  test.each(['v=AAAA', 'v=', '', 'e=invalid-proof', 'v=!!!!'])('server-final %s', async message => {
    const final = await clientFinal(begun, serverFirst, 'secret', new ScramKeys())
    expect(() => checkServerFinal(final, message)).toThrow(/server/)
  })

  test('no mechanism that we speak', () => {
    expect(() =>
      clientFirst(['SCRAM-SHA-512', 'OAUTHBEARER'], { encrypted: true, serverEndPoint: endPoint }, 'n'),
    ).toThrow('no SASL mechanism')
    // PLUS without TLS binds nothing.
    expect(() => clientFirst(['SCRAM-SHA-256-PLUS'], { encrypted: false }, 'n')).toThrow('no SASL mechanism')
  })
})

describe('mechanism and flag', () => {
  const cases: [string, readonly string[], Channel, string, string][] = [
    ['plain: n', both, { encrypted: false }, 'SCRAM-SHA-256', 'n,,n=,r=n'],
    [
      'TLS, PLUS offered: p',
      both,
      { encrypted: true, serverEndPoint: endPoint },
      'SCRAM-SHA-256-PLUS',
      'p=tls-server-end-point,,n=,r=n',
    ],
    [
      'TLS, PLUS not offered: y',
      ['SCRAM-SHA-256'],
      { encrypted: true, serverEndPoint: endPoint },
      'SCRAM-SHA-256',
      'y,,n=,r=n',
    ],
    ['TLS, certificate without a hash: n', both, { encrypted: true }, 'SCRAM-SHA-256', 'n,,n=,r=n'],
  ]
  test.each(cases)('%s', (_name, offered, channel, mechanism, message) => {
    expect(clientFirst(offered, channel, 'n')).toMatchObject({ mechanism, message })
  })

  test('the binding carries the hash of the certificate', () => {
    const { binding } = clientFirst(both, { encrypted: true, serverEndPoint: endPoint }, 'n')
    expect(Buffer.from(binding, 'base64')).toEqual(Buffer.concat([Buffer.from('p=tls-server-end-point,,'), endPoint]))
  })
})

test('a server written from the RFC accepts the proof, and its signature is accepted', async () => {
  const final = await clientFinal(begun, serverFirst, 'secret', new ScramKeys())
  const server = serverOf('secret', serverFirst, 'n=,r=ours', final.message)
  expect(server.accepted).toBe(true)
  expect(() => checkServerFinal(final, `v=${server.signature}`)).not.toThrow()
  expect(serverOf('other', serverFirst, 'n=,r=ours', final.message).accepted).toBe(false)
})

describe('keys', () => {
  test('are derived once, and apart for each password, salt and count', async () => {
    const keys = new ScramKeys()
    const [one, two] = await Promise.all([keys.get('secret', salt, 1), keys.get('secret', salt, 1)])
    expect(one).toBe(two)
    expect(await keys.get('secret', salt, 2)).not.toEqual(one)
    expect(await keys.get('other', salt, 1)).not.toEqual(one)
    expect(await keys.get('secret', Buffer.from('x'), 1)).not.toEqual(one)
    expect(keys.size).toBe(4)
  })

  test('are bounded, the least recently used leaves first', async () => {
    const keys = new ScramKeys(2)
    const first = await keys.get('a', salt, 1)
    await keys.get('b', salt, 1)
    await keys.get('a', salt, 1)
    await keys.get('c', salt, 1)
    expect(keys.size).toBe(2)
    expect(await keys.get('a', salt, 1)).toBe(first)
  })
})

describe('SASLprep', () => {
  const cases: [string, string, string][] = [
    ['ASCII as it is, control characters too', 'a b\u0007', 'a b\u0007'],
    ['soft hyphen goes', 'I\u00adX\u00e9', 'IX\u00e9'],
    ['other spaces become a space', 'a\u00a0\u00e9', 'a \u00e9'],
    ['NFKC', '\u2168\u00aa', 'IXa'],
    ['a prohibited character leaves the password as it is', '\u2168\u0007', '\u2168\u0007'],
    ['mixed directions leave it as it is', '\u06271\u2168', '\u06271\u2168'],
    ['right to left at both ends', '\u06271\u0628', '\u06271\u0628'],
    ['only what maps to nothing stays', '\u00ad', '\u00ad'],
  ]
  test.each(cases)('%s', (_name, password, expected) => {
    expect(prepared(password)).toBe(expected)
  })
})

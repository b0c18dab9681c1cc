import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenInvalid } from './refusals.ts'
import { oauthBearer, readInitialResponse } from './sasl.ts'

const discovery = { openidConfiguration: 'https://idp/.well-known/openid-configuration', scope: 'openid' }
const message = (text: string) => Buffer.from(text, 'latin1')
const dummy = message('\x01')
const reason = tokenInvalid('signature', 'no')

describe('what is no initial response', () => {
  const cases: [string, string][] = [
    ['nothing', ''],
    ['the dummy', '\x01'],
    ['no header', 'auth=Bearer t\x01\x01'],
    ['channel binding', 'p=tls-server-end-point,,\x01auth=Bearer t\x01\x01'],
    ['an unknown flag', 'x,,\x01auth=Bearer t\x01\x01'],
    ['an authorization identity', 'n,a=root,\x01auth=Bearer t\x01\x01'],
    ['no end', 'n,,\x01auth=Bearer t\x01'],
    ['something behind the end', 'n,,\x01auth=Bearer t\x01\x01x'],
    ['no auth', 'n,,\x01host=db\x01\x01'],
    ['no keys', 'n,,\x01\x01'],
    ['two auths', 'n,,\x01auth=Bearer t\x01auth=Bearer u\x01\x01'],
    ['an empty auth and another', 'n,,\x01auth=\x01auth=Bearer u\x01\x01'],
    ['another scheme', 'n,,\x01auth=Basic dDp0\x01\x01'],
    ['a scheme without a token', 'n,,\x01auth=Bearer\x01\x01'],
    ['a token with a space', 'n,,\x01auth=Bearer a b\x01\x01'],
    ['NUL', 'n,,\x01auth=Bearer a\0\x01\x01'],
    ['a key with a digit', 'n,,\x01k1=x\x01auth=Bearer t\x01\x01'],
    ['a key without a value', 'n,,\x01host\x01auth=Bearer t\x01\x01'],
  ]
  test.each(cases)('%s', (_name, text) => {
    const step = oauthBearer(discovery).receive(message(text))
    expect(step).toMatchObject({ do: 'fail', violation: true, reason: { code: 'TokenInvalid' } })
  })

  test('whatever bytes come, none raises anything', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.uint8Array({ maxLength: 60 }), { nil: undefined })), chunks => {
        const exchange = oauthBearer(discovery)
        for (const chunk of chunks) exchange.receive(chunk && Buffer.from(chunk))
      }),
    )
  })
})

describe('what is one', () => {
  const cases: [string, string, string][] = [
    ['plain', 'n,,\x01auth=Bearer abc.DEF-_~+/1==\x01\x01', 'abc.DEF-_~+/1=='],
    ['y', 'y,,\x01auth=Bearer t\x01\x01', 't'],
    ['the scheme in any case', 'n,,\x01auth=bEARER t\x01\x01', 't'],
    ['unknown keys', 'n,,\x01host=db\x01port=5432\x01auth=Bearer t\x01x=\x01\x01', 't'],
    ['discovery', 'n,,\x01auth=\x01\x01', ''],
  ]
  test.each(cases)('%s', (_name, text, token) => {
    expect(readInitialResponse(message(text))).toEqual({ token })
  })
})

describe('conversations', () => {
  const challenge = JSON.stringify({
    status: 'invalid_token',
    'openid-configuration': discovery.openidConfiguration,
    scope: 'openid',
  })

  test('a refused token: challenge, dummy, failure', () => {
    const exchange = oauthBearer(discovery)
    expect(exchange.receive(message('n,,\x01auth=Bearer t\x01\x01'))).toEqual({ do: 'verify', token: 't' })
    expect(exchange.refused(reason)).toEqual({ do: 'challenge', bytes: Buffer.from(challenge) })
    expect(exchange.receive(dummy)).toEqual({ do: 'fail', reason })
    expect(exchange.receive(dummy)).toMatchObject({ do: 'fail', violation: true })
  })

  test('discovery: the same challenge, and TokenMissing at its end', () => {
    const exchange = oauthBearer(discovery)
    expect(exchange.receive(message('n,,\x01auth=\x01\x01'))).toEqual({
      do: 'challenge',
      bytes: Buffer.from(challenge),
    })
    expect(exchange.receive(dummy)).toMatchObject({ do: 'fail', reason: { code: 'TokenMissing' } })
  })

  test('no initial response: an empty challenge, once', () => {
    const exchange = oauthBearer(discovery)
    expect(exchange.receive(undefined)).toEqual({ do: 'challenge', bytes: Buffer.alloc(0) })
    expect(exchange.receive(message('n,,\x01auth=Bearer t\x01\x01'))).toEqual({ do: 'verify', token: 't' })
    expect(oauthBearer(discovery).receive(undefined)).toMatchObject({ do: 'challenge' })
    expect(exchange.receive(undefined)).toMatchObject({ do: 'fail', violation: true })
  })

  test('a second token in answer to the challenge is a violation', () => {
    const exchange = oauthBearer(discovery)
    exchange.receive(message('n,,\x01auth=Bearer t\x01\x01'))
    exchange.refused(reason)
    expect(exchange.receive(message('n,,\x01auth=Bearer u\x01\x01'))).toMatchObject({ do: 'fail', violation: true })
  })

  test('bytes while a token is being verified are a violation', () => {
    const exchange = oauthBearer(undefined)
    exchange.receive(message('n,,\x01auth=Bearer t\x01\x01'))
    expect(exchange.receive(dummy)).toMatchObject({ do: 'fail', violation: true })
  })
})

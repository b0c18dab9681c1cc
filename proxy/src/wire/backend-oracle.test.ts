import { Parser } from 'pg-protocol/dist/parser.js'
import { describe, expect, it } from 'vitest'
import * as wire from './backend.ts'

describe('node-postgres reads what we write', () => {
  const field = {
    name: 'id',
    tableOid: 16384,
    attributeNumber: 1,
    typeOid: 23,
    typeSize: 4,
    typeModifier: -1,
    format: 0,
  }
  const cases: readonly [name: string, ours: Buffer, theirs: object][] = [
    ['AuthenticationOk', wire.encodeAuthentication({ is: 'AuthenticationOk' }), { name: 'authenticationOk' }],
    [
      'AuthenticationCleartextPassword',
      wire.encodeAuthentication({ is: 'AuthenticationCleartextPassword' }),
      { name: 'authenticationCleartextPassword' },
    ],
    [
      'AuthenticationMD5Password',
      wire.encodeAuthentication({ is: 'AuthenticationMD5Password', salt: Buffer.from('salt') }),
      { salt: Buffer.from('salt') },
    ],
    [
      'AuthenticationSASL',
      wire.encodeAuthentication({ is: 'AuthenticationSASL', mechanisms: ['OAUTHBEARER'] }),
      { mechanisms: ['OAUTHBEARER'] },
    ],
    [
      'AuthenticationSASLContinue',
      wire.encodeAuthentication({ is: 'AuthenticationSASLContinue', data: Buffer.from('{}') }),
      { name: 'authenticationSASLContinue', data: '{}' },
    ],
    [
      'ParameterStatus',
      wire.encodeParameterStatus('TimeZone', 'UTC'),
      { parameterName: 'TimeZone', parameterValue: 'UTC' },
    ],
    ['BackendKeyData', wire.encodeBackendKeyData(7, Buffer.from([0, 0, 0, 9])), { processID: 7, secretKey: 9 }],
    ['ReadyForQuery', wire.encodeReadyForQuery('T'), { name: 'readyForQuery', status: 'T' }],
    ['CommandComplete', wire.encodeCommandComplete('SELECT 1'), { name: 'commandComplete', text: 'SELECT 1' }],
    [
      'RowDescription',
      wire.encodeRowDescription([field]),
      {
        fields: [
          {
            name: 'id',
            tableID: 16384,
            columnID: 1,
            dataTypeID: 23,
            dataTypeSize: 4,
            dataTypeModifier: -1,
            format: 'text',
          },
        ],
      },
    ],
    ['DataRow', wire.encodeDataRow(['1', null, 'é']), { name: 'dataRow', fields: ['1', null, 'é'] }],
    ['ParameterDescription', wire.encodeParameterDescription([23, 25]), { dataTypeIDs: [23, 25] }],
    [
      'NotificationResponse',
      wire.encodeNotificationResponse(3, 'jobs', 'go'),
      { processId: 3, channel: 'jobs', payload: 'go' },
    ],
    [
      'CopyInResponse',
      wire.encodeCopyResponse({ is: 'CopyInResponse', format: 1, columnFormats: [1, 1] }),
      { name: 'copyInResponse', binary: true, columnTypes: [1, 1] },
    ],
    [
      'CopyOutResponse',
      wire.encodeCopyResponse({ is: 'CopyOutResponse', format: 0, columnFormats: [0] }),
      { name: 'copyOutResponse', binary: false },
    ],
    ['ParseComplete', wire.encodeParseComplete(), { name: 'parseComplete' }],
    ['BindComplete', wire.encodeBindComplete(), { name: 'bindComplete' }],
    ['CloseComplete', wire.encodeCloseComplete(), { name: 'closeComplete' }],
    ['NoData', wire.encodeNoData(), { name: 'noData' }],
    ['PortalSuspended', wire.encodePortalSuspended(), { name: 'portalSuspended' }],
    ['EmptyQueryResponse', wire.encodeEmptyQueryResponse(), { name: 'emptyQuery' }],
    [
      'ErrorResponse',
      wire.encodeErrorResponse({
        severity: 'ERROR',
        sqlState: '42501',
        message: 'no',
        detail: 'code=X',
        hint: 'ask',
        position: 8,
        table: 't',
      }),
      {
        name: 'error',
        severity: 'ERROR',
        code: '42501',
        message: 'no',
        detail: 'code=X',
        hint: 'ask',
        position: '8',
        table: 't',
      },
    ],
    [
      'NoticeResponse',
      wire.encodeNoticeResponse({ severity: 'NOTICE', sqlState: '00000', message: 'held' }),
      { name: 'notice', severity: 'NOTICE', message: 'held' },
    ],
  ]
  it.each(cases)('%s', (_name, ours, theirs) => {
    const read: unknown[] = []
    new Parser().parse(ours, (parsed: unknown) => read.push(parsed))
    expect(read).toEqual([expect.objectContaining(theirs)])
  })
})

import { expect, test } from 'vitest'
import { reasonCodes } from './reason-codes.ts'
import { errorFields } from './refusal.ts'

test('a name cannot forge another pair of DETAIL', () => {
  const { detail } = errorFields({
    code: 'NotGranted',
    text: '',
    about: { relation: 'public.a policy=x/y', other: 'a"b', line: 'a\nb' },
  })
  expect(detail).toBe('code=NotGranted relation="public.a policy=x/y" other="a\\"b" line="a\\nb"')
})

test('the fields of an error', () => {
  expect(
    errorFields({ code: 'WriteNotAllowed', text: 'rule "reads" only reads', policy: 'data/agents', rule: 'reads' }),
  ).toEqual({
    severity: 'ERROR',
    sqlState: '42501',
    message: 'rule "reads" only reads',
    detail: 'code=WriteNotAllowed policy=data/agents rule=reads',
    hint: 'Only reading is allowed here.',
  })
})

test.each(Object.entries(reasonCodes))('%s has a SQLSTATE, and words that end', (_code, entry) => {
  expect(entry.sqlState).toMatch(/^[0-9A-Z]{5}$/)
  expect(entry.doc).toMatch(/\.$/)
  if ('hint' in entry) expect(entry.hint).toMatch(/\.$/)
})

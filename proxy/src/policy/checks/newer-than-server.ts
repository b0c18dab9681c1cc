import type { Check } from '../question.ts'

/** Grammar that the server does not have: it would fail there, or mean something else. */
export const newerThanServer: Check = ({ resolved, server }) => {
  const found = resolved.facts.newer.find(({ since }) => since > server)
  if (found === undefined) return undefined
  const text = `${found.what} needs PostgreSQL ${found.since}; the server behind this gateway is ${server}`
  return { code: 'NotSupportedByServer', text, location: found.span.start }
}

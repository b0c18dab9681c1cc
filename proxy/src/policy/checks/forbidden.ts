import type { ForbiddenCode } from '../../sql/statement.ts'
import type { Check } from '../question.ts'

/** What the tree alone shows to be out of the question, whatever a policy says. */
export const forbidden: Check = ({ resolved }) => {
  const [first] = resolved.facts.forbidden
  if (first === undefined) return undefined
  return { code: first.code, text: texts[first.code](first.what), location: first.span.start }
}

const texts: Readonly<Record<ForbiddenCode, (what: string) => string>> = {
  NotUnderstood: what => `the gateway does not understand ${what}, so it refuses the statement`,
  SetRole: what => `${what} is refused always: the role of a session is its policy's`,
  ServerFile: what => `${what} is refused always: files of the database server stay there`,
  ServerProgram: what => `${what} is refused always: programs do not run on the database server`,
  DynamicSetting: what => `${what} needs the name of the setting as a literal`,
}

/** Prints the diagram of a session's states into ARCHITECTURE.md, between its markers. Part of `make generate`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagram, states } from '../proxy/src/session/states.ts'

export const page = join(import.meta.dirname, '../ARCHITECTURE.md')
const [begin, end] = ['<!-- states: printed by tools/architecture.ts -->', '<!-- end of states -->']

/** `text` with the diagram as it is now. */
export function withDiagram(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error('ARCHITECTURE.md has lost its markers')
  const meanings = Object.entries(states).map(([state, meaning]) => `| \`${state}\` | ${meaning} |`)
  const drawn = ['```mermaid', diagram(), '```', '', '| state | what holds in it |', '| --- | --- |', ...meanings]
  return `${text.slice(0, from + begin.length)}\n${drawn.join('\n')}\n${text.slice(to)}`
}

if (import.meta.main) writeFileSync(page, withDiagram(readFileSync(page, 'utf8')))

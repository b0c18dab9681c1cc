/**
 * What a startup packet asks to be set: its own parameters, and `options` as PostgreSQL splits it (pg_split_opts:
 * white space separates, a backslash takes the next character as it is). Only settings pass; any other switch of the
 * server's command line is refused.
 */
import { PeerProtocolError } from '../errors.ts'

export interface StartupSetting {
  /** Lower case, `-` turned into `_` as the server does. */
  readonly name: string
  readonly value: string
}

/** `-c name=value`, `-cname=value`, `--name=value`. Raises PeerProtocolError (42601) for anything else. */
export function parseStartupOptions(options: string): readonly StartupSetting[] {
  const words = splitOptions(options)
  const found: StartupSetting[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-c') at += 1
    const assignment =
      word === '-c'
        ? words[at]
        : word.startsWith('-c')
          ? word.slice(2)
          : word.startsWith('--')
            ? word.slice(2)
            : undefined
    found.push(parseAssignment(assignment, word))
  }
  return found
}

function parseAssignment(assignment: string | undefined, word: string): StartupSetting {
  const equals = assignment?.indexOf('=') ?? -1
  if (assignment === undefined || equals <= 0)
    throw new PeerProtocolError(`invalid command-line argument for server process: ${word}`, '42601')
  return { name: assignment.slice(0, equals).replaceAll('-', '_').toLowerCase(), value: assignment.slice(equals + 1) }
}

function splitOptions(options: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < options.length; at++) {
    const character = options[at] ?? ''
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === '\\') {
      at += 1
      word = (word ?? '') + (options[at] ?? '')
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return words
}

/** The other way: one `-c name=value`, safe against whatever the value holds. */
export function startupOption(name: string, value: string): string {
  return `-c ${name}=${value.replace(/[\s\\]/g, match => `\\${match}`)}`
}

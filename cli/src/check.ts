/** `sallyport check PATH…`: validates manifests as the loader does, with the line of each mistake. */

import type { Loaded } from '@sallyport/proxy/config/load.ts'
import type { FileProblem } from '@sallyport/proxy/config/snapshot.ts'
import type { Command } from 'commander'

interface CheckOptions {
  readonly print?: (line: string) => void
}

/** Exit code 0: all well (warnings are printed and do not count); 1: mistakes; 2: a path that can't be read. */
export async function check(paths: readonly string[], options: CheckOptions = {}): Promise<0 | 1 | 2> {
  const print = options.print ?? console.log
  const loaded = await load(paths)
  if (typeof loaded === 'string') {
    print(loaded)
    return 2
  }
  const { problems } = loaded.snapshot
  for (const problem of problems) print(sentence(problem))
  const mistakes = problems.filter(each => each.severity === 'Error').length
  const counted = `${count(loaded.files, 'file')}, ${count(loaded.documents, 'document')}`
  print(`${counted}: ${mistakes === 0 ? 'ok' : count(mistakes, 'mistake')}`)
  return mistakes === 0 ? 0 : 1
}

export function checkCommand(program: Command): void {
  program
    .command('check')
    .description('validate manifests, with the line of each mistake')
    .argument('<path...>', 'files, or folders of .yaml, .yml and .json files')
    .action(async (paths: readonly string[]) => {
      process.exitCode = await check(paths)
    })
}

async function load(paths: readonly string[]): Promise<Loaded | string> {
  try {
    const { loadManifests } = await import('@sallyport/proxy/config/load.ts')
    return await loadManifests(paths)
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read'
  }
}

function sentence({ file, line, path, message, severity }: FileProblem): string {
  const place = line === undefined ? file : `${file}:${line}`
  const field = path === undefined ? '' : `${path}: `
  return `${place}: ${field}${severity === 'Warning' ? 'warning: ' : ''}${message}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** The program as the image has it: one file (`make bundle`), and Node with the image's flags. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../tools/bundle.ts'

/**
 * `--liftoff-only`: the parser's WebAssembly stays with the first compiler. The second makes a parse a third faster and
 * takes 25 to 60 MiB for good. `--max-semi-space-size` (MiB): a gateway's young objects are few.
 */
const flags = ['--liftoff-only', '--max-semi-space-size=4']

/** Makes it in `directory`; the path of an executable. */
export async function makeProgram(directory: string): Promise<string> {
  await bundle(directory)
  const program = join(directory, 'sallyport')
  const command = [process.execPath, ...flags, join(directory, 'sallyport.mjs')].map(part => `'${part}'`).join(' ')
  await writeFile(program, `#!/bin/sh\nexec ${command} "$@"\n`)
  await chmod(program, 0o755)
  return program
}

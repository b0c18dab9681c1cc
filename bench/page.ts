/** Puts the measured table into docs/performance.md, between its two marks; the words around it are written by hand. */
import { readFile, writeFile } from 'node:fs/promises'
import { type Report, table } from './report.ts'

const page = new URL('../docs/performance.md', import.meta.url)
const [begin, end] = ['<!-- figures: written by `make bench` -->', '<!-- end of figures -->']

export async function writePage(report: Report): Promise<void> {
  const text = await readFile(page, 'utf8')
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before === -1 || after < before)
    throw new Error(`docs/performance.md has no place for figures: ${begin} … ${end}`)
  await writeFile(page, text.slice(0, before + begin.length) + measured(report) + text.slice(after))
}

function measured({ date, revision, machine, versions, load, seconds, figures }: Report): string {
  const programs = Object.entries(versions).map(each => each.join(' '))
  return [
    '',
    `Measured ${date} at ${revision}, in ${seconds.toFixed(0)} s, on ${machine}; ${programs.join(', ')}. Load of the machine before: ${load}.`,
    '',
    table(figures),
    '',
  ].join('\n')
}

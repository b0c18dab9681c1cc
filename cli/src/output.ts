/** How commands print resources: `-o table|json|yaml`. JSON and YAML are `{"items": […]}`, for programs. */

import { stringify } from 'yaml'
import { UsageError } from './usage.ts'

export type Format = 'table' | 'json' | 'yaml'
export type Print = (line: string) => void

const formats: readonly Format[] = ['table', 'json', 'yaml']
export const formatFlag = ['-o, --output <format>', 'table, json or yaml', 'table'] as const

export function formatOf(text: string): Format {
  const format = formats.find(each => each === text)
  if (format === undefined) throw new UsageError(`-o ${text}: one of ${formats.join(', ')}`)
  return format
}

/** Everything but `table`, which each command draws itself. */
export function printItems(items: readonly unknown[], format: 'json' | 'yaml', print: Print): void {
  const text = format === 'json' ? JSON.stringify({ items }, undefined, 2) : stringify({ items }, { lineWidth: 0 })
  print(text.trimEnd())
}

/** Columns as wide as their widest cell; the last one is left as it is. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map(row => [...(row[column] ?? '')].length)))
  return all.map(row =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column === row.length - 1))
      .join('  ')
      .trimEnd(),
  )
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function pad(cell: string, width: number, isLast: boolean): string {
  return isLast ? cell : cell + ' '.repeat(Math.max(0, width - [...cell].length))
}

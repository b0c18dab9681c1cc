/** Figures as a table for people, as JSON for programs, and as the page docs/performance.md. */
import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { digits, type Figure, isMet } from './figure.ts'
import { pgbouncerVersion } from './pgbouncer.ts'

export interface Report {
  readonly date: string
  readonly revision: string
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly load: string
  readonly seconds: number
  readonly figures: readonly Figure[]
}

export function makeReport(figures: readonly Figure[], postgres: string, load: string, seconds: number): Report {
  const processors = cpus()
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  return {
    date: new Date().toISOString().slice(0, 10),
    revision: revision(),
    machine: `${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${memory}, Linux ${release()}`,
    versions: { Node: process.version, PostgreSQL: postgres, PgBouncer: pgbouncerVersion() ?? 'not installed' },
    load,
    seconds,
    figures,
  }
}

/** Lines of the same width, for a terminal; Markdown too. */
export function table(figures: readonly Figure[]): string {
  const head = ['line', '', 'reach', 'figure', '', 'from']
  const rows = figures.map(figure => [
    figure.line,
    figure.name,
    reach(figure),
    amount(figure),
    verdict(figure),
    figure.note,
  ])
  const shown = rows.map((row, index) => (row[0] === rows[index - 1]?.[0] ? ['', ...row.slice(1)] : row))
  const widths = head.map((title, column) => Math.max(title.length, ...shown.map(row => row[column]?.length ?? 0)))
  const print = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [print(head), print(widths.map(width => '-'.repeat(width))), ...shown.map(print)].join('\n')
}

function verdict(figure: Figure): string {
  const met = isMet(figure)
  return met === undefined ? '' : met ? 'met' : 'MISSED'
}

function reach({ target, unit }: Figure): string {
  return target === undefined ? '' : `${target.is} ${target.value} ${unit}`
}

function amount({ value, unit }: Figure): string {
  return `${digits(value)} ${unit}`.trim()
}

function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

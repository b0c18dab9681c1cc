/** An explanation as lines for people. */
import type { Explained, Explanation } from './explain.ts'

export function drawExplanation(explanation: Explanation): readonly string[] {
  const { subject, gateway, database, role, policies, refusal, statements, rewritten } = explanation
  const groups = subject.groups.length === 0 ? '' : ` (${subject.groups.join(', ')})`
  return [
    `subject    ${subject.username}${groups}`,
    `gateway    ${gateway}, database ${database}${role === undefined ? '' : `, as role ${role}`}`,
    `policies   ${policies.join(', ') || 'none'}`,
    ...(refusal === undefined ? [] : ['', `Deny       ${refusal.code}: ${refusal.text}`, ...hinted(refusal.hint)]),
    ...statements.flatMap(each => ['', ...drawStatement(each)]),
    ...(rewritten === undefined ? [] : ['', `rewritten  ${rewritten}`]),
  ]
}

function drawStatement({
  statement,
  kind,
  verdict,
  reason,
  relations,
  functions,
  settings,
  kinds,
  audited,
}: Explained): readonly string[] {
  const facts = [
    ...relations.map(each => [
      each.access,
      each.what,
      columnsOf(each.columns, each.behind),
      each.verdict,
      each.because,
    ]),
    ...functions.map(each => ['call', each.what, '', each.verdict, each.because]),
    ...settings.map(each => ['setting', each.what, '', each.verdict, each.because]),
    ...kinds.map(each => ['kind', each.what, '', each.verdict, each.because]),
  ]
  return [
    statement,
    `  ${kind}`,
    ...aligned(facts).map(line => `  ${line}`),
    `${verdict.padEnd(10)} ${reason === undefined ? 'everything it touches is allowed' : reason.text}`,
    ...(reason === undefined ? [] : [`           ${reason.detail}`, ...hinted(reason.hint)]),
    ...audited.map(
      each =>
        `audit      ${each.policy} would say ${each.verdict}${each.reason === undefined ? '' : `: ${each.reason.text}`}`,
    ),
  ]
}

function hinted(hint: string | undefined): readonly string[] {
  return hint === undefined ? [] : [`           hint: ${hint}`]
}

function columnsOf(columns: readonly string[] | 'All', behind: boolean): string {
  if (behind) return '(behind)'
  if (columns.length === 0) return ''
  return columns === 'All' ? '(*)' : `(${columns.join(', ')})`
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1, 2, 3].map(column => Math.max(0, ...rows.map(row => Math.min(48, row[column]?.length ?? 0))))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

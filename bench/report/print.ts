import { type Budget, type Findings, isMet } from './findings.ts'

/** As it is shown on a terminal, and pasted into documents. */
export function printed({ part, engine, tables, budgets, notes }: Findings): string {
  return [
    `## ${part} (${engine})`,
    ...tables.map(({ columns, rows }) => grid([columns, ...rows])),
    ...(budgets.length > 0 ? [grid([budgetColumns, ...budgets.map(budgetRow)])] : []),
    notes.map(note => `- ${note}`).join('\n'),
    '',
  ].join('\n\n')
}

export function rounded(value: number): number {
  if (!Number.isFinite(value)) return value
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}

const budgetColumns = ['budget', 'here', 'must reach', 'met', 'stretch']

function budgetRow(budget: Budget): string[] {
  const { what, here, must, stretch, unit } = budget
  const figure = (value: number | undefined) => (value === undefined ? '' : `${rounded(value)} ${unit}`)
  const met = { true: 'yes', false: 'NO', undefined: '' }[String(isMet(budget))]!
  return [what, figure(here), figure(must), met, figure(stretch)]
}

function grid(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map(row => row.map(String))
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map(row => row[column]!.length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n')
}

import stringWidth from 'fast-string-width'
import { clean } from './clean.ts'
import type { Part } from './paint.ts'

export interface Cell {
  text: string
  paint?: (text: string) => Part
}

export interface TableOptions {
  /** Of the terminal, in columns. */
  width: number
  /** The column that gives way where a row would not fit. */
  elastic: number
}

const gap = 2
const elasticMin = 8

/** Rows of parts that stand below each other: widths are those that a terminal shows, wide letters and emoji included. */
export function tableOf(rows: readonly (readonly Cell[])[], { width, elastic }: TableOptions): Part[][] {
  const texts = rows.map(row => row.map(cell => clean(cell.text)))
  const columns = texts[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, column) =>
    texts.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  )
  const excess = widths.reduce((sum, one) => sum + one, gap * (columns - 1)) - width
  if (excess > 0 && widths[elastic] !== undefined)
    widths[elastic] = Math.max(Math.min(widths[elastic], elasticMin), widths[elastic] - excess)
  return rows.map((row, index) =>
    row.flatMap((cell, column): Part[] => {
      const text = cut(texts[index]![column]!, widths[column]!)
      const isLast = column === columns - 1
      const rest = isLast ? '' : ' '.repeat(widths[column]! - stringWidth(text) + gap)
      return [cell.paint ? cell.paint(text) : text, rest]
    }),
  )
}

/** The beginning of a text that fits into so many columns. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  let room = width - 1
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    room -= stringWidth(segment)
    if (room < 0) break
    kept += segment
  }
  return `${kept}…`
}

/** What a part found. */
export interface Findings {
  part: string
  engine: Engine
  tables: Table[]
  budgets: Budget[]
  /** What a reader must know to believe it. */
  notes: string[]
}

export type Engine = 'sqlite' | 'postgres'

export interface Table {
  /** The first says what the table is about. */
  columns: string[]
  rows: (string | number)[][]
}

/** A figure of design.md 7 beside what was measured. */
export interface Budget {
  what: string
  here: number
  /** Behind the figures. */
  unit: '×' | '%' | 'MB' | 'KB' | 'ms' | 's' | 'messages'
  /** Absent where only the stretch is a figure of this kind. */
  must?: number
  stretch?: number
  /** Default: more is better. */
  lessIsBetter?: true
}

/** `undefined` where there is nothing that must be reached. */
export function isMet({ here, must, lessIsBetter }: Budget): boolean | undefined {
  if (must === undefined) return undefined
  return lessIsBetter ? here <= must : here >= must
}

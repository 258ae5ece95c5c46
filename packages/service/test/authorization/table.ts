import type { Situation } from './situations.ts'

/** What one method is expected to answer in one situation, in a word of words.ts. */
export interface Row {
  method: string
  cells: readonly string[]
}

/** Reads a table of matrix.ts, whose columns have to be these situations. */
export function readTable(text: string, situations: readonly Situation[]): Row[] {
  const [header, ...rows] = text
    .trim()
    .split('\n')
    .map(line => line.split(/ +/))
  const columns = ['method', ...situations.map(({ name }) => name)]
  if (header?.join() !== columns.join()) throw new Error(`columns must be ${columns}, are ${header}`)
  return rows.map(([method = '', ...cells]) => {
    if (cells.length !== situations.length) throw new Error(`${method} must have ${situations.length} cells`)
    return { method, cells }
  })
}

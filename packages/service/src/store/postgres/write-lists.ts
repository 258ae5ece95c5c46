import type { Candidate } from '../scope.ts'

/** What several works of a batch changed is written once. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => string | number): Row[] {
  return rows.length < 2 ? [...rows] : [...new Map(rows.map(row => [keyOf(row), row])).values()]
}

export function sideKey({ convoId, did }: Candidate): string {
  return `${convoId} ${did}`
}
